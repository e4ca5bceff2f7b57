package main

import (
	"fmt"
	"strings"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/trainer"
)

type inspectCmd struct {
	Model string `arg:"" help:"Model file."`
	JSON  string `name:"json" placeholder:"FILE" help:"Write the description as JSON."`
}

// inspectJSON is the file of inspect --json.
type inspectJSON struct {
	Model      string             `json:"model"`
	Schema     *datasets.Schema   `json:"schema"`
	Scaling    *datasets.Scaling  `json:"scaling,omitempty"`
	Layers     []int              `json:"layers"`
	Activation string             `json:"activation,omitempty"`
	Dropout    float64            `json:"dropout,omitempty"`
	Intercept  bool               `json:"intercept"`
	Parameters int                `json:"parameters"`
	Terms      []string           `json:"terms,omitempty"`
	CoefRows   []string           `json:"coef_rows,omitempty"`
	Coef       [][]metrics.Number `json:"coef,omitempty"`
	Symmetric  *symmetricJSON     `json:"symmetric,omitempty"`
}

// Run is called by kong.
func (c *inspectCmd) Run(p *program) error {
	if err := checkClashes([]role{{"the model", c.Model}}, []role{{"--json", c.JSON}}); err != nil {
		return err
	}
	model, err := loadModel(c.Model)
	if err != nil {
		return err
	}
	j := &inspectJSON{
		Model: model.Kind.String(), Schema: model.Schema, Scaling: model.Scaling, Layers: layers(model),
		Dropout: model.Net.Dropout, Intercept: intercept(model), Parameters: parameters(model),
	}
	var b trainer.Coefficients
	if linear(model) {
		if b, err = model.Coefficients(false); err != nil {
			return err
		}
		j.Terms, j.CoefRows, j.Coef = b.Terms, b.Rows, numbers(b.Values)
		if b.Symmetric != nil {
			j.Symmetric = &symmetricJSON{Coef: numbers(b.Symmetric)}
		}
	} else {
		j.Model, j.Activation = "mlp", model.Net.Layers[0].Activation.Name()
	}
	if c.JSON != "" {
		if err := writeJSON(c.JSON, j); err != nil {
			return err
		}
	}
	return p.print(func(w *page) {
		w.entry("Model", "%s", describeModel(model))
		w.entry("Target", "%s", describeTarget(model))
		printFeatures(w, model)
		if linear(model) {
			w.line("")
			coefficientTable{&b, model, false}.print(w)
		}
		if c.JSON != "" {
			w.line("")
			w.entry("Written", "%s", c.JSON)
		}
	})
}

// describeModel says what kind of model it is and how large. Of a multinomial model
// the logits of one class follow from the convention that they are 0, or that all
// add to 0: its parameters are not free.
func describeModel(c *trainer.Classifier) string {
	text := map[trainer.Kind]string{
		trainer.Binary: "logistic regression", trainer.Multiclass: "multinomial logistic regression",
		trainer.Multilabel: "logistic regression of each label",
	}[c.Kind]
	if !linear(c) {
		text = "multilayer perceptron " + strings.Trim(strings.ReplaceAll(fmt.Sprint(layers(c)), " ", "-"), "[]")
		text += ", " + c.Net.Layers[0].Activation.Name()
		if c.Net.Dropout > 0 {
			text += fmt.Sprintf(", dropout %g", c.Net.Dropout)
		}
	}
	if !intercept(c) {
		text += " without intercept"
	}
	if n := parameters(c); linear(c) && c.Kind == trainer.Multiclass {
		classes := len(c.Outputs())
		return text + ", " + plural(n-n/classes, "free parameter")
	}
	return text + ", " + plural(parameters(c), "parameter")
}

func linear(c *trainer.Classifier) bool { return len(c.Net.Layers) == 1 }

func intercept(c *trainer.Classifier) bool { return !c.Net.Layers[len(c.Net.Layers)-1].Bias.Frozen }

func describeTarget(c *trainer.Classifier) string {
	switch s := c.Schema; {
	case s.Labels != nil:
		return "labels " + enumerate(quoted(c.Outputs()), 20)
	case s.Successes != "":
		return fmt.Sprintf("counts: successes %s, failures %s", s.Successes, s.Failures)
	default:
		return fmt.Sprintf("%s: classes %s; reference %s", s.Target, enumerate(quoted(s.Classes), 20), s.Reference)
	}
}

// printFeatures writes the features that are numbers, with their scaling, and the
// levels of those that are categories.
func printFeatures(w *page, c *trainer.Classifier) {
	const most = 30
	var means, scales, fills []float64
	var numbers []string
	var categories []datasets.Feature
	term := 0
	for _, f := range c.Schema.Features {
		if f.Levels != nil {
			categories = append(categories, f)
			term += len(f.Levels) - 1
			continue
		}
		numbers = append(numbers, f.Name)
		if c.Scaling != nil {
			means, scales = append(means, c.Scaling.Mean[term]), append(scales, c.Scaling.Scale[term])
		}
		if f.Fill != nil {
			fills = append(fills, *f.Fill)
		}
		term++
	}
	if len(numbers) > 0 {
		rows := [][]string{{"Numbers"}}
		for _, name := range numbers {
			rows = append(rows, []string{name})
		}
		for _, column := range []struct {
			name   string
			values []float64
		}{{"mean", means}, {"scale", scales}, {"if missing", fills}} {
			if len(column.values) != len(numbers) {
				continue
			}
			rows[0] = append(rows[0], column.name)
			for i, text := range aligned(column.values) {
				rows[i+1] = append(rows[i+1], text)
			}
		}
		w.line("")
		w.table(rows[:min(len(rows), most+1)])
		if len(numbers) > most {
			w.line("  and %d more (--json has all)", len(numbers)-most)
		}
	}
	if len(categories) == 0 {
		return
	}
	w.line("\n  Categories, each with its reference level first")
	for _, f := range categories[:min(len(categories), most)] {
		w.item("%s: %s", f.Name, enumerate(quoted(f.Levels), 20))
	}
	if len(categories) > most {
		w.line("  and %d more (--json has all)", len(categories)-most)
	}
}
