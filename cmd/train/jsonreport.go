package main

import (
	"fmt"
	"math"
	"os"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/trainer"
)

// fitJSON is the file of fit --json; docs/cli.md explains its fields. What does
// not apply is absent.
type fitJSON struct {
	Model     string         `json:"model"`
	Solver    string         `json:"solver,omitempty"`
	N         metrics.Number `json:"n"`
	Rows      int            `json:"rows"`
	Dropped   int            `json:"dropped,omitempty"`
	Filled    int            `json:"filled,omitempty"`
	Classes   []string       `json:"classes,omitempty"`
	Reference string         `json:"reference,omitempty"`
	Labels    []string       `json:"labels,omitempty"`
	Terms     []string       `json:"terms"`
	Constant  []string       `json:"constant,omitempty"`
	Status    string         `json:"status,omitempty"`

	Layers     []int  `json:"layers,omitempty"`
	Activation string `json:"activation,omitempty"`
	// Labels that are the same in every row to train on.
	ConstantLabels []string `json:"constant_labels,omitempty"`

	Loss       *metrics.Number `json:"loss,omitempty"`
	Objective  *metrics.Number `json:"objective,omitempty"`
	LogLik     *metrics.Number `json:"loglik,omitempty"`
	LogLikNull *metrics.Number `json:"loglik_null,omitempty"`

	Standardized bool               `json:"standardized,omitempty"`
	CoefRows     []string           `json:"coef_rows,omitempty"`
	Coef         [][]metrics.Number `json:"coef,omitempty"`
	Symmetric    *symmetricJSON     `json:"symmetric,omitempty"`

	*likelihoodJSON

	Metrics *metrics.Report `json:"metrics,omitempty"`
	HeldOut *metrics.Report `json:"held_out,omitempty"`

	Stopped     string          `json:"stopped,omitempty"`
	Epochs      int             `json:"epochs,omitempty"`
	BestEpoch   int             `json:"best_epoch,omitempty"`
	MaxGradient *metrics.Number `json:"max_gradient,omitempty"`
	History     []historyJSON   `json:"history,omitempty"`

	Plots *plotsJSON `json:"plots,omitempty"`
}

type symmetricJSON struct {
	Coef [][]metrics.Number `json:"coef"`
	SE   [][]metrics.Number `json:"se,omitempty"`
}

// historyJSON is trainer.Epoch for JSON, which has no infinity.
type historyJSON struct {
	Epoch        int             `json:"epoch"`
	Loss         metrics.Number  `json:"loss"`
	LearningRate metrics.Number  `json:"learning_rate"`
	GradientNorm metrics.Number  `json:"gradient_norm"`
	HeldLoss     *metrics.Number `json:"held_loss,omitempty"`
	HeldAccuracy *metrics.Number `json:"held_accuracy,omitempty"`
}

func epochJSON(e trainer.Epoch) historyJSON {
	return historyJSON{
		e.Epoch, metrics.Number(e.Loss), metrics.Number(e.LearningRate), metrics.Number(e.GradientNorm),
		(*metrics.Number)(e.HeldLoss), (*metrics.Number)(e.HeldAccuracy),
	}
}

// describe returns what is known before anything is fitted.
func (t *task) describe() *fitJSON {
	s := t.data.Schema
	j := &fitJSON{
		N: metrics.Number(trainer.TotalWeight(t.data)), Rows: t.data.Len(), Dropped: t.data.Dropped, Filled: t.data.Filled,
		Classes: s.Classes, Reference: s.Reference,
		Terms: append([]string{"(intercept)"}, s.Terms()...), Constant: constant(t.data),
	}
	if s.Successes != "" {
		j.Classes, j.Reference = []string{s.Failures, s.Successes}, s.Failures
	}
	for _, l := range s.Labels {
		j.Labels = append(j.Labels, l.Name)
	}
	return j
}

// undecided is the status of a model whose training did not end at an optimum, and
// of which it was not found out whether there is one.
const undecided = "undecided"

// json returns the result for scripts.
func (o *outcome) json() *fitJSON {
	j := o.describe()
	j.Model, j.Solver = o.model.Kind.String(), o.settings.Solver
	j.N, j.Rows = metrics.Number(trainer.TotalWeight(o.train)), o.train.Len()
	if o.model.Kind != trainer.Multilabel {
		j.Classes = o.model.Classes()
	}
	j.Loss = defined(o.objective / o.weight)
	j.Objective, j.LogLik, j.LogLikNull = defined(o.objective), defined(float64(o.training.LogLik)), defined(o.null)
	j.Metrics, j.HeldOut = &o.training, o.held
	j.Stopped, j.Epochs, j.BestEpoch = o.reason(), len(o.result.History), o.result.BestEpoch
	j.MaxGradient = defined(o.result.MaxGradient)
	if j.Solver != accelerated { // its steps by the thousand tell nothing that max_gradient does not
		for _, e := range o.result.History {
			j.History = append(j.History, epochJSON(e))
		}
	}
	if !linear(o.model) {
		j.Model = "mlp"
		j.Layers, j.ConstantLabels = layers(o.model), o.constantLabels()
		j.Activation = o.model.Net.Layers[0].Activation.Name()
		return j
	}
	b := o.coefficients
	j.Standardized = o.settings.Standardize
	j.likelihoodJSON = &likelihoodJSON{Certificate: certificateOf(&o.distance.certificate)}
	if m := o.distance.missing; m != nil {
		j.Status, j.SavedModel = m.status.String(), &savedJSON{CoefRows: b.Rows, Coef: numbers(b.Values)}
		m.fill(j)
		return j
	}
	j.Status = undecided
	if o.exists() {
		j.Status = mle.Overlap.String()
	}
	j.CoefRows, j.Coef = b.Rows, numbers(b.Values)
	if b.Symmetric != nil {
		j.Symmetric = &symmetricJSON{Coef: numbers(b.Symmetric)}
	}
	return j
}

// layers returns the widths of a network from the features to the logits.
func layers(c *trainer.Classifier) []int {
	widths := []int{c.Schema.Width()}
	for _, l := range c.Net.Layers {
		_, out := l.Weight.Value.Dims()
		widths = append(widths, out)
	}
	return widths
}

// defined returns nil for NaN, which leaves a field out.
func defined(x float64) *metrics.Number {
	if math.IsNaN(x) {
		return nil
	}
	return (*metrics.Number)(&x)
}

func numbers(m mat.Matrix) [][]metrics.Number {
	rows, columns := m.Dims()
	all := make([][]metrics.Number, rows)
	for i := range all {
		all[i] = make([]metrics.Number, columns)
		for j := range all[i] {
			all[i][j] = metrics.Number(m.At(i, j))
		}
	}
	return all
}

// printOlder says that a model file is not of this run, which made none.
func (f *fitCmd) printOlder(w *page) {
	if info, err := os.Stat(f.Model); err == nil && info.Mode().IsRegular() {
		w.entry("Kept", "%s, the model of an earlier run: this run has none.", f.Model)
	}
}

// printFiles says where the results are.
func (f *fitCmd) printFiles(w *page, model bool) {
	var files []string
	add := func(path, what string) { files = append(files, fmt.Sprintf("%s (%s)", path, what)) }
	if model {
		add(f.Model, "the model")
		if path := f.configFile(); path != "" {
			add(path, "train fit --config with it repeats the run")
		}
	}
	if f.JSON != "" {
		add(f.JSON, "the result")
	}
	if f.Log != "" {
		add(f.Log, "the log")
	}
	if f.CheckpointEvery > 0 && f.CheckpointEvery != never {
		add(f.Checkpoint, "the state of the run: --resume with it and more --epochs goes on")
	}
	w.line("")
	if len(files) > 0 {
		w.entry("Written", "%s", strings.Join(files, ", "))
	}
	if !model {
		f.printOlder(w)
	}
	f.gallery.print(w)
	switch {
	case f.madeByItself():
		w.entry("Removed", "%s: the run is done.", f.Resume)
	case f.Resume != "" && f.Resume != f.Checkpoint:
		w.entry("Kept", "%s, which the run went on from.", f.Resume)
	}
}
