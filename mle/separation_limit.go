package mle

import (
	"context"
	"math"
	"slices"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// limit is a likelihood in the limit along directions that separate some
// contests: their losers have probability 0. What remains does not depend on
// some of the parameters, which are held at 0.
type limit struct {
	whole *problem
	won   contests
	free  []int // the parameters that are not held
	p     *problem
	b     *block
	exact exactness
}

// limit returns the limit of the problem of s in which the contests are won. The
// free parameters are to be independent on the contests that are not.
func (s *solver) limit(won contests, free []int) *limit {
	l := &limit{whole: s.p, won: won, free: free, p: s.p, b: s.b, exact: s.exact}
	if s.p.hits == nil || !slices.Contains(won.in, true) {
		return l
	}
	// A row of two classes is decided as a whole: it has no weight any more.
	q := *s.p
	q.weight, q.hits = make([]float64, q.rows()), make([]float64, q.rows())
	for i := range q.weight {
		if !won.has(i, 0) && !won.has(i, 1) {
			q.weight[i], q.hits[i] = s.p.w(i), s.p.hits[i]
		}
	}
	l.p, l.b = &q, q.newBlock()
	return l
}

// mask takes the losers of the rows of the block out of the softmax.
func (l *limit) mask() {
	if l.p.hits != nil { // rows without weight
		return
	}
	for j := range l.b.n {
		for k, z := 0, tensor.Row(l.b.z, j); k < len(z); k++ {
			if l.won.has(l.b.from+j, k) {
				z[k] = math.Inf(-1)
			}
		}
	}
}

// evaluate is [problem.evaluate] for the limit, with the derivatives by all the
// parameters.
func (l *limit) evaluate(ctx context.Context, theta, info []float64) (point, error) {
	p := l.p
	if p.hits != nil {
		return p.evaluate(ctx, l.b, theta, info)
	}
	grad := dd.NewVector(p.size())
	clear(info)
	var loss tensor.Sum
	for from := 0; p.load(l.b, from); from += l.b.n {
		if err := ctx.Err(); err != nil {
			return point{}, err
		}
		p.linear(l.b, theta)
		l.mask()
		loss.Add(p.respond(l.b))
		p.addGradient(l.b, grad)
		if info != nil {
			p.addInformation(l.b, info)
		}
	}
	pt := point{theta: theta, loss: loss.Value(), value: loss.Value(), grad: make([]float64, p.size()), info: info}
	rounded(pt.grad, grad)
	if info != nil {
		p.finishInformation(info)
	}
	return pt, nil
}

// evaluateExactly is [problem.evaluateExactly] for the limit.
func (l *limit) evaluateExactly(ctx context.Context, theta dd.Vector, want want) (exactPoint, error) {
	p := l.p
	if p.hits != nil {
		return p.evaluateExactly(ctx, l.b, theta, want)
	}
	pt := exactPoint{theta: theta, grad: dd.NewVector(p.size())}
	if want.info {
		pt.info = dd.NewVector(p.size() * p.size())
	}
	sum, row := dd.NewVector(1), newExactRow(p)
	for from := 0; p.load(l.b, from); from += l.b.n {
		if err := ctx.Err(); err != nil {
			return pt, err
		}
		for j := range l.b.n {
			if w := p.w(from + j); w != 0 {
				x := tensor.Row(l.b.x, j)
				sum.Add(0, l.softmaxExactly(row, from+j, x, theta, w))
				for k := range p.logits() {
					pt.grad.Slice(k*p.terms, (k+1)*p.terms).AddScaled(row.residual[k+p.first], x)
				}
				if want.info {
					p.addExactInformation(pt.info, row, x, w)
				}
			}
		}
	}
	pt.loss = sum.At(0)
	pt.value = pt.loss
	return pt, nil
}

// softmaxExactly fills in the exactRow of row i among the classes that have not
// lost, and returns its loss.
func (l *limit) softmaxExactly(e *exactRow, i int, x []float64, theta dd.Vector, w float64) dd.Float {
	p := l.p
	some := newExactRow(p) // of the classes left
	var left []int
	label := 0
	for k := range p.classes {
		e.p[k], e.q[k], e.residual[k] = dd.Float{}, dd.New(1), dd.Float{}
		if l.won.has(i, k) {
			continue
		}
		if k == p.label[i] {
			label = len(left)
		}
		if r := k - p.first; r >= 0 {
			some.z[len(left)] = theta.Slice(r*p.terms, (r+1)*p.terms).Dot(x)
		}
		left = append(left, k)
	}
	n := len(left)
	some.z, some.p, some.q, some.residual = some.z[:n], some.p[:n], some.q[:n], some.residual[:n]
	loss := some.softmax(w, label, true)
	for at, k := range left {
		e.p[k], e.q[k], e.residual[k] = some.p[at], some.q[at], some.residual[at]
	}
	return loss
}

// gather returns the entries of the free parameters.
func (l *limit) gather(g []float64) []float64 {
	v := make([]float64, len(l.free))
	for i, at := range l.free {
		v[i] = g[at]
	}
	return v
}

// scatter returns the vector of all parameters that has the entries v at the free
// ones and 0 at the others.
func (l *limit) scatter(v []float64) []float64 {
	g := make([]float64, l.p.size())
	for i, at := range l.free {
		g[at] = v[i]
	}
	return g
}

// gatherSquare returns the rows and columns of the free parameters of a square
// matrix.
func (l *limit) gatherSquare(h []float64) []float64 {
	n, size := len(l.free), l.p.size()
	g := make([]float64, n*n)
	for i, from := range l.free {
		for j, at := range l.free {
			g[i*n+j] = h[from*size+at]
		}
	}
	return g
}
