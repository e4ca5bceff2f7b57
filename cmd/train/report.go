package main

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/trainer"
)

// print writes the result for people.
func (o *outcome) print(w *page) {
	o.printData(w)
	w.entry("Model", "%s", describeModel(o.model))
	w.entry("Training", "%s", o.stopped())
	if linear(o.model) {
		w.entry("Optimum", "%s", o.distanceInWords())
		if m := o.distance.missing; m != nil {
			m.print(w, o.task)
			w.line("")
			w.entry("Instead", "the model saved is where the training ended, which is no estimate: its probabilities can be used,"+
				" its coefficients should not be interpreted. With --penalty l2, or early stopping (--held-out 0.2 --patience 20), they are finite.")
		}
		w.line("")
		coefficientTable{o.coefficients, o.model, o.settings.Standardize}.print(w)
	} else if names := o.constantLabels(); len(names) > 0 {
		w.entry("Finding", "in every row to train on the same, so that nothing can be learnt about it: %s.", enumerate(quoted(names), 8))
	}
	w.line("")
	o.printQuality(w)
}

func (t *task) printData(w *page) {
	d := t.data
	text := fmt.Sprintf("%s: %s", d.Name, plural(d.Len(), "row"))
	if d.Weights != nil {
		text += fmt.Sprintf(" of total weight %s", quantity(trainer.TotalWeight(d)))
	}
	text += ", " + plural(len(d.Schema.Features), "feature")
	if terms := d.Schema.Width(); terms != len(d.Schema.Features) {
		text += fmt.Sprintf(" (%d columns)", terms)
	}
	if d.Dropped > 0 {
		text += fmt.Sprintf("; %s with missing cells left out", plural(d.Dropped, "row"))
	}
	if d.Filled > 0 {
		text += fmt.Sprintf("; %s filled with the mean of the column", plural(d.Filled, "missing cell"))
	}
	w.entry("Data", "%s.", text)
	w.entry("", "%s.", t.target())
	if names := constant(d); len(names) > 0 {
		w.entry("", "Constant, without effect beside the intercept: %s.", enumerate(quoted(names), 8))
	}
	t.printOrigin(w)
	if t.held != nil {
		w.entry("", "Held out: %s.", plural(t.held.Len(), "row"))
	}
}

// printOrigin says what a model without an intercept takes for granted of categories:
// the first level of each has no column, as if there were one.
func (t *task) printOrigin(w *page) {
	const most = 4
	if !t.settings.NoIntercept {
		return
	}
	var first []string
	for _, f := range t.data.Schema.Features {
		if len(f.Levels) > 1 {
			first = append(first, quoted([]string{f.Name})[0]+" = "+quoted([]string{f.Levels[0]})[0])
		}
	}
	if len(first) == 0 {
		return
	}
	w.entry("", "Without an intercept all classes have the same probability where numbers are 0 and categories at their first level (%s),"+
		" which has no column. R gives the first category a column for every level, and so fits another model; a column of 0 and 1 for the first level does the same here.", enumerate(first, most))
}

// target describes the outcomes and how many rows have each.
func (t *task) target() string {
	s, totals := t.data.Schema, trainer.ClassTotals(t.data)
	names, what := s.Classes, s.Target
	switch {
	case s.Labels != nil:
		what = "Labels"
		names = nil
		for _, l := range s.Labels {
			names = append(names, l.Name)
		}
	case s.Successes != "":
		what, names = "Outcomes", []string{s.Failures, s.Successes}
	}
	counts := quoted(names)
	for k := range counts {
		counts[k] += " " + quantity(totals[k])
	}
	return fmt.Sprintf("%s: %s", what, enumerate(counts, 10))
}

// printQuality writes the metrics, held-out beside training.
func (o *outcome) printQuality(w *page) {
	reports := []*metrics.Report{&o.training}
	header := []string{"Quality", "training"}
	if o.held != nil {
		reports, header = append(reports, o.held), append(header, "held out")
	}
	w.table(qualityTable(header, reports, mainMetrics(o.model.Kind)))
}
