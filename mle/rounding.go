package mle

import (
	"context"
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// sizes are sums over the rows of a problem at some parameters that bound the
// rounding of its gradient, all for a unit roundoff of 1, and the leverages.
type sizes struct {
	// logit² = Σ cᵢ·Σₖ pₖεₖ² with εₖ = (d+3)·Σⱼ|xⱼwⱼ|, the error of the logits;
	// to first order it moves the gradient by logit in the metric of H⁻¹.
	logit float64
	// residual² = Σ cᵢ·(4‖rᵢ‖)², the norm in the metric of (diag p − ppᵀ)⁺: the
	// error of residuals that are accurate relative to their parts. It is
	// infinite where p vanishes; then that of terms is the better bound.
	residual float64
	// terms is c·|X|ᵀ|r|, whose rounding is that of sums over rows.
	terms []float64
	// objective bounds |f|'s error from that of the logits.
	objective float64
	// leverage is max (1/p₁ + 1/p₂)/c for the two least probable classes of a
	// row: a bound on R² at these parameters.
	leverage float64
}

// measure computes the sizes at theta.
func (p *problem) measure(ctx context.Context, b *block, theta []float64) (sizes, error) {
	m := sizes{terms: make([]float64, p.size())}
	w := tensor.Matrix{Rows: p.logits(), Cols: p.terms, Stride: p.terms, Data: absolute(nil, theta)}
	eps := tensor.Matrix{Rows: b.n, Cols: p.logits(), Stride: p.logits(), Data: make([]float64, p.blockRows()*p.logits())}
	grad := tensor.Matrix{Rows: p.logits(), Cols: p.terms, Stride: p.terms, Data: m.terms}
	for from := 0; p.load(b, from); from += b.n {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		p.linear(b, theta)
		p.respond(b)
		absolute(b.x.Data[:b.n*p.terms], b.x.Data[:b.n*p.terms])
		p.residualParts(b)
		eps.Rows = b.n
		tensor.Gemm(tensor.N, tensor.T, float64(p.terms+3), b.x, w, 0, eps)
		tensor.Gemm(tensor.T, tensor.N, p.c, b.residual, b.x, 1, grad)
		for i := range b.n {
			p.measureRow(&m, b, i, tensor.Row(eps, i))
		}
	}
	m.logit, m.residual = math.Sqrt(m.logit), 4*math.Sqrt(m.residual)
	p.penaltySizes(theta, m.terms)
	return m, nil
}

// residualParts replaces the residuals of b by the sums of the magnitudes of
// what they are the difference of.
func (p *problem) residualParts(b *block) {
	r := b.residual.Data[:b.n*p.logits()]
	absolute(r, r)
	if p.hits == nil {
		return
	}
	for i := range r {
		hits, z := p.hits[b.from+i], tensor.Row(b.z, i)
		r[i] = (p.w(b.from+i)-hits)*z[1] + hits*z[0]
	}
}

func (p *problem) measureRow(m *sizes, b *block, i int, eps []float64) {
	c := p.c * p.w(b.from+i)
	if c == 0 {
		return
	}
	prob, r := tensor.Row(b.z, i), tensor.Row(b.residual, i)
	least, second := math.Inf(1), math.Inf(1)
	for _, v := range prob {
		if v < least {
			least, second = v, least
		} else {
			second = min(second, v)
		}
	}
	m.leverage = max(m.leverage, (1/least+1/second)/c)
	var sum float64
	for k, e := range eps {
		v := prob[k+p.first]
		if k+p.first == b.top[i] && p.classes == 2 {
			v = b.rest[i] // p(1−p) is below both
		}
		a := r[k] / p.w(b.from+i)
		m.logit += c * v * e * e
		m.objective += c * a * e
		sum += a
		if a > 0 {
			m.residual += c * a * a / prob[k+p.first]
		}
	}
	if p.first == 1 && sum > 0 {
		m.residual += c * sum * sum / prob[0]
	}
}

// penaltySizes adds what the penalty contributes to the terms of the gradient.
func (p *problem) penaltySizes(theta, terms []float64) {
	p.coefficients(func(i int, s float64) {
		w := math.Abs(theta[i] * s)
		if p.penalty.ridge > 0 {
			terms[i] += p.penalty.ridge * w * s
		}
		if p.penalty.logF {
			terms[i] += math.Tanh(w/2) / 2 * s
		}
	})
	for j := range p.gauged() {
		var sum float64
		for i := j; i < len(theta); i += p.terms {
			sum += math.Abs(theta[i])
		}
		for i := j; i < len(theta); i += p.terms {
			terms[i] += p.penalty.gauge / float64(p.logits()) * sum
		}
	}
}

// absolute sets dst to |x|; nil means a new slice.
func absolute(dst, x []float64) []float64 {
	if dst == nil {
		dst = make([]float64, len(x))
	}
	for i, v := range x {
		dst[i] = math.Abs(v)
	}
	return dst
}
