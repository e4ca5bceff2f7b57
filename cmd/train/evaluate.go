package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/trainer"
)

type evaluateCmd struct {
	Model string `arg:"" help:"Model file."`
	Data  string `arg:"" help:"CSV file with the target column, - for standard input, or the name of an embedded data set."`

	JSON  string     `name:"json" placeholder:"FILE" help:"Write all metrics as JSON."`
	Plot  string     `placeholder:"DIR" help:"Draw pictures of the boundary and of all metrics, as SVG and PNG."`
	Table tableFlags `embed:""`
}

func (*evaluateCmd) Help() string {
	return `Rows are counted by their weights, where the table has the weights column that the model was fitted with. Of each row only what ranks it is kept in memory: 8 bytes per class.

Examples:

    train evaluate iris.model iris
    train evaluate patients.model new-patients.csv --json quality.json --plot pictures`
}

// evaluateJSON is the file of evaluate --json.
type evaluateJSON struct {
	metrics.Report
	Plots *plotsJSON `json:"plots,omitempty"`
}

// Run is called by kong.
func (c *evaluateCmd) Run(p *program) error {
	options, err := c.Table.options()
	if err != nil {
		return err
	}
	options.WithTarget = true
	if err := checkClashes([]role{dataRole(c.Data), {"the model", c.Model}}, append([]role{{"--json", c.JSON}}, plotRoles(c.Plot)...)); err != nil {
		return err
	}
	if c.JSON != "" {
		if err := writable(c.JSON); err != nil {
			return fmt.Errorf("--json %s cannot be written: %w", c.JSON, err)
		}
	}
	if err := checkPlot(c.Plot); err != nil {
		return err
	}
	model, err := loadModel(c.Model)
	if err != nil {
		return err
	}
	ctx, stop := p.interruptible()
	defer stop()
	e := model.NewEvaluation(true)
	points := newPoints(model, filepath.Base(tableName(c.Data)))
	rows, dropped := 0, 0
	err = eachBlock(ctx, model, c.Data, options, func(b *datasets.Block, name string) error {
		err := e.Add(b.X, b.Labels, b.Y, b.Weights)
		var row *metrics.RowError
		if errors.As(err, &row) {
			return &datasets.Error{File: name, Line: b.Lines[row.Row-rows], Problem: row.Problem}
		}
		points.add(b)
		rows += len(b.Lines)
		dropped += b.Dropped
		return err
	})
	if err != nil {
		return err
	}
	report := e.Report()
	g := gallery{folder: c.Plot}
	if g.folder != "" {
		err = g.save(append([]picture{points.picture()}, qualityPictures(e, "rows of "+filepath.Base(tableName(c.Data)))...))
	}
	if c.JSON != "" {
		err = errors.Join(err, writeJSON(c.JSON, &evaluateJSON{report, g.json()}))
	}
	if err != nil {
		return err
	}
	return p.print(func(w *page) {
		text := plural(report.Rows, "row")
		if float64(report.Weight) != float64(report.Rows) {
			text += fmt.Sprintf(" of total weight %s", quantity(float64(report.Weight)))
		}
		if dropped > 0 {
			text += fmt.Sprintf("; %s with missing cells left out", plural(dropped, "row"))
		}
		w.entry("Data", "%s: %s", tableName(c.Data), text)
		w.entry("Model", "%s: %s", c.Model, describeModel(model))
		w.line("")
		printReport(w, model, &report)
		if c.JSON != "" || c.Plot != "" {
			w.line("")
		}
		if c.JSON != "" {
			w.entry("Written", "%s", c.JSON)
		}
		g.print(w)
	})
}

// printReport writes all metrics.
func printReport(w *page, model *trainer.Classifier, r *metrics.Report) {
	w.table(qualityTable([]string{"Quality", ""}, []*metrics.Report{r}, allMetrics(model.Kind)))
	switch {
	case r.Labels != nil:
		w.line("")
		rows := [][]string{{"label", "positives", "precision", "recall", "F1", "ROC AUC", "log-loss"}}
		for _, l := range r.Labels {
			c := l.Classes[1]
			rows = append(rows, []string{l.Name, quantity(float64(c.Support)), inFigures(c.Precision), inFigures(c.Recall), inFigures(c.F1), inFigures(l.ROCAUC), inFigures(l.LogLoss)})
		}
		w.table(rows)
		return
	case len(r.Classes) == 0:
		return
	}
	w.line("")
	rows := [][]string{{"class", "support", "precision", "recall", "F1", "ROC AUC", "avg. precision"}}
	for _, c := range r.Classes {
		rows = append(rows, []string{c.Name, quantity(float64(c.Support)), inFigures(c.Precision), inFigures(c.Recall), inFigures(c.F1), inFigures(c.ROCAUC), inFigures(c.AveragePrecision)})
	}
	for _, a := range []struct {
		name string
		of   metrics.Averages
	}{{"(macro mean)", r.Macro}, {"(weighted mean)", r.Weighted}} {
		rows = append(rows, []string{a.name, "", inFigures(a.of.Precision), inFigures(a.of.Recall), inFigures(a.of.F1)})
	}
	w.table(rows)
	printConfusion(w, model.Classes(), r.Confusion)
}

// printConfusion writes the confusion matrix, unless it is too wide to read.
func printConfusion(w *page, classes []string, counts [][]float64) {
	const most = 12
	if counts == nil || len(classes) > most {
		return
	}
	w.line("\nConfusion matrix: true class by row, predicted class by column")
	rows := [][]string{append([]string{""}, classes...)}
	for k, row := range counts {
		cells := []string{classes[k]}
		for _, x := range row {
			cells = append(cells, quantity(x))
		}
		rows = append(rows, cells)
	}
	w.table(rows)
}
