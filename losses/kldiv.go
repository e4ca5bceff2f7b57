package losses

import (
	"math"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// KLDiv is the Kullback-Leibler divergence KL(p‖q) of a model q, given as
// log-probabilities x = log q, from a target distribution p:
//
//	p·(log p − x)
//
// in nats, element by element; over a row it adds up to the divergence, also
// known as relative entropy: what [CrossEntropy] with probabilities costs beyond
// the entropy of the target. It has the gradient of the negative log-likelihood
// of a categorical model. 0·log 0 is 0, also for q = 0, with the derivative −Inf
// with respect to p; where q = 0 and p > 0 the loss is +Inf.
//
// As in PyTorch Mean divides by the number of elements; BatchMean divides by the
// number of rows and is what the mathematics means. Compare
// https://pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html
type KLDiv struct {
	LogTarget bool // the target is given as log p
	Reduction Reduction
}

// Loss returns the divergence for log-probabilities x and the target t, both
// n×C: n×C without reduction, otherwise 1×1. It has derivatives with respect to
// both. It panics if the shapes differ.
func (l KLDiv) Loss(x, t autograd.Var) autograd.Var {
	const name = "KLDiv"
	checkReduction(name, l.Reduction, BatchMean)
	s := settings{reduction: l.Reduction}
	if l.LogTarget {
		return record(name, klLogTarget{}, s, x, t)
	}
	return record(name, klDiv{}, s, x, t)
}

type klDiv struct{}

func (klDiv) loss(l []float64, d, in block) {
	for j, x := range in.x {
		p := in.t[j]
		gap := math.Log(p) - x
		if l[j] = p * gap; p == 0 && x == x { // NaN stays
			l[j] = 0
		}
		set(d.x, j, -p)
		set(d.t, j, gap+1)
	}
}

func (klDiv) curvature(h second, in block) {
	clear(h.xx)
	fill(h.xt, -1)
	for j := range h.tt {
		h.tt[j] = 1 / in.t[j]
	}
}

type klLogTarget struct{}

func (klLogTarget) loss(l []float64, d, in block) {
	tensor.Exp(l, in.t) // p
	for j, x := range in.x {
		p, gap := l[j], in.t[j]-x
		if p == 0 && x == x {
			gap = 0
		}
		l[j] = p * gap
		set(d.x, j, -p)
		set(d.t, j, p*(gap+1))
	}
}

func (klLogTarget) curvature(h second, in block) {
	clear(h.xx)
	if h.xt != nil {
		tensor.Exp(h.xt, in.t)
		for j, p := range h.xt {
			h.xt[j] = -p
		}
	}
	if h.tt != nil {
		tensor.Exp(h.tt, in.t)
		for j, p := range h.tt {
			if p != 0 {
				h.tt[j] = p * (in.t[j] - in.x[j] + 2)
			}
		}
	}
}
