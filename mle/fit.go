package mle

import (
	"context"
	"errors"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/trainer"
)

// Fit returns the optimum of the objective of o for the data d: without a
// penalty the maximum-likelihood estimate. It returns a [*NotCertifiedError] if
// no optimum is proved, an [*Error] if the data or options do not make sense, and
// the context's error when it ends.
//
// Where the maximum-likelihood estimate does not exist it returns a
// [*NoEstimateError], and with it an Estimate without coefficients whose
// Existence says what there is. For several labels the Estimate has the fits of
// all of them in Labels, those that exist and those that do not, and the error
// joins a [*NoEstimateError] for each that does not.
func Fit(ctx context.Context, d *datasets.Dataset, o Options) (*Estimate, error) {
	if x := ofOneClass(d.Schema, &o); x != nil {
		return &Estimate{Schema: d.Schema, Terms: termNames(d.Schema, &o), Classes: d.Schema.Classes, Options: o, N: trainer.TotalWeight(d), Existence: x}, &NoEstimateError{x}
	}
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
	best, x, err := s.optimumOrNot(ctx, f.p.start())
	f.Solver, f.Iterations, f.Existence = s.ran, s.iterations, x
	f.Passes = float64(f.p.read.Load()) / float64(f.p.rows())
	var none *NoEstimateError
	if errors.As(err, &none) {
		f.p, f.limited = nil, f.p
	}
	if err != nil {
		return err
	}
	inverse := best.factor
	if f.Options.Penalty != None {
		inverse = nil
	}
	if err := f.p.allRepresentable(best.theta, inverse); err != nil {
		return err
	}
	f.theta, f.inner = best.theta, best.factor
	f.Certificate, f.LogLik, f.Objective = best.certificate, -best.loss, best.value
	f.Coef, f.Low = f.p.coefficientMatrix(f.theta)
	return nil
}

// optimum is where a solver ended, with its proof.
type optimum struct {
	evaluated
	theta  dd.Vector
	factor factor // of the information, at theta as far as float64 tells
}

// optimum finds the optimum from theta on. Problems that are small enough, or
// that conditioning asks it for, go on in double-double.
func (s *solver) optimum(ctx context.Context, theta []float64) (best optimum, err error) {
	switch s.ran = s.choose(); s.ran {
	case ProximalNewton:
		best, err = s.sparse(ctx, theta)
	case LBFGS, NewtonCG:
		best, err = s.iterate(ctx, theta)
	default:
		best, err = s.conclude(ctx, theta, 1)
	}
	if err == nil && !best.certificate.Holds {
		err = &NotCertifiedError{s.iterations, best.certificate.Why}
	}
	return best, err
}

// conclude finds the optimum with the information matrix. The spread is that of
// the way to it, as far as known.
func (s *solver) conclude(ctx context.Context, theta []float64, spread float64) (best optimum, err error) {
	if !s.exact.gradient {
		if best, err = s.descend(ctx, theta, spread); err != nil || !s.exact.gradient {
			return best, err
		}
	} else {
		pt, f, _, err := s.newton(ctx, theta, 1e-6)
		if err != nil {
			return best, err
		}
		best = optimum{theta: dd.Vector{Hi: pt.theta}, factor: f}
	}
	return best, s.polish(ctx, &best)
}

// polish goes on from an optimum of float64 in double-double.
func (s *solver) polish(ctx context.Context, best *optimum) (err error) {
	f := best.factor
	if f.rounding() > 1e-8 {
		s.askForMore()
	}
	at := dd.Vector{Hi: best.theta.Hi, Lo: make([]float64, len(best.theta.Hi))}
	if best.theta, err = s.refine(ctx, best.theta.Hi, f); err != nil {
		return err
	}
	if s.exact.information && s.o.Penalty == None || f.rounding() > 0.01 {
		exact, err := s.p.evaluateExactly(ctx, s.b, best.theta, want{info: true})
		if err != nil {
			return err
		}
		if e, ok := newExactCholesky(exact.info, s.p.size()); ok {
			best.factor, at = e, best.theta
		}
	}
	best.evaluated, err = s.certify(ctx, best.theta.Hi, best.factor, at)
	return err
}
