package mle

import (
	"context"
	"fmt"
	"slices"

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
	Total, N float64
	// Solver is the one that ran, Auto where none had to; Iterations are its
	// steps. Passes says how often all that was computed read the rows; the part
	// of them that a sample has counts as that part.
	Solver     Solver
	Iterations int
	Passes     float64

	Certificate Certificate
	Options     Options
	// Existence says whether the estimate exists; nil with a penalty, whose
	// optimum does unless a class has no rows, which is an error, and for several
	// labels, whose fits have their own.
	Existence *Existence

	// Labels are the fits of the single labels of a multilabel target, which are
	// independent.
	Labels []*Estimate

	p *problem // nil for labels, and where the estimate does not exist
	// limited is the problem whose estimate does not exist: profile likelihoods
	// may still bound its coefficients.
	limited *problem
	theta   dd.Vector // scaled parameters
	inner   factor    // of the information at theta
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

// Symmetric returns the same model with a row for each of Classes, rows that add
// to 0: a softmax over all of them. It is nil for labels, and where there is no
// estimate.
func (f *Estimate) Symmetric() *mat.Dense {
	if f.Labels != nil || f.Coef == nil {
		return nil
	}
	k, terms := len(f.Classes), len(f.Terms)
	s := mat.NewDense(k, terms, nil)
	for j := range terms {
		var sum dd.Float
		row := func(class int) dd.Float {
			if class < f.p.first {
				return dd.Float{}
			}
			return dd.TwoSum(f.Coef.At(class-f.p.first, j), f.Low.At(class-f.p.first, j))
		}
		for class := range k {
			sum = sum.Add(row(class))
		}
		mean := sum.Div(dd.New(float64(k)))
		for class := range k {
			s.Set(class, j, row(class).Sub(mean).Float64())
		}
	}
	return s
}

// Information returns the observed information, the second derivatives of the
// negative log-likelihood (of the objective, with a penalty) by the parameters,
// row by row, in closed form: Σ wᵢ(diag pᵢ − pᵢpᵢᵀ)⊗xᵢxᵢᵀ. It is nil for labels,
// each of which has its own, and where there is no estimate.
func (f *Estimate) Information() *mat.SymDense {
	if f.p == nil {
		return nil
	}
	n := f.p.size()
	pt, err := f.p.evaluate(context.Background(), f.p.newBlock(), f.theta.Hi, make([]float64, n*n))
	if err != nil {
		panic(err) // only a context ends it
	}
	h := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			h.SetSym(i, j, pt.info[i*n+j]/f.p.unscale(i)/f.p.unscale(j))
		}
	}
	return h
}

// Classifier returns the model as one that predicts, evaluates and is saved. Its
// scores for more than two classes are those of Symmetric. Where there is no
// estimate it returns the error of Fit.
func (f *Estimate) Classifier() (*trainer.Classifier, error) {
	if err := f.exists(); err != nil {
		return nil, err
	}
	c, err := trainer.NewClassifier(f.Schema, nil, nil, nil, nil)
	if err != nil {
		return nil, err
	}
	coef, names := f.Coef, f.Rows
	if f.Kind == trainer.Multiclass {
		coef, names = f.Symmetric(), f.Classes
	}
	layer := c.Net.Layers[0]
	skip := len(f.Terms) - f.Schema.Width()
	for k, output := range c.Outputs() {
		row := coef.RawRowView(slices.Index(names, output))
		if skip == 1 {
			layer.Bias.Value.Set(0, k, row[0])
		}
		layer.Weight.Value.SetCol(k, row[skip:])
	}
	if skip == 0 {
		layer.Bias.Frozen = true
	}
	return c, nil
}

// exists returns an error unless the estimate does.
func (f *Estimate) exists() error {
	switch {
	case f.Coef != nil:
		return nil
	case f.Existence != nil && !f.Existence.Exists():
		return &NoEstimateError{f.Existence}
	}
	for k, label := range f.Labels {
		if err := label.exists(); err != nil {
			return fmt.Errorf("label %q: %w", f.Rows[k], err)
		}
	}
	return &Error{Problem: "the fit ended without an estimate"}
}
