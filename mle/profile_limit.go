package mle

import (
	"context"
	"math"
	"slices"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// profileOfLimit is profile where there is no estimate, or more than one: the
// supremum of the likelihood stands for its maximum.
func (f *Estimate) profileOfLimit(ctx context.Context, row, column int, z float64) (Interval, error) {
	x, p := f.Existence, f.p
	all := Interval{math.Inf(-1), math.Inf(1)}
	switch {
	case f.Options.Penalty != None || f.classWeighted():
		return all, f.likelihoodOnly()
	case x == nil || x.Coefficient == nil:
		return all, &Error{Problem: "it is not known which of the coefficients are infinite"}
	case x.Coefficient[row][column] == Either:
		return all, nil
	}
	at := x.place(column)
	j := row*p.terms + at
	h, err := f.holdInLimit(ctx, row, at)
	if err != nil {
		return all, err
	}
	c := profile{h: h, j: j, top: dd.New(-x.SupLogLik), level: z}
	start := make([]float64, p.size())
	for _, i := range h.free {
		start[i] = p.start()[i]
	}
	from, err := h.minimise(ctx, start)
	if err != nil {
		return all, err
	}
	unit := p.unit[at]
	switch x.Coefficient[row][column] {
	case PlusInfinity:
		all.Low, err = c.end(ctx, from, bracket{inner: math.Inf(1), outer: math.Inf(-1), reach: unit})
	case MinusInfinity:
		all.High, err = c.end(ctx, from, bracket{inner: math.Inf(-1), outer: math.Inf(1), reach: unit})
	default:
		w, reach := x.FiniteCoef.At(row, column)/p.unscale(j), z*x.FiniteSE.At(row, column)/p.unscale(j)
		if from, err = c.to(ctx, from, w); err != nil {
			return all, err
		}
		var ends [2]float64
		for i, sign := range []float64{-1, 1} {
			away, err := c.to(ctx, from, w+sign*reach)
			if err == nil {
				ends[i], err = c.end(ctx, away, bracket{inner: w, outer: sign * math.Inf(1), reach: reach})
			}
			if err != nil {
				return all, err
			}
		}
		all = Interval{ends[0], ends[1]}
	}
	return all, err
}

// holdInLimit returns the problem with a coefficient held, in the limit along the
// directions that do not change the coefficient: without the rows that can still
// be separated, and with the parameters that do not matter for the others held
// as well.
//
// A fixed multiple of a column changes no direction of separation. So for two
// classes the rows are those that the other columns separate. For more, a
// coefficient is not a column, and is pinned.
func (f *Estimate) holdInLimit(ctx context.Context, row, column int) (*held, error) {
	p := f.p
	if p.hits == nil {
		space, err := p.columns(ctx)
		if err != nil {
			return nil, err
		}
		pinned := *p
		pinned.pin = row*p.terms + column
		a := newSolver(&pinned, &Options{}).separation(space)
		if err := a.decide(ctx, make([]float64, p.size())); err != nil {
			return nil, err
		}
		return &held{s: newSolver(a.limit.p, &Options{}), free: a.limit.free}, nil
	}
	others := p.without(column)
	space, err := others.columns(ctx)
	if err != nil {
		return nil, err
	}
	a := newSolver(others, &Options{}).separation(space)
	if err := a.decide(ctx, a.limit.scatter(a.limit.gather(others.start()))); err != nil {
		return nil, err
	}
	left := *p
	left.weight, left.hits = a.limit.p.weight, a.limit.p.hits
	h := &held{s: newSolver(&left, &Options{})}
	for _, at := range a.limit.free {
		if at >= column {
			at++
		}
		h.free = append(h.free, at)
	}
	return h, nil
}

// without returns a problem of two classes without one of its terms.
func (p *problem) without(term int) *problem {
	q := *p
	q.terms--
	q.scale = slices.Delete(slices.Clone(p.scale), term, term+1)
	q.unit = slices.Delete(slices.Clone(p.unit), term, term+1)
	q.names = slices.Delete(slices.Clone(p.names), term, term+1)
	skip := p.skip()
	if term < skip {
		q.intercept = false
		return &q
	}
	q.x = newMatrix(p.rows(), p.x.Cols-1)
	for i := range p.rows() {
		from, to := tensor.Row(p.x, i), tensor.Row(q.x, i)
		copy(to, from[:term-skip])
		copy(to[term-skip:], from[term-skip+1:])
	}
	return &q
}
