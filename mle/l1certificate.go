package mle

import (
	"context"
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// certifySparse proves how far theta is from the optimum of an objective with an
// L1 penalty. On the support the objective is smooth, and the theorem of
// [Certificate] bounds the distance to the optimum w of that; w is the optimum of
// all if no coefficient changes its sign on the way, which the distance tells,
// and every gradient off the support is within the threshold at w. It is what it
// is at theta, up to
//
//	√Hⱼⱼ·(δ + 2ρ·(eˢ−s−1)/s),  s = Rρ
//
// by the Cauchy–Schwarz inequality in the metric of H and the bound on the
// remainder of its first-order expansion.
func (s *solver) certifySparse(ctx context.Context, theta []float64, f *supported, at dd.Vector) (evaluated, error) {
	w, err := s.witness(ctx, theta, at)
	if err != nil {
		return evaluated{}, err
	}
	e, err := s.prove(ctx, w.evaluated, f, w.decrement(f), s.noise(&w.sizes, f, w.unit, w.gamma), w.spread)
	if err != nil || !e.certificate.Holds {
		return e, err
	}
	c := &e.certificate
	c.Method += ", on the support, and the gradients off it"
	rho := c.Distance
	change := e.delta + w.unit*w.sizes.logit
	if t := e.radius * rho; t > 0 {
		change += 2 * rho * (math.Expm1(t) - t) / t
	}
	thresholds := s.p.thresholds()
	for i, v := range theta {
		switch {
		case s.p.isIntercept(i):
		case v != 0:
			if math.Abs(v)*f.s[i] <= rho*math.Sqrt(f.inverseNorm()) {
				c.Holds, c.Why = false, nearZero(s.p, i)
			}
		default:
			sums := (float64(4*s.p.classes)*w.unit + w.gamma) * w.sizes.terms[i]
			if math.Abs(w.grad[i])+math.Sqrt(s.largestCurvature(i))*change+sums > thresholds[i] {
				c.Holds, c.Why = false, fmt.Sprintf("the gradient of %q, whose coefficient is 0, is too near the threshold", s.p.names[i%s.p.terms])
			}
		}
	}
	return e, nil
}

// largestCurvature bounds the element of the information at parameter i: no
// variance of a class is above ¼.
func (s *solver) largestCurvature(i int) float64 {
	p := s.p
	x := 1 / p.unit[i%p.terms]
	return p.c*p.total/4*x*x + p.penalty.ridge*p.unscale(i)*p.unscale(i)
}
