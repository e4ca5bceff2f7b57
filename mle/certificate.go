package mle

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// Certificate bounds how far a fit is from the optimum; the bounds are proved,
// rounding included. Beyond 1000 parameters one number in them is an estimate: the
// norm of the inverse that rounding is multiplied by is taken to be at most three
// times what LAPACK's condition estimate says.
//
// With δ = ‖∇f‖ in the metric of H⁻¹, H = ∇²f, and R the largest norm in that
// metric of a direction that changes a difference of two logits of a row, Rδ < 1
// proves that the optimum exists, is unique, and that
//
//	f − f* ≤ δ²·h(Rδ),  h(s) = (s + (1−s)·log(1−s))/s² = ½ + s/6 + …
//	‖w − w*‖ ≤ ρ = −log(1−Rδ)/R in the metric of H, so |wⱼ − wⱼ*| ≤ ρ·seⱼ.
//
// Sources: Bach, "Self-concordant analysis for logistic regression" (EJS 4,
// 2010), lemma 1; Sun and Tran-Dinh, "Generalized self-concordant functions"
// (Math. Programming 178, 2019), the case ν = 2.
type Certificate struct {
	// Gap bounds the objective at the coefficients less its optimum, in nats.
	Gap float64
	// Distance bounds that of every coefficient from the optimum, in standard
	// errors: |wⱼ − wⱼ*| ≤ Distance·seⱼ. With a penalty, seⱼ² stands for the
	// diagonal of H⁻¹; with an L1 penalty, of those that are not 0.
	Distance float64
	// ObjectiveError bounds the rounding of the objective as it is printed,
	// which is far larger than Gap.
	ObjectiveError float64
	Holds          bool
	Method         string
	Why            string // why it does not hold
}

// gapFactor is h(s).
func gapFactor(s float64) float64 {
	if s < 1e-3 {
		return 0.5 + s*(1./6+s*(1./12+s*(1./20)))
	}
	return (s + (1-s)*math.Log1p(-s)) / (s * s)
}

// evaluated is what a fit reports of its parameters.
type evaluated struct {
	loss, value float64 // rounded once if small enough for double-double
	leverage    float64 // see sizes
	radius      float64 // R and δ, as bounded
	delta       float64
	certificate Certificate
}

// certify proves how far theta is from the optimum. The factor is that of the
// information at another point, at, which may be theta.
func (s *solver) certify(ctx context.Context, theta []float64, f factor, at dd.Vector) (evaluated, error) {
	w, err := s.witness(ctx, theta, at)
	if err != nil {
		return evaluated{}, err
	}
	return s.prove(ctx, w.evaluated, f, w.decrement(f), s.noise(&w.sizes, f, w.unit, w.gamma), w.spread)
}

// witness is what a certificate of a point is made of.
type witness struct {
	evaluated
	grad   []float64
	sizes  sizes
	unit   float64 // bounds the relative rounding of operations in grad
	gamma  float64 // and that of sums over rows
	spread float64 // of the way from where the information is of
}

// witness returns the gradient at theta, in double-double for small problems.
func (s *solver) witness(ctx context.Context, theta []float64, at dd.Vector) (witness, error) {
	move := make([]float64, len(theta))
	for i := range move {
		move[i] = theta[i] - at.Hi[i] - at.Lo[i]
	}
	pt, err := s.p.pass(ctx, s.b, theta, ask{move: move, sizes: true})
	if err != nil {
		return witness{}, err
	}
	w := witness{s.evaluated(&pt), pt.grad, pt.sizes, roundoff, s.gradientGamma(), pt.spread}
	if !s.exact.gradient {
		return w, nil
	}
	exact, err := s.p.evaluateExactly(ctx, s.b, dd.Vector{Hi: theta, Lo: make([]float64, len(theta))}, want{value: true})
	if err != nil {
		return w, err
	}
	w.loss, w.value = exact.loss.Float64(), exact.value.Float64()
	w.certificate.Method = "Newton decrement, gradient in double-double"
	w.certificate.ObjectiveError = roundoff * math.Abs(w.value)
	rounded(w.grad, exact.grad)
	w.unit, w.gamma = exactRoundoff, exactGamma(s.p.rows())
	return w, nil
}

// decrement returns the norm of the gradient in the metric of a factor.
func (w *witness) decrement(f factor) float64 {
	g := slices.Clone(w.grad)
	f.whiten(g)
	return norm(g)
}

// evaluated returns what a pass in float64 tells of the objective.
func (s *solver) evaluated(pt *point) evaluated {
	return evaluated{loss: pt.loss, value: pt.value, leverage: pt.sizes.leverage, certificate: Certificate{
		Method:         "Newton decrement",
		ObjectiveError: roundoff * (pt.sizes.objective + 8*math.Abs(pt.value)),
	}}
}

// prove completes e by the bounds that follow from the norm of the gradient in
// the metric of the factor, the bound on its rounding in that metric, and the
// spread of the way from where the factor is of.
func (s *solver) prove(ctx context.Context, e evaluated, f factor, decrement, noise, spread float64) (evaluated, error) {
	c := &e.certificate
	tau := f.rounding()
	if tau > 0.5 {
		c.Why = fmt.Sprintf("the information matrix is too ill-conditioned: its rounding is %.2g of the bound", tau)
		return e, nil
	}
	// Between the two points the information changes by a factor of at most
	// exp(spread).
	stretch := math.Exp(spread/2) / (1 - tau)
	delta := (decrement + noise*stretch) * stretch
	radius, err := s.radius(ctx, f, delta, stretch, e.leverage)
	if err != nil {
		return e, err
	}
	t := radius * delta
	if !(t < 0.999) { // a hand's breadth from 1, which separated data approach
		c.Why = fmt.Sprintf("R·δ is %.3g, and only below 1 is an optimum proved%s", t, s.p.unlessPenalised("; separated data have none"))
		return e, nil
	}
	e.radius, e.delta = radius, delta
	c.Holds = true
	c.Gap = delta * delta * gapFactor(t)
	c.Distance = stretch * delta * logFactor(t)
	return e, nil
}

// exactRoundoff bounds the relative error of an operation in double-double,
// exponentials included.
const exactRoundoff = 0x1p-97

// exactGamma bounds the relative error of sums over n rows in double-double: that
// of the terms, and that of adding their low parts in float64 (Ogita, Rump and
// Oishi, see [dd.Vector.AddScaled]).
func exactGamma(n int) float64 {
	return float64(n)*exactRoundoff + float64(n)*float64(n)*0x1p-105
}

// noise bounds the norm of the rounding of the gradient in the metric of the
// inverse information, for a unit roundoff and the relative error gamma of sums
// over rows.
func (s *solver) noise(m *sizes, f factor, unit, gamma float64) float64 {
	var sum float64
	for i, d := range f.scale() {
		sum += m.terms[i] / d * m.terms[i] / d
	}
	terms := math.Sqrt(sum * f.inverseNorm())
	return unit*m.logit + min(unit*m.residual, float64(4*s.p.classes)*unit*terms) + gamma*terms
}

// logFactor returns −log(1−s)/s.
func logFactor(s float64) float64 {
	if s == 0 {
		return 1
	}
	return -math.Log1p(-s) / s
}

// radius returns R, or a bound on it that is good enough for the decrement.
func (s *solver) radius(ctx context.Context, f factor, delta, stretch, leverage float64) (float64, error) {
	const enough = 0.1 // h(0.1) is 4 % above h(0)
	least := math.Sqrt(leverage) * stretch * stretch
	if s.p.penalty.logF { // whose rows have the weight 1 and the probability ½ or less
		least = math.Inf(1)
	}
	if least*delta < enough {
		return least, nil
	}
	r, err := s.cheapRadius(ctx, f)
	least = min(least, r*stretch)
	if err != nil || least*delta < enough || s.p.radiusWork() > 1e9 {
		return least, err
	}
	r, err = s.exactRadius(ctx, f)
	return min(least, r*stretch), err
}
