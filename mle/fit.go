package mle

import (
	"context"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/trainer"
)

// Fit returns the optimum of the objective of o for the data d: without a
// penalty the maximum-likelihood estimate. It returns a [*NotCertifiedError] if
// no optimum is proved, an [*Error] if the data or options do not make sense, and
// the context's error when it ends.
func Fit(ctx context.Context, d *datasets.Dataset, o Options) (*Estimate, error) {
	kind, _, err := trainer.KindOf(d.Schema)
	if err != nil {
		return nil, err
	}
	if kind == trainer.Multilabel {
		return fitLabels(ctx, d, o)
	}
	p, err := newProblem(d, &o, 0)
	if err != nil {
		return nil, err
	}
	f := &Estimate{Kind: kind, Schema: d.Schema, Terms: p.names, Options: o, p: p, N: trainer.TotalWeight(d), Total: p.total}
	f.Classes = classNames(d.Schema, p.first)
	f.Rows = f.Classes[p.first:]
	return f, f.run(ctx)
}

// run finds the optimum and its certificate.
func (f *Estimate) run(ctx context.Context) error {
	s := newSolver(f.p, &f.Options)
	target := 1e-10
	if s.size.gradient {
		target = 1e-6 // and the rest in double-double
	}
	pt, inner, _, err := s.newton(ctx, f.p.start(), target)
	f.Iterations = s.iterations
	if err != nil {
		return err
	}
	f.theta = dd.Vector{Hi: pt.theta, Lo: make([]float64, len(pt.theta))}
	at := f.theta
	if s.size.gradient {
		if f.theta, err = s.refine(ctx, pt.theta, inner); err != nil {
			return err
		}
	}
	if s.size.gradient && (s.size.information && f.Options.Penalty == None || inner.rounding() > 0.01) {
		exact, err := f.p.evaluateExactly(ctx, s.b, f.theta, true)
		if err != nil {
			return err
		}
		if e, ok := newExactCholesky(exact.info, f.p.size()); ok {
			inner, at = e, f.theta
		}
	}
	f.inner = inner
	e, err := s.certify(ctx, f.theta.Hi, inner, at)
	if err != nil {
		return err
	}
	if f.Certificate = e.certificate; !f.Certificate.Holds {
		return &NotCertifiedError{s.iterations, f.Certificate.Why}
	}
	f.LogLik, f.Objective = -e.loss, e.value
	f.Coef, f.Low = f.p.coefficientMatrix(f.theta)
	return nil
}
