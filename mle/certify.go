package mle

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
	"github.com/surprisal-ml/surprisal/trainer"
)

// Certify bounds how far given coefficients are from the optimum of the objective
// of o for the data d, however they were found. Their rows and columns are those
// of [Estimate].Coef; [trainer.Classifier.Coefficients] gives them as Values for
// a model trained by gradient descent.
//
// Far from the optimum, where Rδ ≥ 1, it continues to the optimum w⁺ and adds
// the difference f(w) − f(w⁺), measured in double-double if the problem is small
// enough, to the bound at w⁺, and the same for the coefficients. It returns a
// [*NoEstimateError] if there is no optimum to be near, and a
// [*NotCertifiedError] if none is found.
func Certify(ctx context.Context, d *datasets.Dataset, coef *mat.Dense, o Options) (Certificate, error) {
	if coef == nil {
		panic(&tensor.UsageError{Op: "mle.Certify", Problem: "there are no coefficients"})
	}
	kind, labels, err := trainer.KindOf(d.Schema)
	if err != nil {
		return Certificate{}, err
	}
	if kind != trainer.Multilabel {
		labels = 1
	} else if rows, _ := coef.Dims(); rows != labels {
		panic(&tensor.UsageError{Op: "mle.Certify", Problem: fmt.Sprintf("%d rows of coefficients for %d labels", rows, labels)})
	}
	all := Certificate{Holds: true}
	for k := range labels {
		p, err := newProblem(d, &o, k)
		if err != nil {
			return Certificate{}, err
		}
		rows := coef
		if kind == trainer.Multilabel {
			_, terms := coef.Dims()
			rows = coef.Slice(k, k+1, 0, terms).(*mat.Dense)
		}
		c, err := newSolver(p, &o).certifyPoint(ctx, p.parameters(rows))
		switch {
		case err != nil && kind == trainer.Multilabel:
			return Certificate{}, fmt.Errorf("label %q: %w", d.Schema.Labels[k].Name, err)
		case err != nil:
			return Certificate{}, err
		}
		all.Gap += c.Gap
		all.Distance = max(all.Distance, c.Distance)
		all.ObjectiveError += c.ObjectiveError
		all.Method = c.Method
	}
	return all, nil
}

// parameters returns coefficients as parameters of scaled columns.
func (p *problem) parameters(coef *mat.Dense) []float64 {
	if r, c := coef.Dims(); r != p.logits() || c != p.terms {
		panic(&tensor.UsageError{Op: "mle.Certify", Problem: fmt.Sprintf("%d×%d coefficients, the model has %d×%d", r, c, p.logits(), p.terms)})
	}
	theta := make([]float64, p.size())
	for i := range theta {
		theta[i] = coef.At(i/p.terms, i%p.terms) / p.unscale(i)
	}
	return theta
}

func (s *solver) certifyPoint(ctx context.Context, theta []float64) (Certificate, error) {
	p := s.p
	n := p.size()
	pt, err := p.evaluate(ctx, s.b, theta, make([]float64, n*n))
	if err != nil {
		return Certificate{}, err
	}
	if !isFinite(pt.value) {
		return Certificate{}, &Error{Problem: "the objective at the coefficients is not finite"}
	}
	m, err := p.measure(ctx, s.b, theta)
	if err != nil {
		return Certificate{}, err
	}
	here := evaluated{loss: pt.loss, value: pt.value}
	here.certificate.ObjectiveError = roundoff * (m.objective + 8*math.Abs(pt.value))
	if p.penalty.lasso > 0 {
		p.hold(pt.info, p.flat(theta)...)
		if f, ok := choleskyOn(pt.info, n, p.support(theta), s.gamma()); ok {
			at := dd.Vector{Hi: theta, Lo: make([]float64, n)}
			e, err := s.certifySparse(ctx, theta, on(f, p.support(theta), n), at)
			if err != nil || e.certificate.Holds {
				return e.certificate, err
			}
		}
		return s.certifyFar(ctx, theta, here)
	}
	if f, ferr := s.factorise(ctx, &pt); ferr == nil {
		at := dd.Vector{Hi: theta, Lo: make([]float64, n)}
		if f.rounding() > 0.01 && s.exact.information {
			if f, err = s.factoriseExactly(ctx, theta); err != nil {
				return Certificate{}, err
			}
		}
		if here, err = s.certify(ctx, theta, f, at); err != nil || here.certificate.Holds {
			return here.certificate, err
		}
	}
	return s.certifyFar(ctx, theta, here)
}

// certifyFar is certifyPoint where Rδ ≥ 1. Of theta it needs no more than the
// objective: where the information is too small to lead anywhere, as it is at
// coefficients that diverged, the optimum is sought from the start.
func (s *solver) certifyFar(ctx context.Context, theta []float64, here evaluated) (Certificate, error) {
	if s.o.Penalty == None {
		s.watch = s.impatient
	}
	best, err := s.optimum(ctx, theta)
	var uncertified *NotCertifiedError
	if errors.Is(err, errPatience) || errors.As(err, &uncertified) {
		s = newSolver(s.p, s.o)
		best, _, err = s.optimumOrNot(ctx, s.p.start())
	}
	if err != nil {
		return Certificate{}, err
	}
	c := best.certificate
	c.Method = "difference from the optimum, and its " + c.Method
	c.Gap += max(0, here.value-best.value)
	c.ObjectiveError = max(c.ObjectiveError, here.certificate.ObjectiveError)
	// Both values are rounded.
	c.Gap += c.ObjectiveError + best.certificate.ObjectiveError
	inverse, farthest := s.p.inverse(best.factor), 0.0
	for i, v := range theta {
		if variance := inverse.At(i, i); variance > 0 { // all but the zeros of an L1 penalty
			farthest = max(farthest, math.Abs(v-best.theta.Hi[i])/math.Sqrt(variance))
		}
	}
	c.Distance += farthest * (1 + best.factor.rounding())
	return c, nil
}
