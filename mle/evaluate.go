package mle

import (
	"context"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// point is a problem at some parameters: the objective with its derivatives.
type point struct {
	theta []float64
	loss  float64   // Σwᵢ·(−log pᵢ)
	value float64   // f
	grad  []float64 // ∇f
	info  []float64 // ∇²f, size×size, both triangles; nil unless asked for
}

// evaluate computes f and ∇f at theta, and ∇²f if info is not nil: it is
// overwritten and kept in the point. The sums of blocks are added up without
// rounding.
func (p *problem) evaluate(ctx context.Context, b *block, theta, info []float64) (point, error) {
	grad := dd.NewVector(p.size())
	clear(info)
	var loss tensor.Sum
	for from := 0; p.load(b, from); from += b.n {
		if err := ctx.Err(); err != nil {
			return point{}, err
		}
		p.linear(b, theta)
		loss.Add(p.respond(b))
		p.addGradient(b, grad)
		if info != nil {
			p.addInformation(b, info)
		}
	}
	pt := point{theta: theta, loss: loss.Value(), grad: make([]float64, p.size()), info: info}
	for i := range pt.grad {
		pt.grad[i] = p.c * grad.At(i).Hi
	}
	if info != nil {
		p.finishInformation(info)
	}
	pt.value = p.c*pt.loss + p.penalise(theta, pt.grad, info)
	return pt, nil
}

// addGradient adds Σ rᵢ⊗xᵢ over the rows of b.
func (p *problem) addGradient(b *block, grad dd.Vector) {
	sum := tensor.Matrix{Rows: p.logits(), Cols: p.terms, Stride: p.terms, Data: b.sum}
	tensor.Gemm(tensor.T, tensor.N, 1, b.residual, b.x, 0, sum)
	for i, v := range b.sum {
		grad.Add(i, dd.New(v))
	}
}

// addInformation adds Σ wᵢ(diag pᵢ − pᵢpᵢᵀ)⊗xᵢxᵢᵀ over the rows of b to the blocks
// of info on and above the diagonal.
func (p *problem) addInformation(b *block, info []float64) {
	n, d := p.size(), p.terms
	v := b.weights[:b.n]
	for k := range p.logits() {
		for l := k; l < p.logits(); l++ {
			for i := range v {
				prob := tensor.Row(b.z, i)
				v[i] = p.w(b.from+i) * prob[k+p.first]
				if k == l {
					v[i] *= b.complement(i, k+p.first)
				} else {
					v[i] *= -prob[l+p.first]
				}
			}
			tensor.Gram(b.gram, b.x, v)
			for i := range d {
				dst := info[(k*d+i)*n+l*d:][:d]
				for j, g := range tensor.Row(b.gram, i) {
					dst[j] += g
				}
			}
		}
	}
}

// finishInformation multiplies info by c and copies what is above the diagonal
// to below.
func (p *problem) finishInformation(info []float64) {
	n := p.size()
	for i := range n {
		for j := i; j < n; j++ {
			info[i*n+j] *= p.c
			info[j*n+i] = info[i*n+j]
		}
	}
}
