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
const settled = 4e-9

// legible is the distance from the optimum in standard errors that is good enough
// to be proved with the rough bound on rounding, which costs next to nothing. A
// finer one takes another pass.
const legible = 1e-8

// descend finds the optimum from theta on in float64. The spread is that of the
// way to it, as far as known.
func (s *solver) descend(ctx context.Context, theta []float64, spread float64) (optimum, error) {
	n := s.p.size()
	d := &descent{solver: s, info: make([]float64, n*n), spread: spread, rate: 1}
	var err error
	if spread >= 1 {
		if theta, d.factor, err = s.head(ctx, theta); err != nil {
			return optimum{}, err
		}
		if d.factor != nil { // the errors of the sample
			d.rate = s.p.sampleError()
			d.spread = 5
		}
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
			return optimum{}, s.outOfSteps(decrement)
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
// before it left, a Newton step a part that is proportional to it.
func (d *descent) foresee(pt *point, decrement, previous float64) {
	if previous > 0 {
		d.rate = decrement / previous
		d.spread = pt.spread * d.rate
	}
	if pt.info != nil {
		d.rate = min(d.spread*newtonRate, 0.9)
	}
}

// newtonRate is, roughly, the spread of a Newton step by the square of that of
// the one before.
const newtonRate = 0.1

// ask decides what to compute at the point that the next step leads to: at the
// end the information and the bounds on rounding; before, the information if the
// passes that it saves cost more.
func (d *descent) ask(move []float64) ask {
	left := d.spread * d.rate
	if _, renew := cheapest(left, d.rate, d.p.informationCost()); !renew {
		return ask{move: move, roughly: true}
	}
	return ask{info: d.info, move: move, roughly: true, sizes: left <= settled}
}

// cheapest returns the cost in passes of going on to the end from a point whose
// next step has a spread, in a metric with a rate or one computed there at the
// price of an information matrix, and whether it is the latter.
func cheapest(spread, rate, price float64) (cost float64, renew bool) {
	if spread <= settled {
		return 1 + price, true
	}
	next := min(spread*newtonRate, 0.9)
	cost, _ = cheapest(spread*next, next, price)
	cost += 1 + price
	if rate > 0.5 {
		return cost, true
	}
	keep, _ := cheapest(spread*rate, rate, price)
	return min(cost, 1+keep), cost <= 1+keep
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
	return d.p.pass(ctx, d.b, pt.theta, ask{info: d.info, sizes: true, roughly: true})
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
	d.p.fold(best.theta)
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
	if s := radius * decrement; s < 0.1 && len(d.p.constant) == 0 {
		left := decrement * (math.Expm1(s) - s) / max(s, math.SmallestNonzeroFloat64)
		noise := 4. / 3 * d.noise(&pt.sizes, f, roundoff, d.gradientGamma()) // with that of theta
		far := left + f.rounding()*decrement
		if left < settled && far+noise < legible {
			e.certificate.ObjectiveError += decrement * decrement
			best.evaluated, err = d.prove(ctx, e, f, far, noise, s)
			return best, err
		}
	}
	best.evaluated, err = d.certify(ctx, best.theta.Hi, f, dd.Vector{Hi: pt.theta, Lo: best.theta.Lo})
	return best, err
}
