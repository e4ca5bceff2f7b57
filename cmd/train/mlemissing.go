package main

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/mle"
)

// missing is what there is instead of a maximum-likelihood estimate. The rows of
// its matrices are those of the coefficients.
type missing struct {
	status    mle.Status // the worst, of several labels
	parts     []part     // one, or one for each label
	train     *datasets.Dataset
	rows      []string
	terms     []string
	signs     [][]mle.Sign // nil: too many to find
	supremum  float64
	direction *mat.Dense // nil: none separates
	finite    *mat.Dense // coefficients that have a limit; NaN for the others
	finiteSE  *mat.Dense
	minimum   *mat.Dense // the coefficients of smallest norm, where the rank is deficient

	whole *mle.Estimate // of all parts
	limitInference
}

// part is what is known of a target with two outcomes or more: the only one, or a
// label.
type part struct {
	label     string // "" for the only one
	existence *mle.Existence
	estimate  *mle.Estimate // without coefficients where it does not exist
}

// missingOf describes what there is instead of the estimate, which came with a
// NoEstimateError. Labels are independent: some may have an estimate.
func (t *task) missingOf(e *mle.Estimate, o mle.Options) *missing {
	m := &missing{whole: e}
	for _, label := range e.Labels {
		m.parts = append(m.parts, part{label.Rows[0], label.Existence, label})
	}
	if e.Labels == nil {
		m.parts = []part{{"", e.Existence, e}}
	}
	m.assemble(t, o)
	return m
}

// assemble puts the parts together.
func (m *missing) assemble(t *task, o mle.Options) {
	m.train, m.terms = t.train, t.train.Schema.Terms()
	if !o.NoIntercept {
		m.terms = append([]string{"(intercept)"}, m.terms...)
	}
	var signs [][]mle.Sign
	var direction, finite, finiteSE, minimum []*mat.Dense
	for _, p := range m.parts {
		x := p.existence
		m.status = graver(m.status, x.Status)
		switch {
		case p.label != "":
			m.rows = append(m.rows, p.label)
		default:
			m.rows = p.estimate.Rows
		}
		rows := 1
		if p.label == "" {
			rows = len(m.rows)
		}
		coef, se, s, supremum := x.FiniteCoef, x.FiniteSE, x.Coefficient, x.SupLogLik
		if x.Exists() {
			coef, se = p.estimate.Coef, p.estimate.StdErr()
			s = [][]mle.Sign{make([]mle.Sign, len(m.terms))}
			supremum = p.estimate.LogLik
		}
		m.supremum += supremum
		signs = append(signs, s...)
		finite = append(finite, filled(coef, rows, len(m.terms), math.NaN()))
		finiteSE = append(finiteSE, filled(se, rows, len(m.terms), math.NaN()))
		direction = append(direction, filled(x.Direction, rows, len(m.terms), 0))
		minimum = append(minimum, x.MinimumNorm)
	}
	if len(m.rows) == 0 { // of one class in the table
		return
	}
	if len(signs) == len(m.rows) {
		m.signs = signs
	}
	m.finite, m.finiteSE = stacked(finite), stacked(finiteSE)
	if slices.ContainsFunc(m.parts, func(p part) bool { return p.existence.Direction != nil }) {
		m.direction = stacked(direction)
	}
	if !slices.Contains(minimum, nil) {
		m.minimum = stacked(minimum)
	}
}

// separatedLines returns the lines of the file on which the rows begin that are
// predicted with certainty; nil if they are not known.
func (m *missing) separatedLines() any {
	if m.train.Len() == 0 || m.train.Line(0) == 0 {
		return nil
	}
	return m.separatedAt(m.train.Line)
}

// separatedRows returns the numbers of those rows among the rows to train on, from 1.
func (m *missing) separatedRows() any {
	return m.separatedAt(func(row int) int { return row + 1 })
}

// separatedAt returns where rows are that are predicted with certainty; of several
// labels a list for each.
func (m *missing) separatedAt(place func(row int) int) any {
	all := make([][]int, len(m.parts))
	for k, p := range m.parts {
		all[k] = make([]int, len(p.existence.Separated))
		for i, at := range p.existence.Separated {
			all[k][i] = place(at)
		}
	}
	if m.parts[0].label == "" {
		return all[0]
	}
	return all
}

// filled returns m, or if there is none a matrix of one value.
func filled(m *mat.Dense, rows, columns int, value float64) *mat.Dense {
	if m != nil {
		return m
	}
	m = mat.NewDense(rows, columns, nil)
	for i := range rows {
		for j := range columns {
			m.Set(i, j, value)
		}
	}
	return m
}

// stacked puts matrices below each other.
func stacked(parts []*mat.Dense) *mat.Dense {
	all := parts[0]
	for _, m := range parts[1:] {
		var both mat.Dense
		both.Stack(all, m)
		all = &both
	}
	return all
}
