package mle

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Ratios are e to the power of coefficients and of the ends of their intervals.
type Ratios struct {
	Rows, Terms      []string
	Ratio, Low, High *mat.Dense
}

// Ratios returns by what a step of 1 in a term multiplies the odds of a class
// against the reference class: the odds ratio of two classes, the relative risk
// ratio of more. That of the intercept is the odds where all terms are 0.
//
// In the symmetric parametrisation the odds are against the geometric mean of
// the probabilities of all classes.
func (t *Table) Ratios() *Ratios {
	return &Ratios{t.Rows, t.Terms, exponentials(t.Coef), exponentials(t.Low), exponentials(t.High)}
}

func exponentials(m *mat.Dense) *mat.Dense {
	var e mat.Dense
	e.Apply(func(_, _ int, v float64) float64 { return math.Exp(v) }, m)
	return &e
}
