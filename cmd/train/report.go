package main

import (
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/trainer"
)

// print writes the result for people.
func (o *outcome) print(w *page) {
	o.printData(w)
	w.entry("Model", "%s", describeModel(o.model))
	w.entry("Training", "%s", o.stopped())
	if linear(o.model) {
		w.line("")
		coefficientTable{o.coefficients, o.model, o.settings.Standardize}.print(w)
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
	w.entry("Data", "%s.", text)
	w.entry("", "%s.", t.target())
	if names := constant(d); len(names) > 0 {
		w.entry("", "Constant, without effect beside the intercept: %s.", list(names, 8))
	}
	if t.held != nil {
		w.entry("", "Held out: %s.", plural(t.held.Len(), "row"))
	}
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
	counts := make([]string, len(names))
	for k, name := range names {
		counts[k] = name + " " + quantity(totals[k])
	}
	return fmt.Sprintf("%s: %s", what, list(counts, 10))
}

// stopped says in plain words how the training ended.
func (o *outcome) stopped() string {
	epochs, s := len(o.result.History), &o.settings
	unit, method := "epoch", s.Solver
	if s.Solver == accelerated {
		unit, method = "step", "accelerated gradient descent"
	}
	done := plural(epochs, unit)
	gradient := fmt.Sprintf("the largest entry of the gradient is %.1e", o.result.MaxGradient)
	switch o.result.Reason {
	case trainer.Converged:
		return fmt.Sprintf("%s converged after %s: %s.", method, done, gradient)
	case trainer.EarlyStopped:
		return fmt.Sprintf("%s stopped after %s: the held-out loss had not improved for %d. The model is that of %s %d, the best.",
			method, done, *s.Patience, unit, o.result.BestEpoch)
	}
	text := fmt.Sprintf("%s did all %s.", method, done)
	if !math.IsNaN(o.result.MaxGradient) {
		text = fmt.Sprintf("%s has not converged after %s: %s.", method, done, gradient)
	}
	if o.result.BestEpoch > 0 {
		text += fmt.Sprintf(" The model is that of %s %d, the best on the held-out rows.", unit, o.result.BestEpoch)
	}
	switch {
	case o.separated:
		return text + fmt.Sprintf(" The loss is still falling and %.3g%% of the outcomes have a probability within 1e-6 of 1: the likelihood may have no maximum"+
			" (separated data); coefficients grow without bound. Probabilities can be used; coefficients should not be interpreted.", 100*o.saturated)
	case s.Solver == accelerated:
		return text + fmt.Sprintf(" More steps (--epochs %d) bring it closer.", 10*epochs)
	}
	return text
}

// printQuality writes the metrics, held-out beside training.
func (o *outcome) printQuality(w *page) {
	reports := []*metrics.Report{&o.training}
	header := []string{"Quality", "training"}
	if o.held != nil {
		reports, header = append(reports, o.held), append(header, "held out")
	}
	w.table(qualityTable(header, reports, mainMetrics))
}
