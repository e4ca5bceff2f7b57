package mle

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// limitOptimum is the maximum of a limit likelihood.
type limitOptimum struct {
	theta  dd.Vector
	loss   float64
	factor factor // of the information of the free parameters
}

// optimum finds the maximum of the limit from where it was proved to exist, in
// double-double where the problem is small enough.
func (l *limit) optimum(ctx context.Context, theta []float64, gamma float64) (limitOptimum, error) {
	n := len(l.free)
	best := limitOptimum{theta: dd.Vector{Hi: theta, Lo: make([]float64, len(theta))}}
	info := make([]float64, l.p.size()*l.p.size())
	for previous := math.Inf(1); ; {
		pt, err := l.p.evaluate(ctx, l.b, theta, info)
		if err != nil {
			return best, err
		}
		best.theta.Hi, best.loss = theta, pt.loss
		if n == 0 {
			return best, nil
		}
		c, ok := newCholesky(l.gatherSquare(info), n, gamma)
		if !ok {
			return best, &NotCertifiedError{Why: "the information of the observations that are not separated is singular in float64"}
		}
		best.factor = c
		g := l.gather(pt.grad)
		white := slices.Clone(g)
		c.whiten(white)
		decrement := norm(white)
		if decrement < 1e-3 && !(decrement < previous/2) {
			break
		}
		previous = decrement
		c.solve(g)
		next, ok, err := l.descend(ctx, pt, l.scatter(g), decrement)
		if err != nil {
			return best, err
		}
		if !ok {
			break
		}
		theta = next
	}
	if !l.exact.gradient {
		return best, nil
	}
	return best, l.refine(ctx, &best)
}

// refine continues with gradients in double-double, and ends with the factor of
// the information in double-double.
func (l *limit) refine(ctx context.Context, best *limitOptimum) error {
	n := len(l.free)
	best.theta.Hi = slices.Clone(best.theta.Hi)
	for last, previous := false, math.Inf(1); ; {
		pt, err := l.p.evaluateExactly(ctx, l.b, best.theta, want{value: true, info: l.exact.information && last})
		if err != nil {
			return err
		}
		best.loss = pt.loss.Float64()
		if last {
			if l.exact.information {
				info := dd.NewVector(n * n)
				for i, from := range l.free {
					for j, at := range l.free[i:] {
						info.Set(i*n+i+j, pt.info.At(from*l.p.size()+at))
					}
				}
				if e, ok := newExactCholesky(info, n); ok {
					best.factor = e
				}
			}
			return nil
		}
		g := make([]float64, l.p.size())
		rounded(g, pt.grad)
		g = l.gather(g)
		white := slices.Clone(g)
		best.factor.whiten(white)
		decrement := norm(white)
		if last = decrement < 1e-18 || !(decrement < previous); last && decrement >= previous {
			continue
		}
		previous = decrement
		best.factor.solve(g)
		for i, at := range l.free {
			best.theta.Set(at, best.theta.At(at).AddFloat(-g[i]))
		}
	}
}

// finitePart returns the coefficients of the parameters that are determined, and
// their standard errors; NaN for the others.
func (l *limit) finitePart(best limitOptimum, determined func(at int) bool) (coef, se *mat.Dense, err error) {
	p, n := l.p, len(l.free)
	coef, se = mat.NewDense(p.logits(), p.terms, nil), mat.NewDense(p.logits(), p.terms, nil)
	place := make(map[int]int, n)
	for i, at := range l.free {
		place[at] = i
	}
	scaled := scaledErrors(best.factor, n)
	for at := range p.size() {
		r, t := at/p.terms, at%p.terms
		if !determined(at) {
			coef.Set(r, t, math.NaN())
			se.Set(r, t, math.NaN())
			continue
		}
		v, e := best.theta.At(at), scaled(place[at])
		if err := p.representable(at, v.Hi, e); err != nil {
			return nil, nil, err
		}
		coef.Set(r, t, v.Scale(p.unscale(at)).Float64())
		se.Set(r, t, e*p.unscale(at))
	}
	return coef, se, nil
}

// shorten replaces coefficients by those of smallest norm that give the same
// logits.
func (p *problem) shorten(s *columnSpace, coef *mat.Dense) {
	if s.Rank() == 0 {
		coef.Zero()
		return
	}
	rows := mat.NewDense(p.terms, s.Rank(), nil) // as columns, each of norm 1
	for i, id := range s.IDs() {
		x := slices.Clone(p.exactRows().row(id))
		largest := 0.0
		for _, v := range x {
			largest = max(largest, math.Abs(v))
		}
		scaleTo(x, 1/largest)
		scaleTo(x, 1/norm(x))
		rows.SetCol(i, x)
	}
	var qr mat.QR
	var q mat.Dense
	qr.Factorize(rows)
	qr.QTo(&q)
	for k := range p.logits() {
		w := coef.RawRowView(k)
		projected := make([]float64, len(w))
		for i := range s.Rank() {
			column := mat.Col(nil, i, &q)
			floats.AddScaled(projected, floats.Dot(column, w), column)
		}
		copy(w, projected)
	}
}
