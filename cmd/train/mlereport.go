package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/trainer"
)

// print writes the result for people.
func (l *likelihood) print(w *page) {
	l.printData(w)
	l.printNotes(w)
	l.printSingle(w)
	if l.missing != nil {
		l.missing.print(w, l.task)
		l.printInstead(w)
	}
	if l.estimate == nil {
		return
	}
	w.entry("Model", "%s", describeModel(l.model))
	w.entry("Fit", "%s", l.fitted())
	l.choice.print(w)
	w.line("")
	l.printCoefficients(w)
	if l.without != "" && l.missing == nil {
		w.line("")
		w.item("No standard errors: %s.", l.without)
	}
	l.warning.print(w, &l.settings, l.estimate)
	if l.missing == nil {
		l.printSummary(w)
		l.printLabels(w)
	}
	l.tests.print(w)
	w.line("")
	l.printQuality(w)
}

// fitted says how the estimate was found and how near it is to the optimum.
func (l *likelihood) fitted() string {
	e := l.estimate
	objective, top, unit := "maximum likelihood", "maximum of the log-likelihood", "standard errors"
	switch o := e.Options; {
	case o.Penalty == mle.ElasticNet:
		objective, top = fmt.Sprintf("penalised maximum likelihood (elasticnet, C = %g, %g of it L1)", strength(o), o.L1Ratio), "optimum of the objective"
	case o.Penalty != mle.None:
		objective, top = fmt.Sprintf("penalised maximum likelihood (%v, C = %g)", o.Penalty, strength(o)), "optimum of the objective"
	}
	if l.settings.ClassWeight != "" || l.settings.PosWeight != nil {
		objective += " with class weights"
		top, unit = "optimum of the objective", weightedUnit
	}
	if e.Options.Penalty != mle.None {
		unit = "posterior standard deviations"
	}
	return fmt.Sprintf("%s by %v, %s: %s.", objective, e.Solver, plural(e.Iterations, "iteration"), proven(&e.Certificate, top, unit))
}

// weightedUnit is that of distances with class weights, with which the inverse of the
// information is no variance.
const weightedUnit = "of the change that raises the objective by half a nat"

// proven says a certificate in a sentence.
func proven(c *mle.Certificate, top, unit string) string {
	if !c.Holds {
		return "how far it is from the " + top + " could not be bounded: " + c.Why
	}
	return fmt.Sprintf("within %s nats of the %s; every coefficient right to %s %s", upTo(c.Gap), top, upTo(c.Distance), unit)
}

// upTo writes a bound with one digit, rounded up.
func upTo(x float64) string {
	text := fmt.Sprintf("%.0e", x)
	if v, err := strconv.ParseFloat(text, 64); err == nil && v < x {
		text = fmt.Sprintf("%.0e", x+math.Pow(10, math.Floor(math.Log10(x))))
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return fmt.Sprintf("%g", v)
}

// digitsOf is how many digits an error leaves right of something that is about 1.
func digitsOf(distance float64) float64 {
	if distance == 0 {
		return 16
	}
	return max(0, math.Floor(-math.Log10(distance)))
}

// printNotes says what about the data is unusual.
func (l *likelihood) printNotes(w *page) {
	switch d := l.train; {
	case d.Schema.Successes != "" && partial(d):
		w.entry("", "Some counts are not whole numbers: the log-likelihood is the sum of successes·log p + failures·log(1−p), and standard errors are those of %s trials.", quantity(l.total()))
	case d.Schema.Successes == "" && slices.ContainsFunc(d.Weights, fractional):
		w.entry("", "Some weights are not whole numbers: standard errors are those of %s observations.", quantity(l.total()))
	}
}

func fractional(n float64) bool { return n != math.Trunc(n) }

// partial reports whether there are counts that are not whole numbers. They are
// kept as proportions of the trials, which were rounded.
func partial(d *datasets.Dataset) bool {
	for i, n := range d.Weights {
		if share := d.Y.At(i, 0); fractional(n) || math.Round(share*n)/n != share {
			return true
		}
	}
	return false
}

// printSummary writes the measures of the fit.
func (l *likelihood) printSummary(w *page) {
	w.line("")
	m := l.summary
	if m == nil {
		rows := [][]string{{"log-likelihood (nats)", figureOf(l.loglik())}, {"of frequencies alone", figureOf(l.null)}}
		if l.estimate.Options.Penalty != mle.None {
			rows = append(rows, []string{"objective", figureOf(l.estimate.Objective)})
		}
		w.table(rows)
		return
	}
	rows := [][]string{
		{"log-likelihood (nats)", figureOf(m.LogLik), "null", figureOf(m.Null)},
		{"deviance", figureOf(m.Deviance), "null", figureOf(m.NullDeviance)},
		{"residual degrees of freedom", quantity(m.DFResidual), "null", quantity(m.DFResidual + float64(m.DFModel))},
		{"AIC", figureOf(m.AIC), "BIC", figureOf(m.BIC)},
		{"pseudo-R²: McFadden", fmt.Sprintf("%.4f", m.McFadden), "Nagelkerke", fmt.Sprintf("%.4f", m.Nagelkerke)},
		{"Cox–Snell", fmt.Sprintf("%.4f", m.CoxSnell), "", ""},
		{"likelihood-ratio test: χ²", figureOf(m.Ratio.Statistic), fmt.Sprintf("on %d df: p", m.Ratio.DF), pValue(m.Ratio.P)},
	}
	if l.train.Schema.Successes != "" {
		rows = slices.Insert(rows, 3, []string{"Pearson's X²", figureOf(m.Pearson), "", ""})
	}
	if m.Binomial != 0 {
		rows = slices.Insert(rows, 1, []string{"with binomial coefficients", figureOf(m.LogLik + m.Binomial), "AIC", figureOf(m.AIC - 2*m.Binomial)})
	}
	w.table(rows)
	if l.settings.Robust && l.table != nil {
		w.line("")
		w.item("Only the standard errors%s are robust: log-likelihoods, AIC, BIC and likelihood-ratio tests assume the model.", l.tests.alsoRobust())
	}
}

func figureOf(x float64) string { return withDigits(6, x) }

// loglik is the log-likelihood of the data, class weights left out.
func (l *likelihood) loglik() float64 {
	if l.settings.ClassWeight != "" || l.settings.PosWeight != nil {
		return float64(l.training.LogLik)
	}
	return l.estimate.LogLik
}

// total is the number of observations.
func (t *task) total() float64 { return trainer.TotalWeight(t.train) }

// nullLogLik returns the log-likelihood of the model without features: that of
// the relative frequencies, or without an intercept of equal probabilities.
func (t *task) nullLogLik() float64 {
	if !t.settings.NoIntercept {
		return trainer.NullLogLik(t.train)
	}
	choices := float64(max(2, len(t.train.Schema.Classes)))
	return -t.total() * math.Log(choices) * float64(max(1, len(t.train.Schema.Labels)))
}
