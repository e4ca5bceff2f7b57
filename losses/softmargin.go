package losses

import (
	"math"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// SoftMargin is the loss of yes-no outcomes coded t = ±1 on their logits x:
//
//	log(1 + e^−tx)
//
// in nats, element by element. It is the negative log-likelihood of a Bernoulli
// model with P(t) = σ(tx), the same as [BCEWithLogits] of the targets (t+1)/2,
// also known as logistic loss, log-loss and binomial deviance (halved). Neither
// tail overflows: tx = −800 costs 800.
//
// Mean divides by the number of elements. Compare
// https://pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html
type SoftMargin struct {
	Reduction Reduction
}

// Loss returns the loss of the logits x with targets t, both n×K: n×K without
// reduction, otherwise 1×1. It has derivatives with respect to both. It panics
// if the shapes differ.
func (l SoftMargin) Loss(x, t autograd.Var) autograd.Var {
	const name = "SoftMargin"
	checkReduction(name, l.Reduction, None)
	return record(name, softMargin{}, settings{reduction: l.Reduction}, x, t)
}

type softMargin struct{}

func (softMargin) loss(l []float64, d, in block) {
	for j, x := range in.x {
		l[j] = -in.t[j] * x
	}
	p := d.x // σ(−tx), in the memory of one of the derivatives
	if p == nil {
		p = d.t
	}
	tensor.SoftplusBeta(l, p, l, 1)
	for j, p := range p {
		t := in.t[j]
		set(d.x, j, -t*p)
		set(d.t, j, -in.x[j]*p)
	}
}

func (softMargin) curvature(h second, in block) {
	for j, x := range in.x {
		t := in.t[j]
		e := math.Exp(-math.Abs(t * x))
		p, v := 1/(1+e), e/((1+e)*(1+e)) // σ(−tx) and its slope
		if t*x > 0 {
			p *= e
		}
		set(h.xx, j, t*t*v)
		set(h.tt, j, x*x*v)
		set(h.xt, j, t*x*v-p)
	}
}
