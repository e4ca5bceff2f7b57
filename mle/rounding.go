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
	pt, err := p.pass(ctx, b, theta, ask{sizes: true})
	return pt.sizes, err
}

// addSizes adds what the rows of s contribute at theta; roughly, as if every
// entry were as large as the largest of its column.
func (s *sweep) addSizes(m *sizes, theta []float64, roughly bool) {
	p := s.p
	eps, x := s.others(s.n), s.x // |X|·|θ|
	if roughly {
		p.largestLogits(s.totals, theta)
		tensor.AddRow(eps, 0, s.totals)
	} else {
		x = s.copyOf()
		for i := range s.n {
			absolute(tensor.Row(x, i), tensor.Row(s.x, i))
		}
		s.linear(eps, x, absolute(nil, theta))
	}
	if p.classes == 2 {
		s.sizesBinary(m, eps.Data[:s.n])
	} else {
		for i := range s.n {
			s.sizesRow(m, i, tensor.Row(eps, i))
		}
	}
	r := s.logitColumns(s.residual)
	if !roughly {
		tensor.Gemm(tensor.T, tensor.N, p.c, r, x, 1, tensor.Columns(p.matrix(m.terms), p.skip(), p.x.Cols))
	}
	for k, total := range s.columnTotals(r) {
		for j := range p.terms {
			if roughly || j < p.skip() {
				m.terms[k*p.terms+j] += p.c * total / p.unit[j]
			}
		}
	}
}

// largestLogits sets dst to bounds on |X|·|θ|.
func (p *problem) largestLogits(dst, theta []float64) {
	clear(dst)
	first := len(dst) - p.logits()
	for i, v := range theta {
		dst[first+i/p.terms] += math.Abs(v) / p.unit[i%p.terms]
	}
}

// sizesBinary adds to m what is not in terms, given the sums |X|·|θ|, and
// replaces the residuals by the sums of the magnitudes of their parts.
func (s *sweep) sizesBinary(m *sizes, eps []float64) {
	p := s.p
	k := float64(p.terms + 3)
	for i, pq := range s.product[:s.n] {
		w := p.w(s.from + i)
		c := p.c * w
		if c == 0 {
			continue
		}
		e, r := k*eps[i], &s.residual.Data[i]
		*r = math.Abs(*r)
		if !p.pure {
			hits := p.hits[s.from+i]
			*r = (w-hits)*s.z.Data[i] + hits*(1-s.z.Data[i])
		}
		a := *r / w
		m.leverage = max(m.leverage, 1/(pq*c))
		m.logit += c * pq * e * e
		m.objective += c * a * e
		if a > 0 {
			m.residual += c * a * a / pq
		}
	}
}

func (s *sweep) sizesRow(m *sizes, i int, eps []float64) {
	p := s.p
	w := p.w(s.from + i)
	c := p.c * w
	if c == 0 {
		return
	}
	least, second := math.Inf(1), math.Inf(1)
	prob, r := tensor.Row(s.z, i), tensor.Row(s.residual, i)
	for k, v := range prob {
		if p.lost.in != nil && p.lost.has(s.from+i, k) {
			continue
		}
		if v < least {
			least, second = v, least
		} else {
			second = min(second, v)
		}
		r[k] = math.Abs(r[k])
		e, a := float64(p.terms+3)*eps[k], r[k]/w
		m.logit += c * v * e * e
		m.objective += c * a * e
		if a > 0 {
			m.residual += c * a * a / v
		}
	}
	m.leverage = max(m.leverage, (1/least+1/second)/c)
}

func (m *sizes) finish(p *problem, theta []float64) {
	m.logit, m.residual = math.Sqrt(m.logit), 4*math.Sqrt(m.residual)
	p.penaltySizes(theta, m.terms)
}

// penaltySizes adds what the penalty contributes to the terms of the gradient.
func (p *problem) penaltySizes(theta, terms []float64) {
	p.coefficients(func(i int, s float64) {
		w := math.Abs(theta[i] * s)
		if p.penalty.ridge > 0 {
			terms[i] += p.penalty.ridge * w * s
		}
		terms[i] += p.penalty.lasso * s
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
			terms[i] += p.gauge(j) * sum
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
