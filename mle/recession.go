package mle

import (
	"context"
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/internal/exact"
)

// signBudget is about a second of work.
const signBudget = 1e9

// recession is the cone of all directions in which the likelihood does not
// decrease: those orthogonal to the span of the contests that cannot be
// separated, and lowering the margin of none of the others.
type recession struct {
	a     *separation
	cone  *cone // of the contests that are won
	known []exact.Vector
	// budget of the search: an exact solution for some hundreds of parameters,
	// or the projections of as many.
	budget *budget
	live   []int // the parameters of live terms
}

// signs says of every parameter what its sign is over the recession cone.
//
// By Farkas's lemma parameter j never falls in it if and only if the unit vector
// of j is a non-negative combination of contests that are won plus any of the
// others; otherwise there is a direction in which it falls. Either is verified:
// the combination by solving for it exactly, the direction on all contests. Where
// that takes more than the budget, signs are nil.
func (a *separation) signs(ctx context.Context, determined func(at int) bool) ([]Sign, error) {
	p := a.p
	r := &recession{a: a, known: []exact.Vector{a.direction}, live: a.liveParameters(), budget: &budget{signBudget}}
	each := func(i int, do func(y, k int)) {
		for k := range p.classes {
			if a.won.has(i, k) {
				do(p.observed(i, k), k)
			}
		}
	}
	var err error
	if r.cone, err = a.s.newCone(ctx, each, a.orthogonal()); err != nil {
		return nil, err
	}
	r.cone.budget = r.budget
	signs := make([]Sign, p.size())
	for at := range signs {
		switch {
		case a.span.Determined(at):
			signs[at] = Finite
		case !determined(at):
			signs[at] = Either
		default:
			switch signs[at], err = r.sign(ctx, at); {
			case errors.Is(err, errBudget):
				return nil, nil
			case err != nil:
				return nil, err
			}
		}
	}
	return signs, nil
}

// liveParameters returns the parameters of live terms.
func (a *separation) liveParameters() (live []int) {
	for at := range a.p.size() {
		if a.live[at%a.p.terms] {
			live = append(live, at)
		}
	}
	return live
}

// orthogonal returns a basis of the parameters of live terms that are orthogonal
// to the span.
func (a *separation) orthogonal() *mat.Dense {
	p, live := a.p, a.liveParameters()
	n, r := len(live), a.span.Rank()
	q := mat.NewDense(n, n, nil)
	if r > 0 {
		rows := mat.NewDense(n, r, nil)
		for j, at := range live {
			for i := range r {
				rows.Set(j, i, a.span.near.At(i, at))
			}
		}
		var qr mat.QR
		qr.Factorize(rows)
		qr.QTo(q)
	} else {
		for i := range n {
			q.Set(i, i, 1)
		}
	}
	basis := mat.NewDense(p.size(), n-r, nil)
	for j, at := range live {
		for i := range n - r {
			basis.Set(at, i, q.At(j, r+i))
		}
	}
	return basis
}

// sign returns the sign of a parameter that is not 0 in all of the cone. In the
// interior of the cone, where the direction of the separation is, it is strict.
func (r *recession) sign(ctx context.Context, at int) (Sign, error) {
	inside := r.known[0].SignOf(at)
	for _, v := range r.known {
		if inside == 0 || v.SignOf(at) == -inside {
			return Either, nil
		}
	}
	limited := PlusInfinity
	if inside < 0 {
		limited = MinusInfinity
	}
	t := slices.Clone(r.cone.basis.RawRowView(at))
	scaleTo(t, float64(inside)/norm(t))
	residual, active, err := r.cone.project(ctx, t)
	if err != nil {
		return limited, err
	}
	if norm(residual) > 1e-10 {
		if ok, err := r.falls(ctx, at, inside, residual); ok || err != nil {
			return Either, err
		}
	}
	target := exact.NewSum(r.a.p.size())
	target.Add(at, float64(inside))
	f := &farkas{p: r.a.p, each: r.cone.each, fixed: r.a.span.rows, columns: r.live, budget: r.budget}
	v, found, err := f.direction(ctx, target.Ints(), active)
	if err != nil || !found {
		return limited, err
	}
	r.known = append(r.known, v)
	return Either, nil
}

// falls looks for a direction of the cone in which a parameter has the opposite
// of its sign inside: that of the residual, drawn into the cone so far that no
// rounding takes it out.
func (r *recession) falls(ctx context.Context, at, inside int, residual []float64) (bool, error) {
	p := r.a.p
	v := r.cone.parameters(residual)
	scaleTo(v, -1)
	center := r.center()
	mix := make([]float64, len(v))
	whole := math.Abs(v[at] / center[at])
	for _, part := range []float64{0.5, 1e-2, 1e-4, 1e-6} {
		for i := range mix {
			mix[i] = v[i] + part*whole*center[i]
		}
		cost := p.rows() * p.size() * p.classes
		if rank := r.a.span.Rank(); rank > 0 {
			cost += exactCost(rank, exact.Digits(r.a.span.rows))
		}
		if err := r.budget.spend(cost); err != nil {
			return false, err
		}
		direction, ok := p.direction(ctx, r.a.span, mix, 53)
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if !ok || direction.SignOf(at) != -inside {
			continue
		}
		_, ok, err := p.outcome(ctx, direction, r.others())
		if err != nil {
			return false, err
		}
		if ok {
			r.known = append(r.known, direction)
			return true, nil
		}
	}
	return false, nil
}

// center returns the direction of the separation for even columns.
func (r *recession) center() []float64 {
	p := r.a.p
	v := slices.Clone(r.a.direction.Floats())
	shifts, least := p.shifts(), math.MaxInt
	for i, s := range shifts {
		if v[i] != 0 {
			least = min(least, s)
		}
	}
	for i, s := range shifts {
		v[i] = math.Ldexp(v[i], least-s)
	}
	return v
}

// others are the contests that cannot be separated, whose margins a direction
// that is orthogonal to them leaves as they are.
func (r *recession) others() contests {
	p := r.a.p
	o := p.noContests()
	for i := range p.rows() {
		p.each(r.a.won, i, func(_, k int) { o.add(i, k) })
	}
	return o
}
