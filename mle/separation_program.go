package mle

import (
	"context"
	"math/big"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/internal/exact"
	"github.com/surprisal-ml/surprisal/tensor"
)

// program decides what the Newton steps leave open by the alternatives of a
// linear program: either minus the sum of all contests is a non-negative
// combination of them, and no direction separates anything (Stiemke), or its
// distance to those combinations is a direction that does. What float64 finds is
// verified in exact arithmetic, and where it does not hold, continued there.
func (a *separation) program(ctx context.Context) (bool, error) {
	p := a.p
	basis := mat.NewDense(p.size(), len(a.limit.free), nil)
	for j, at := range a.limit.free {
		basis.Set(at, j, 1)
	}
	each := func(i int, do func(y, k int)) { p.each(a.won, i, do) }
	c, err := a.s.newCone(ctx, each, basis)
	if err != nil {
		return false, err
	}
	t := make([]float64, len(a.limit.free))
	if err := c.rows(ctx, func(_, _ int, g []float64) { floats.Sub(t, g) }); err != nil {
		return false, err
	}
	if size := norm(t); size > 0 {
		scaleTo(t, 1/size)
	}
	residual, active, err := c.project(ctx, t)
	if err != nil {
		return false, err
	}
	if size := norm(residual); size > 1e-10 {
		v := c.parameters(residual)
		scaleTo(v, -1)
		for _, least := range []float64{1e-9, 1e-7, 1e-5, 1e-3} {
			won, err := c.raised(ctx, v, least*size)
			if err != nil {
				return false, err
			}
			if ok, err := a.separate(ctx, v, won); ok || err != nil {
				return ok, err
			}
		}
	}
	f := &farkas{p: p, each: each, columns: a.limit.free}
	v, found, err := f.direction(ctx, a.minusSum(), active)
	if err != nil {
		return false, err
	}
	if !found {
		a.theta = a.limit.scatter(a.limit.gather(a.limit.p.start()))
		a.proof = "a positive combination of all margins vanishes (Stiemke), found by linear programming in rational arithmetic"
		return false, nil
	}
	after, _, err := p.outcome(ctx, v, a.won)
	if err != nil {
		return false, err
	}
	return true, a.accept(ctx, v, after, nil)
}

// raised returns the contests whose margin v, for even columns, raises by more
// than the limit, in units of the cone.
func (c *cone) raised(ctx context.Context, v []float64, limit float64) (contests, error) {
	p := c.p
	won := p.noContests()
	v = p.scaled(v)
	for from := 0; p.load(c.b, from); from += c.b.n {
		if err := ctx.Err(); err != nil {
			return won, err
		}
		p.linear(c.b, v)
		for j := range c.b.n {
			z := tensor.Row(c.b.z, j)
			c.each(from+j, func(y, k int) {
				if z[y]-z[k] > limit*c.norm[(from+j)*p.classes+k] {
					won.add(from+j, k)
				}
			})
		}
	}
	return won, nil
}

// minusSum returns minus the sum of the contests that are left.
func (a *separation) minusSum() []*big.Int {
	p := a.p
	e, sum := p.exactRows(), exact.NewSum(p.size())
	for i := range p.rows() {
		x := e.row(i)
		p.each(a.won, i, func(y, k int) {
			for j, v := range x {
				if y >= p.first {
					sum.Add((y-p.first)*p.terms+j, -v)
				}
				if k >= p.first {
					sum.Add((k-p.first)*p.terms+j, v)
				}
			}
		})
	}
	return sum.Ints()
}
