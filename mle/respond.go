package mle

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// respond turns the logits of b into probabilities and residuals, and returns
// the sum of the weighted losses.
func (p *problem) respond(b *block) float64 {
	if p.hits != nil {
		return p.respondBinary(b)
	}
	return p.respondClasses(b)
}

// respondBinary replaces the logits (0, z) of each row by q and p. The loss is
// w·softplus(z) − hits·z = w·log1p(e^−|z|) + (the weight of the less probable
// class)·|z|.
func (p *problem) respondBinary(b *block) float64 {
	e := b.rest[:b.n]
	for i := range e {
		e[i] = -math.Abs(b.z.Data[i*b.z.Stride+1])
	}
	tensor.Exp(e, e)
	var loss tensor.Sum
	for i, e := range e {
		z, hits, w := tensor.Row(b.z, i), p.hits[b.from+i], p.w(b.from+i)
		small, large := e/(1+e), 1/(1+e)
		if v := z[1]; v > 0 {
			loss.Add(w*math.Log1p(e) + (w-hits)*v)
			z[0], z[1], b.top[i] = small, large, 1
		} else {
			loss.Add(w*math.Log1p(e) - hits*v)
			z[0], z[1], b.top[i] = large, small, 0
		}
		b.rest[i] = small
		b.residual.Data[i*b.residual.Stride] = (w-hits)*z[1] - hits*z[0]
	}
	return loss.Value()
}

// respondClasses replaces the logits of each row by the softmax.
func (p *problem) respondClasses(b *block) float64 {
	var loss tensor.Sum
	for i := range b.n {
		z, r := tensor.Row(b.z, i), tensor.Row(b.residual, i)
		if p.lost.in != nil {
			p.lost.mask(b.from+i, z)
		}
		w, class := p.w(b.from+i), p.label[b.from+i]
		greatest, mine := z[0], z[class]
		for _, v := range z {
			greatest = max(greatest, v)
		}
		top, rest := tensor.ExpGaps(z, z)
		loss.Add(w * (greatest - mine + math.Log1p(rest)))
		for k := range z {
			z[k] /= 1 + rest
		}
		b.top[i], b.rest[i] = top, rest/(1+rest)
		for k := range r {
			r[k] = w * z[k+p.first]
		}
		if k := class - p.first; k >= 0 {
			r[k] = -w * b.complement(i, class)
		}
	}
	return loss.Value()
}

// complement returns 1 − p of class k in row i of b, without cancellation.
func (b *block) complement(i, k int) float64 {
	if k == b.top[i] {
		return b.rest[i]
	}
	return 1 - b.z.Data[i*b.z.Stride+k]
}
