package mle

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/surprisal-ml/surprisal/internal/exact"
)

// separation is what has been proved of the contests of a problem.
type separation struct {
	s *solver
	p *problem
	// live are the terms that do not depend on those before them.
	live []bool
	// won are the contests that direction separates; it leaves the margins of
	// the others as they are.
	won       contests
	direction exact.Vector
	found     bool
	span      *span  // of the others, once there is a direction
	limit     *limit // where won is won
	// theta is where the maximum of the limit was proved to exist, nil if no
	// contest is left.
	theta []float64
	proof string
}

// separation returns what is known at first: nothing.
func (s *solver) separation(space *columnSpace) *separation {
	p := s.p
	a := &separation{s: s, p: p, won: p.noContests(), live: make([]bool, p.terms)}
	var free []int
	for k := range p.logits() {
		for _, j := range space.Pivots() {
			a.live[j] = true
			if at := k*p.terms + j; at != p.pin {
				free = append(free, at)
			}
		}
	}
	a.limit = s.limit(a.won, free)
	return a
}

// decide finds the largest set of contests that can be separated. Newton's method
// on the likelihood either proves that nothing can, or its steps come to point
// in a direction that does, which is verified in exact arithmetic; then the same
// is asked of the limit in that direction. Where the steps point nowhere clearly
// a linear program decides.
func (a *separation) decide(ctx context.Context, theta []float64) error {
	for {
		if !a.contested() {
			return nil
		}
		if len(a.limit.free) == 0 { // what is left are rows of zeros
			a.theta = theta
			return nil
		}
		more, err := a.advance(ctx, theta)
		if err != nil || !more {
			return err
		}
		a.limit = a.s.limit(a.won, a.span.Pivots())
		theta = a.limit.scatter(a.limit.gather(a.limit.p.start()))
	}
}

// contested reports whether a contest is left.
func (a *separation) contested() (left bool) {
	for i := range a.p.rows() {
		a.p.each(a.won, i, func(int, int) { left = true })
		if left {
			break
		}
	}
	return left
}

// advance separates more contests, or proves that none can be and returns false.
func (a *separation) advance(ctx context.Context, theta []float64) (bool, error) {
	l, n := a.limit, len(a.limit.free)
	info := make([]float64, a.p.size()*a.p.size())
	tries := 0
	for range 60 {
		pt, err := l.p.evaluate(ctx, l.b, theta, info)
		if err != nil {
			return false, err
		}
		c, ok := newCholesky(l.gatherSquare(info), n, a.s.gamma())
		if !ok || !isFinite(pt.value) {
			break
		}
		g := l.gather(pt.grad)
		decrement := slices.Clone(g)
		c.whiten(decrement)
		c.solve(g)
		step := l.scatter(g)
		m, err := l.margins(ctx, theta, step)
		if err != nil {
			return false, err
		}
		if m.stiemke <= 0.5 && c.rounding() < 0.1 {
			a.theta = theta
			a.proof = fmt.Sprintf("the Newton step makes the residuals a strictly positive combination of the margins that vanishes (Stiemke; %.2g of the allowed 1)", max(0, m.stiemke))
			return false, nil
		}
		if won, clear := l.split(m); clear && tries < 8 {
			tries++
			v := a.p.even(step)
			scaleTo(v, -1)
			if ok, err := a.separate(ctx, v, won); ok || err != nil {
				return ok, err
			}
		}
		if theta, ok, err = l.descend(ctx, pt, step, norm(decrement)); err != nil {
			return false, err
		} else if !ok {
			break
		}
	}
	return a.program(ctx)
}

// descend returns theta − t·step for the first t of 1, ½, ¼ … where the
// likelihood rises enough; false if there is none.
func (l *limit) descend(ctx context.Context, pt point, step []float64, decrement float64) ([]float64, bool, error) {
	theta := make([]float64, len(step))
	for t := 1.0; t > 1e-10; t /= 2 {
		floats.AddScaledTo(theta, pt.theta, -t, step)
		next, err := l.p.evaluate(ctx, l.b, theta, nil)
		if err != nil {
			return nil, false, err
		}
		if next.value <= pt.value-1e-4*t*decrement*decrement {
			return theta, true, nil
		}
	}
	return nil, false, nil
}

// separate tries to separate about the given contests in about the direction v,
// for even columns, and reports whether that was proved of some.
func (a *separation) separate(ctx context.Context, v []float64, won contests) (bool, error) {
	for i, w := range a.won.in {
		won.in[i] = won.in[i] || w
	}
	rest, ok, err := a.p.spanOf(ctx, won, a.live, len(a.limit.free))
	if !ok || err != nil {
		return false, err
	}
	v = rest.project(v)
	for _, bits := range []int{20, 53} { // few, for small numbers
		direction, ok := a.p.direction(ctx, rest, v, bits)
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if !ok {
			continue
		}
		after, ok, err := a.p.outcome(ctx, direction, a.won)
		if err != nil {
			return false, err
		}
		if !ok || slices.Equal(after.in, a.won.in) {
			continue
		}
		if !slices.Equal(after.in, won.in) {
			rest = nil
		}
		return true, a.accept(ctx, direction, after, rest)
	}
	return false, nil
}

// accept notes that the direction wins the contests that it was found to win. The
// span of the others is computed if it is nil.
func (a *separation) accept(ctx context.Context, direction exact.Vector, won contests, rest *span) (err error) {
	if a.found {
		if direction, err = a.follow(ctx, direction, won); err != nil {
			return err
		}
	}
	if rest == nil {
		if rest, _, err = a.p.spanOf(ctx, won, a.live, math.MaxInt); err != nil {
			return err
		}
	}
	a.won, a.direction, a.span, a.found = won, direction, rest, true
	return nil
}

// follow returns the direction so far, so much longer that adding the next one
// keeps what it has won.
func (a *separation) follow(ctx context.Context, next exact.Vector, won contests) (exact.Vector, error) {
	shift := max(0, next.Bits()-a.direction.Bits())
	for more := 4; ; more *= 2 {
		v := a.direction.AddShifted(uint(shift+more), next)
		after, ok, err := a.p.outcome(ctx, v, a.p.noContests())
		if err != nil || ok && slices.Equal(after.in, won.in) {
			return v, err
		}
	}
}
