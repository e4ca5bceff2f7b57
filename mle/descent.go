package mle

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// descent is a run to the optimum of a problem of many rows: Newton's method
// with an information matrix that is computed anew only where that saves time.
// Between, the last one is the metric of L-BFGS.
type descent struct {
	*solver
	factor factor
	memory memory
	info   []float64 // room for the information
	// spread estimates S of the next step, and rate what that step will leave of
	// it.
	spread, rate float64
	stuck        bool // rounding hides all further descent
}

// settled is the spread of a step from which on the information is that at the
// optimum in all digits that matter.
const settled = 1e-9

// descend finds the optimum from theta on in float64.
func (s *solver) descend(ctx context.Context, theta []float64) (optimum, error) {
	theta, f, err := s.head(ctx, theta)
	if err != nil {
		return optimum{}, err
	}
	n := s.p.size()
	d := &descent{solver: s, factor: f, info: make([]float64, n*n), spread: 1, rate: 1}
	if f != nil { // the errors of the sample
		d.rate = s.p.sampleError()
		d.spread = 2 * d.rate
	}
	pt, err := s.p.pass(ctx, s.b, theta, d.ask(nil))
	if err != nil {
		return optimum{}, err
	}
	step, previous := make([]float64, n), 0.0
	for {
		if !isFinite(pt.value) {
			return optimum{}, &NotCertifiedError{s.iterations, "the objective is not finite"}
		}
		if pt.info != nil {
			if d.factor, err = s.factorise(ctx, &pt); err != nil {
				return optimum{}, err
			}
			d.memory = memory{}
		}
		copy(step, pt.grad)
		d.factor.whiten(step)
		decrement := norm(step)
		s.observe(pt.value, decrement)
		d.foresee(&pt, decrement, previous)
		if pt.sizes.terms != nil && (d.stuck || d.spread < 1e3*settled) {
			return d.finish(ctx, &pt, decrement)
		}
		copy(step, pt.grad)
		d.memory.solve(step, d.factor)
		if s.iterations >= s.maxIterations() {
			return optimum{}, &NotCertifiedError{s.iterations, "the steps did not end; the data are probably separated"}
		}
		if s.watch != nil && d.rate > 0.5 {
			if err := s.watch(ctx, &pt, step); err != nil {
				return optimum{}, err
			}
		}
		s.iterations++
		if pt, err = d.advance(ctx, pt, step); err != nil {
			return optimum{}, err
		}
		previous = decrement
	}
}

// foresee estimates what the next step will do from what the last one did: a
// step in the metric of another point leaves of the error about what the one
// before it left, a Newton step the part that the information changes by.
func (d *descent) foresee(pt *point, decrement, previous float64) {
	if previous > 0 {
		d.rate = decrement / previous
		d.spread = pt.spread * d.rate
	}
	if pt.info != nil {
		d.rate = min(d.spread, 0.9)
	}
}

// ask decides what to compute at the point that the next step leads to: at the
// end the information and the bounds on rounding; before, the information if the
// passes that it saves cost more.
func (d *descent) ask(move []float64) ask {
	left := d.spread * d.rate
	switch {
	case left <= settled:
		return ask{info: d.info, move: move, roughly: true, sizes: true}
	case d.rate > 0.5 || d.p.informationCost()+passes(left, left)-1 < passes(left, d.rate):
		return ask{info: d.info, move: move, roughly: true}
	}
	return ask{move: move, roughly: true}
}

// passes is the number of steps from a spread to the end at a rate.
func passes(spread, rate float64) float64 {
	if rate >= 0.9 {
		return 100
	}
	return math.Ceil(math.Log(settled/spread) / math.Log(rate))
}

// informationCost is the time of the information matrix by that of the rest of
// a pass, from the multiplications of both and the reading of the rows.
func (p *problem) informationCost() float64 {
	d, k := float64(p.terms), float64(p.classes)
	return d * d * k * (k - 1) / 2 / 45 / (0.7*d + 0.2*d*k + 8*k)
}

// advance goes to theta − t·step for the first t of 1, ½, ¼ … where f has fallen
// enough. If there is none it returns the same point with all that an end needs.
func (d *descent) advance(ctx context.Context, pt point, step []float64) (point, error) {
	slope := floats.Dot(pt.grad, step)
	noise := 4 * d.gamma() * math.Abs(pt.value)
	move := make([]float64, len(step))
	for t := 1.0; t > 1e-10; t /= 2 {
		floats.ScaleTo(move, -t, step)
		theta := floats.AddTo(make([]float64, len(step)), pt.theta, move)
		next, err := d.p.pass(ctx, d.b, theta, d.ask(move))
		if err != nil {
			return next, err
		}
		if next.value <= pt.value-1e-4*t*slope+noise {
			d.memory.add(move, floats.SubTo(make([]float64, len(step)), next.grad, pt.grad))
			return next, nil
		}
		d.rate = 1
	}
	d.stuck = true
	return d.p.pass(ctx, d.b, pt.theta, ask{info: d.info, sizes: true})
}

// finish takes the last Newton step, from pt, and certifies where it leads. The
// gradient there need not be computed: a step to the minimum of the quadratic
// model leaves at most δ·(eˢ−s−1)/s of it, s = S(step) ≤ Rδ, and the rounding
// at pt (Sun and Tran-Dinh, lemma 2).
func (d *descent) finish(ctx context.Context, pt *point, decrement float64) (optimum, error) {
	f := d.factor
	best := optimum{theta: dd.Vector{Hi: slices.Clone(pt.grad), Lo: make([]float64, len(pt.grad))}, factor: f}
	f.solve(best.theta.Hi)
	floats.SubTo(best.theta.Hi, pt.theta, best.theta.Hi)
	if f.rounding() > 1e-8 {
		d.askForMore()
	}
	if d.exact.gradient {
		return best, nil
	}
	e := d.evaluated(pt)
	radius, err := d.radius(ctx, f, decrement, 1, e.leverage)
	if err != nil {
		return best, err
	}
	if s := radius * decrement; s < 0.1 {
		left := decrement * (math.Expm1(s) - s) / max(s, math.SmallestNonzeroFloat64)
		if left < settled {
			e.certificate.ObjectiveError += decrement * decrement
			noise := 4. / 3 * d.noise(&pt.sizes, f, roundoff, d.gradientGamma()) // with that of theta
			best.evaluated, err = d.prove(ctx, e, f, left+f.rounding()*decrement, noise, s)
			return best, err
		}
	}
	best.evaluated, err = d.certify(ctx, best.theta.Hi, f, dd.Vector{Hi: pt.theta, Lo: best.theta.Lo})
	return best, err
}
