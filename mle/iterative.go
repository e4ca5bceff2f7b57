package mle

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// manyParameters is the number of them beyond which Auto computes no information
// matrix.
const manyParameters = 2000

// choose returns the solver of the options, or one that suits the problem.
func (s *solver) choose() Solver {
	switch large := s.p.size() > manyParameters && s.p.classes > 2; {
	case s.p.penalty.lasso > 0:
		return ProximalNewton
	case s.o.Solver != Auto:
		return s.o.Solver
	case large && !s.p.penalty.logF:
		return LBFGS
	}
	return Newton
}

// patient is the number of steps of which slow ones begin to make existence
// doubtful.
const patient = 60

// iterate finds the optimum from theta on by L-BFGS or Newton–CG, both
// preconditioned by a Gram matrix.
func (s *solver) iterate(ctx context.Context, theta []float64) (optimum, error) {
	pt, f, err := s.precondition(ctx, theta)
	if err != nil {
		return optimum{}, err
	}
	for target := 1e-5; ; target /= 30 {
		if pt, err = s.iterateTo(ctx, pt, f, target); err != nil {
			return optimum{}, err
		}
		if s.p.size() <= manyParameters {
			return s.conclude(ctx, pt.theta, target)
		}
		best, done, err := s.certifyLarge(ctx, pt.theta)
		if err != nil || done || target < 1e-9 {
			return best, err
		}
	}
}

// iterateTo goes on from pt until the decrement is below the target, or rounding
// ends the descent.
func (s *solver) iterateTo(ctx context.Context, pt point, f factor, target float64) (point, error) {
	var m memory
	step := make([]float64, len(pt.theta))
	for {
		if !isFinite(pt.value) {
			return pt, &NotCertifiedError{s.iterations, "the objective is not finite"}
		}
		copy(step, pt.grad)
		f.whiten(step)
		decrement := norm(step)
		s.observe(pt.value, decrement)
		if decrement <= target {
			return pt, nil
		}
		if s.iterations >= s.maxIterations() {
			return pt, s.outOfSteps(decrement)
		}
		if s.watch != nil && s.iterations >= patient {
			if err := s.watch(ctx, &pt, step); err != nil {
				return pt, err
			}
		}
		s.iterations++
		copy(step, pt.grad)
		if s.ran == NewtonCG {
			if err := s.conjugateGradients(ctx, pt.theta, step, f, min(0.5, math.Sqrt(decrement))); err != nil {
				return pt, err
			}
		} else {
			m.solve(step, f)
		}
		next, ok, err := s.follow(ctx, &pt, step)
		if err != nil || !ok {
			return pt, err
		}
		m.add(floats.SubTo(make([]float64, len(step)), next.theta, pt.theta), floats.SubTo(make([]float64, len(step)), next.grad, pt.grad))
		pt = next
	}
}

// follow goes to theta − t·step for the first t of 1, ½, ¼ … where f has fallen
// enough, up to the rounding of f; false if there is none.
func (s *solver) follow(ctx context.Context, pt *point, step []float64) (point, bool, error) {
	slope := floats.Dot(pt.grad, step)
	noise := 4 * s.gamma() * math.Abs(pt.value)
	for t := 1.0; t > 1e-10; t /= 2 {
		theta := floats.AddScaledTo(make([]float64, len(step)), pt.theta, -t, step)
		next, err := s.p.evaluate(ctx, s.b, theta, nil)
		if err != nil {
			return next, false, err
		}
		if next.value <= pt.value-1e-4*t*slope+noise {
			return next, true, nil
		}
	}
	return *pt, false, nil
}

// certifyLarge proves how far theta is from the optimum by the Gram matrix with
// the least probability of each row, and reports whether that is near enough to
// leave it at that.
func (s *solver) certifyLarge(ctx context.Context, theta []float64) (optimum, bool, error) {
	s.p.fold(dd.Vector{Hi: theta, Lo: make([]float64, len(theta))})
	pt, err := s.p.pass(ctx, s.b, theta, ask{sizes: true, variance: leastProbability})
	if err != nil {
		return optimum{}, false, err
	}
	f, err := s.newKronecker(ctx, pt.variance)
	if err != nil {
		return optimum{}, false, err
	}
	best := optimum{theta: dd.Vector{Hi: theta, Lo: make([]float64, len(theta))}, factor: &lazyFactor{s: s, theta: theta}}
	e := s.evaluated(&pt)
	e.certificate.Method = "gradient in the metric of the Gram matrix with the least probabilities"
	g := slices.Clone(pt.grad)
	f.whiten(g)
	best.evaluated, err = s.prove(ctx, e, f, norm(g), s.noise(&pt.sizes, f, roundoff, s.gradientGamma()), 0)
	return best, best.certificate.Holds && best.certificate.Distance < 1e-4, err
}
