package mle

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Interval is a confidence interval; an end may be infinite.
type Interval struct{ Low, High float64 }

// Profile returns the profile-likelihood interval of the coefficient in a row and
// column of Coef: the values w for which the likelihood-ratio test of "the
// coefficient is w" does not reject,
//
//	2·(max log-likelihood − max log-likelihood with the coefficient held at w) ≤ z²,
//
// where z is the normal quantile of the level, 0 meaning 0.95. It needs no
// quadratic log-likelihood and does not depend on how the model is written: where
// Wald's interval fails, it is right. (R: confint of a glm.)
//
// Of an infinite coefficient, where the estimate does not exist, it is the
// interval up to +∞ or from −∞ on, with the supremum for the maximum; of one
// whose sign is not determined it is all numbers.
//
// Both ends are roots found by Newton's method on the root of the likelihood
// ratio, with the other coefficients at certified maxima. It is an error for
// fits with a penalty or class weights, for coefficients that are not those of
// maximum likelihood, and where no estimate exists with the coefficient held
// either.
//
// Source: Venzon and Moolgavkar, "A method for computing profile-likelihood-based
// confidence intervals" (Applied Statistics 37, 1988).
func (f *Estimate) Profile(ctx context.Context, row, column int, level float64) (Interval, error) {
	switch {
	case f.limited != nil:
		g := *f
		g.p = f.Existence.examined(f.limited)
		f = &g
	case f.p == nil:
		return Interval{}, f.single()
	}
	if rows, terms := len(f.Rows), len(f.Terms); row < 0 || row >= rows || column < 0 || column >= terms {
		panic(&tensor.UsageError{Op: "mle.Estimate.Profile", Problem: fmt.Sprintf("coefficient %d, %d of %d×%d", row, column, rows, terms)})
	}
	level, err := checkLevel(level)
	if err != nil {
		return Interval{}, err
	}
	z := quantile(level).Float64()
	var i Interval
	if f.Coef == nil {
		i, err = f.profileOfLimit(ctx, row, column, z)
	} else {
		i, err = f.profile(ctx, row, column, z)
	}
	if err != nil {
		return i, fmt.Errorf("profile of %s: %w", f.Terms[column], err)
	}
	if f.Coef == nil {
		column = f.Existence.place(column)
	}
	if column < 0 {
		return i, nil
	}
	u := f.p.unscale(column)
	return Interval{u * i.Low, u * i.High}, nil
}

func (f *Estimate) profile(ctx context.Context, row, column int, z float64) (Interval, error) {
	if err := f.maximal(); err != nil {
		return Interval{}, err
	}
	top, err := f.logLik(ctx)
	if err != nil {
		return Interval{}, err
	}
	j := row*f.p.terms + column
	s := f.solver()
	c := profile{h: s.hold(j), j: j, top: top.Neg(), level: z}
	along := make([]float64, f.p.size())
	along[j] = 1
	f.inner.solve(along) // column j of the covariance
	w, reach := f.theta.Hi[j], z*math.Sqrt(along[j])
	var ends [2]float64
	for i, sign := range []float64{-1, 1} {
		b := bracket{inner: w, outer: sign * math.Inf(1), reach: reach}
		at, err := c.h.minimise(ctx, moved(f.theta.Hi, along, j, w+sign*reach))
		if err == nil {
			ends[i], err = c.end(ctx, at, b)
		}
		if err != nil {
			return Interval{}, err
		}
	}
	return Interval{ends[0], ends[1]}, nil
}

// profile is the profile likelihood of parameter j.
type profile struct {
	h     *held
	j     int
	top   dd.Float // least loss
	level float64  // of the root of the likelihood ratio
}

// end returns the value of the parameter in a bracket where the root of the
// likelihood ratio is the level, searched from an optimum on.
func (c *profile) end(ctx context.Context, at heldOptimum, b bracket) (float64, error) {
	for range 100 {
		v := at.theta[c.j]
		ratio := 2 * max(0, at.loss.Sub(c.top).Hi)
		root := math.Sqrt(ratio)
		// The derivative of the least loss over the other parameters is the
		// partial derivative there.
		move := (c.level - root) * root / at.grad[c.j]
		noise := 4*roundoff*ratio + 2*at.rounding
		if math.Abs(move) <= 4*roundoff*math.Abs(v) || math.Abs(ratio-c.level*c.level) <= noise {
			return v + move, nil
		}
		next, ok := b.next(v, v+move, root < c.level)
		if !ok {
			return v, nil
		}
		var err error
		if at, err = c.to(ctx, at, next); err != nil {
			return 0, err
		}
	}
	return 0, &NotCertifiedError{c.h.s.iterations, "the end of the interval was not found"}
}

// to returns the optimum where the parameter is v, from another. The others move
// along the tangent; where Newton's method does not find the optimum from there,
// the way is halved.
func (c *profile) to(ctx context.Context, from heldOptimum, v float64) (heldOptimum, error) {
	w := v
	for range 100 {
		at, err := c.h.minimise(ctx, moved(from.theta, c.tangent(&from), c.j, w))
		var uncertified *NotCertifiedError
		switch half := from.theta[c.j] + (w-from.theta[c.j])/2; {
		case err == nil && w == v:
			return at, nil
		case err == nil:
			from, w = at, v
		case !errors.As(err, &uncertified) || half == w || half == from.theta[c.j]:
			return at, err
		default:
			w = half
		}
	}
	return from, &NotCertifiedError{c.h.s.iterations, "the optimum with the coefficient held was not found"}
}

// tangent returns how the free parameters move with parameter j at an optimum:
// −H⁻¹h, with h their mixed derivatives, and 1 for j.
func (c *profile) tangent(at *heldOptimum) []float64 {
	n := len(at.theta)
	along := make([]float64, n)
	if at.factor != nil {
		copy(along, at.info[c.j*n:(c.j+1)*n])
		at.factor.solve(along)
	}
	for i := range along {
		along[i] = -along[i]
	}
	along[c.j] = 1
	return along
}

// moved returns theta with parameter j at v and the others moved along.
func moved(theta, along []float64, j int, v float64) []float64 {
	theta = slices.Clone(theta)
	if along != nil {
		floats.AddScaled(theta, (v-theta[j])/along[j], along)
	}
	theta[j] = v
	return theta
}

// bracket is where the end of an interval is searched: between inner, inside of
// the interval, and outer. Either may be infinite still.
type bracket struct {
	inner, outer float64
	reach        float64 // the longest step allowed, which grows
}

// next takes up that v is inside or not, and returns the value to try after it: w
// if it is in the bracket and not too far. It returns false if no number is left.
func (b *bracket) next(v, w float64, inside bool) (float64, bool) {
	if inside {
		b.inner = v
	} else {
		b.outer = v
	}
	b.reach *= 4
	low, high, end := min(b.inner, b.outer), max(b.inner, b.outer), b.inner
	if inside {
		end = b.outer
	}
	if low < w && w < high && math.Abs(w-v) <= b.reach {
		return w, w != v
	}
	if w = v + (end-v)/2; math.IsInf(end, 0) {
		w = v + math.Copysign(b.reach, end)
	}
	return w, w != v && w != end
}
