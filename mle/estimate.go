package mle

import (
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/trainer"
)

// Estimate is a fitted model without hidden layers: the maximum-likelihood
// estimate, or the optimum of a penalised likelihood.
type Estimate struct {
	Kind   trainer.Kind
	Schema *datasets.Schema
	// Terms are the columns of Coef, "(intercept)" first if there is one.
	Terms []string
	// Rows are the rows of Coef: without a penalty or for two classes the
	// classes but the reference, with one and more classes all of them, for
	// labels the labels.
	Rows []string
	// Classes in the order of the model, the reference class first; with a
	// penalty and more than two classes in the order of the schema. Nil for
	// labels.
	Classes []string
	// Coef are the coefficients of the log-odds against the reference class; with
	// a row for every class, of logits that add to 0 over the classes. Low is
	// what rounding took from them: Coef + Low is right to about 30 digits where
	// the fit is small enough for double-double, and 0 elsewhere.
	Coef, Low *mat.Dense

	LogLik    float64 // Σ wᵢ·log pᵢ in nats, with class weights if there are any
	Objective float64 // what was minimised; −LogLik without a penalty
	// Total is the sum of the weights, and N that of the frequency weights or
	// trials.
	Total, N    float64
	Iterations  int
	Certificate Certificate
	Options     Options

	// Labels are the fits of the single labels of a multilabel target, which are
	// independent.
	Labels []*Estimate

	p     *problem
	theta dd.Vector // scaled parameters
	inner factor    // of the information at theta
}

// coefficientMatrix returns parameters as coefficients of the columns as given.
func (p *problem) coefficientMatrix(theta dd.Vector) (coef, low *mat.Dense) {
	coef, low = mat.NewDense(p.logits(), p.terms, nil), mat.NewDense(p.logits(), p.terms, nil)
	for i := range p.size() {
		v := theta.At(i).Scale(p.unscale(i))
		coef.Set(i/p.terms, i%p.terms, v.Hi)
		low.Set(i/p.terms, i%p.terms, v.Lo)
	}
	return coef, low
}

// classNames returns the classes in the order of a problem.
func classNames(s *datasets.Schema, first int) []string {
	if s.Successes != "" {
		return []string{s.Failures, s.Successes}
	}
	var names []string
	for _, k := range classOrder(s, first) {
		names = append(names, s.Classes[k])
	}
	return names
}
