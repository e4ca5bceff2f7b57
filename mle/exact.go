package mle

import (
	"context"
	"slices"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// exactPoint is a point in double-double arithmetic.
type exactPoint struct {
	theta dd.Vector
	loss  dd.Float // Σwᵢ·(−log pᵢ), if wanted
	value dd.Float // f, likewise
	grad  dd.Vector
	info  dd.Vector // upper triangle of ∇²f, size×size; empty unless asked for
}

// want says what evaluateExactly computes beside the gradient.
type want struct{ value, info bool }

// evaluateExactly computes ∇f at theta, and f and ∇²f if wanted, in
// double-double arithmetic throughout: products, exponentials and sums.
func (p *problem) evaluateExactly(ctx context.Context, b *block, theta dd.Vector, want want) (exactPoint, error) {
	pt := exactPoint{theta: theta, grad: dd.NewVector(p.size())}
	if want.info {
		pt.info = dd.NewVector(p.size() * p.size())
	}
	sum := dd.NewVector(1) // of the losses
	e := newExactRow(p)
	for from := 0; p.load(b, from); from += b.n {
		if err := ctx.Err(); err != nil {
			return pt, err
		}
		for i := range b.n {
			w := p.w(b.from + i)
			if w == 0 {
				continue
			}
			x := tensor.Row(b.x, i)
			for k := range e.z {
				e.z[k] = dd.Float{}
				if l := k - p.first; l >= 0 {
					e.z[k] = theta.Slice(l*p.terms, (l+1)*p.terms).Dot(x)
				}
			}
			switch {
			case p.hits != nil:
				sum.Add(0, e.binary(w, p.hits[b.from+i], want.value))
			case p.lost.in != nil:
				sum.Add(0, e.softmaxOf(p.lost, b.from+i, w, p.label[b.from+i], want.value))
			default:
				sum.Add(0, e.softmax(w, p.label[b.from+i], want.value))
			}
			for l := range p.logits() {
				pt.grad.Slice(l*p.terms, (l+1)*p.terms).AddScaled(e.residual[l+p.first], x)
			}
			if want.info {
				p.addExactInformation(pt.info, e, x, w)
			}
		}
	}
	for _, v := range []dd.Vector{pt.grad, pt.info} {
		for i := range v.Hi {
			v.Set(i, v.At(i).MulFloat(p.c))
		}
	}
	pt.loss = sum.At(0)
	pt.value = pt.loss.MulFloat(p.c).Add(p.penaliseExactly(theta, pt.grad, pt.info))
	return pt, nil
}

// exactRow is what evaluateExactly computes of one row, by class.
type exactRow struct {
	z        []dd.Float // logits
	p, q     []dd.Float // probabilities and 1 − p
	residual []dd.Float // w·(p − y)
}

func newExactRow(p *problem) *exactRow {
	k := p.classes
	all := make([]dd.Float, 4*k)
	return &exactRow{all[:k], all[k : 2*k], all[2*k : 3*k], all[3*k:]}
}

// binary fills in the row from its logits and returns w·softplus(z) − hits·z if
// wanted.
func (e *exactRow) binary(w, hits float64, value bool) dd.Float {
	z := e.z[1]
	p, q := dd.Logistic(z)
	e.p[1], e.q[1] = p, q
	misses := dd.TwoSum(w, -hits)
	e.residual[1] = p.Mul(misses).Sub(q.MulFloat(hits))
	switch {
	case !value:
		return dd.Float{}
	case z.Hi > 0:
		return dd.Softplus(z.Neg()).MulFloat(w).Add(z.Mul(misses))
	}
	return dd.Softplus(z).MulFloat(w).Sub(z.MulFloat(hits))
}

// softmax fills in the row from its logits and returns −w·log p of the class if
// wanted.
func (e *exactRow) softmax(w float64, class int, value bool) dd.Float {
	top := 0
	for k, z := range e.z {
		if z.Sub(e.z[top]).Hi > 0 {
			top = k
		}
	}
	greatest := e.z[top]
	var rest dd.Float
	for k, z := range e.z {
		if k == top {
			e.p[k] = dd.New(1)
			continue
		}
		e.p[k] = dd.Exp(z.Sub(greatest))
		rest = rest.Add(e.p[k])
	}
	total := rest.AddFloat(1)
	for k := range e.p {
		e.p[k] = e.p[k].Div(total)
		e.q[k] = dd.New(1).Sub(e.p[k])
	}
	e.q[top] = rest.Div(total)
	for k, v := range e.p {
		e.residual[k] = v.MulFloat(w)
	}
	e.residual[class] = e.q[class].MulFloat(-w)
	if !value {
		return dd.Float{}
	}
	return greatest.Sub(e.z[class]).Add(dd.Log1p(rest)).MulFloat(w)
}

// softmaxOf is softmax for row i of a limit, of the classes that have not lost.
func (e *exactRow) softmaxOf(lost contests, i int, w float64, class int, value bool) dd.Float {
	var left []int
	for k := range e.z {
		e.p[k], e.q[k], e.residual[k] = dd.Float{}, dd.New(1), dd.Float{}
		if !lost.has(i, k) {
			left = append(left, k)
		}
	}
	some := exactRow{z: pick(e.z, left), p: pick(e.p, left), q: pick(e.q, left), residual: pick(e.residual, left)}
	loss := some.softmax(w, slices.Index(left, class), value)
	for at, k := range left {
		e.p[k], e.q[k], e.residual[k] = some.p[at], some.q[at], some.residual[at]
	}
	return loss
}

// addExactInformation adds w(diag p − ppᵀ)⊗xxᵀ to the upper triangle.
func (p *problem) addExactInformation(info dd.Vector, e *exactRow, x []float64, w float64) {
	n, d := p.size(), p.terms
	for k := range p.logits() {
		for l := k; l < p.logits(); l++ {
			v := e.p[k+p.first].MulFloat(w)
			if k == l {
				v = v.Mul(e.q[k+p.first])
			} else {
				v = v.Mul(e.p[l+p.first]).Neg()
			}
			for j, u := range x {
				from := 0
				if k == l {
					from = j
				}
				at := (k*d+j)*n + l*d
				info.Slice(at+from, at+d).AddScaled(v.MulFloat(u), x[from:])
			}
		}
	}
}
