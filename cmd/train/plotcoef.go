package main

import (
	"cmp"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/plots"
)

// coefficientTable returns what --plot draws of a model that gradient descent
// trained.
func (o *outcome) coefficientTable() (*plots.CoefficientTable, error) {
	switch {
	case !linear(o.model):
		return nil, &plots.InapplicableError{Why: "a network with hidden layers has no coefficients of its features"}
	case o.distance.missing != nil:
		return o.distance.missing.coefficientTable(o.task)
	}
	b := o.coefficients
	return &plots.CoefficientTable{Rows: b.Rows, Terms: b.Terms, Values: b.Values, Scale: o.deviations(b.Terms), Unit: deviation}, nil
}

// deviation is what coefficients are drawn per, so that all units compare.
const deviation = "standard deviation of the feature"

// deviations are the factors that make coefficients of terms those of a standard
// deviation; nil if they are already.
func (t *task) deviations(terms []string) []float64 {
	if t.settings.Standardize {
		return nil
	}
	return t.scales(terms)
}

// scales returns the standard deviations of the features by term, 1 for the
// intercept.
func (t *task) scales(terms []string) []float64 {
	scale := t.scaling().Scale
	if len(terms) > len(scale) {
		scale = append([]float64{1}, scale...)
	}
	return scale
}

// coefficientTable returns what --plot draws of a fit by likelihood.
func (l *likelihood) coefficientTable() (*plots.CoefficientTable, error) {
	if l.missing != nil {
		return l.missing.coefficientTable(l.task)
	}
	e := l.estimate
	t := &plots.CoefficientTable{Rows: e.Rows, Terms: e.Terms, Values: e.Coef, Scale: l.deviations(e.Terms), Unit: deviation}
	if l.table != nil {
		t.Low, t.High, t.Level = l.table.Low, l.table.High, l.table.Level
		if l.profile != nil {
			t.Low, t.High = l.profile.low, l.profile.high
		}
	}
	return t, nil
}

// coefficientTable returns what there is to draw without an estimate: what has a
// limit, and where the others go to. Their units are those of the file in any case.
func (m *missing) coefficientTable(t *task) (*plots.CoefficientTable, error) {
	switch {
	case len(m.rows) == 0:
		return nil, &plots.InapplicableError{Why: "all rows are of one class"}
	case m.signs == nil && m.status != mle.RankDeficient:
		return nil, &plots.InapplicableError{Why: "there are too many to find out which of them are infinite"}
	}
	c := &plots.CoefficientTable{
		Rows: m.rows, Terms: m.terms, Values: m.finite, Signs: m.signs, Scale: t.scales(m.terms), Unit: deviation,
		Level: cmp.Or(plain(t.settings.Level), 0.95),
	}
	if m.status == mle.RankDeficient { // what is not finite is not infinite either, but not determined
		c.Signs = nil
	}
	z := math.Sqrt2 * math.Erfinv(c.Level)
	end := func(side float64) *mat.Dense {
		var ends mat.Dense
		ends.Scale(side*z, m.finiteSE)
		ends.Add(&ends, m.finite)
		return &ends
	}
	c.Low, c.High = end(-1), end(1)
	return c, nil
}
