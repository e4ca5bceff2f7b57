package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"

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
	c := &plots.CoefficientTable{Rows: b.Rows, Terms: b.Terms, Values: b.Values, Scale: o.deviations(b.Terms), Unit: deviation}
	return o.named(c, ""), nil
}

// named says which data coefficients are of, which model if it is not
// the one that was asked for, and what the log-odds compare with.
func (t *task) named(c *plots.CoefficientTable, model string) *plots.CoefficientTable {
	c.Of = filepath.Base(t.data.Name) + model
	if s := t.data.Schema; s.Successes == "" && len(s.Classes) == len(c.Rows)+1 { // a row for every class but one
		c.Against = s.Classes[s.ReferenceIndex()]
	}
	return c
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
		t, err := l.missing.coefficientTable(l.task)
		if err == nil {
			_, err = plots.Coefficients(t) // none may be finite
		}
		var no *plots.InapplicableError
		if !errors.As(err, &no) || l.estimate == nil {
			return t, err
		}
	}
	e := l.estimate
	t := &plots.CoefficientTable{Rows: e.Rows, Terms: e.Terms, Values: e.Coef, Scale: l.deviations(e.Terms), Unit: deviation}
	if l.table != nil {
		t.Low, t.High, t.Level = l.table.Low, l.table.High, l.table.Level
		if l.profile != nil {
			t.Low, t.High = l.profile.low, l.profile.high
		}
	}
	return l.named(t, l.instead()), nil
}

// instead describes the model that takes the place of an estimate that does not
// exist, for titles; "" if there is no such model.
func (l *likelihood) instead() string {
	if l.missing == nil || l.estimate == nil {
		return ""
	}
	o := l.estimate.Options
	return fmt.Sprintf(" (%s-penalised, C = %g, since no estimate exists)", strings.ToUpper(o.Penalty.String()), strength(o))
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
	return t.named(c, ""), nil
}
