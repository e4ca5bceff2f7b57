package mle

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/trainer"
)

// Inference returns a trained model without hidden layers as an Estimate from the
// data d, however it was trained. Its coefficients are those of the model, its
// standard errors come from the observed information there, and its Certificate
// says how far they are from the maximum-likelihood estimate: where that is
// little against a standard error, [Estimate.Wald] is its table.
// Likelihood-ratio tests need the maximum itself; see [Fit].
//
// A model with hidden layers is an *[Error]: see [Spectrum] for why. Where
// the maximum-likelihood estimate does not exist, the error is a
// [*NoEstimateError], and the Estimate as that of [Fit].
func Inference(ctx context.Context, c *trainer.Classifier, d *datasets.Dataset) (*Estimate, error) {
	if hidden := len(c.Net.Layers) - 1; hidden > 0 {
		return nil, &Error{Problem: fmt.Sprintf("the model has %d hidden layer(s): its weights are not identifiable, since permuting hidden units or "+
			"changing their signs gives the same predictions, and so have no standard errors; HessianSpectrum has the curvature of its likelihood", hidden)}
	}
	if err := fits(c.Schema, d.Schema); err != nil {
		return nil, err
	}
	b, err := c.Coefficients(false)
	if err != nil {
		return nil, err
	}
	set := *d
	set.Schema = c.Schema // the reference class is that of the model
	coef, o := b.Values, Options{}
	if c.Net.Layers[0].Bias.Frozen && mat.Norm(coef.ColView(0), 1) == 0 {
		rows, terms := coef.Dims()
		coef, o.NoIntercept = coef.Slice(0, rows, 1, terms).(*mat.Dense), true
	}
	if c.Kind == trainer.Multilabel {
		_, terms := coef.Dims()
		return eachLabel(&set, o, func(k int, f *Estimate) error {
			return f.stay(ctx, coef.Slice(k, k+1, 0, terms).(*mat.Dense))
		})
	}
	p, err := newProblem(&set, &o, 0)
	if err != nil {
		return nil, err
	}
	f := &Estimate{Kind: c.Kind, Schema: c.Schema, Terms: p.names, Options: o, p: p, N: trainer.TotalWeight(d), Total: p.total}
	f.Classes = classNames(c.Schema, p.first)
	f.Rows = f.Classes[p.first:]
	return f, f.stay(ctx, coef)
}

// fits returns an error unless data are encoded as those of the model.
func fits(model, data *datasets.Schema) error {
	type encoding struct {
		features            []datasets.Feature
		classes             []string
		labels              []datasets.Label
		successes, failures string
	}
	of := func(s *datasets.Schema) encoding {
		return encoding{s.Features, s.Classes, s.Labels, s.Successes, s.Failures}
	}
	if !reflect.DeepEqual(of(model), of(data)) {
		return &Error{Problem: "the data have other features or classes than the model"}
	}
	return nil
}

// stay makes the given coefficients those of f, as run does with the optimum.
func (f *Estimate) stay(ctx context.Context, coef *mat.Dense) error {
	s := newSolver(f.p, &f.Options)
	theta := f.p.parameters(coef)
	f.theta = dd.Vector{Hi: theta, Lo: make([]float64, len(theta))}
	var err error
	if f.Certificate, err = s.certifyPoint(ctx, theta); err != nil {
		var none *NoEstimateError
		if errors.As(err, &none) {
			f.p, f.limited, f.Existence = nil, f.p, none.Existence
		}
		return err
	}
	f.Existence = &Existence{Status: Overlap, Proof: "the certificate of the coefficients"}
	n := f.p.size()
	pt, err := f.p.evaluate(ctx, s.b, theta, make([]float64, n*n))
	if err != nil {
		return err
	}
	if s.exact.information {
		f.inner, err = s.factoriseExactly(ctx, theta)
	} else {
		f.inner, err = s.factorise(ctx, &pt)
	}
	if err != nil {
		return err
	}
	if err := f.p.allRepresentable(f.theta, f.inner); err != nil {
		return err
	}
	f.LogLik = -pt.loss
	loglik, err := f.logLik(ctx)
	f.LogLik, f.Objective = loglik.Float64(), -loglik.Float64()
	f.Coef, f.Low = f.p.coefficientMatrix(f.theta)
	return err
}
