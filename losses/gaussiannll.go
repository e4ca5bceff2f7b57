package losses

import (
	"math"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// GaussianNLL is the negative log-likelihood of normal observations t with
// means x and variances v:
//
//	½·[log max(v, ε) + (x−t)²/max(v, ε)]   plus ½·log 2π if Full
//
// in nats, element by element; with equal variances it fits means by least
// squares, as [MSE] does. As in PyTorch the gradient with respect to v passes
// through the maximum unchanged, and Mean divides by the number of elements.
// Compare https://pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html
type GaussianNLL struct {
	Full      bool    // with the constant ½·log 2π
	Eps       float64 // ε, the smallest variance; 0 means 1e-6
	Reduction Reduction
}

// Loss returns the loss of the means x, observations t and variances v, all n×K:
// n×K without reduction, otherwise 1×1. It has derivatives with respect to all
// three. It panics if the shapes differ, and if a variance is negative.
func (l GaussianNLL) Loss(x, t, v autograd.Var) autograd.Var {
	const name = "GaussianNLL"
	checkReduction(name, l.Reduction, None)
	if !(l.Eps >= 0) {
		panic(misuse(name, "the smallest variance is %v", l.Eps))
	}
	m := v.Value().RawMatrix()
	for i := range m.Rows {
		for j, v := range tensor.Row(m, i) {
			if v < 0 {
				panic(misuse(name, "row %d, column %d: variance %v", i, j, v))
			}
		}
	}
	k := gaussian{eps: l.Eps}
	if k.eps == 0 {
		k.eps = 1e-6
	}
	if l.Full {
		k.constant = halfLog2Pi
	}
	return record(name, k, settings{reduction: l.Reduction}, x, t, v)
}

const halfLog2Pi = 0.918938533204672741780329736405617640

type gaussian struct{ eps, constant float64 }

func (k gaussian) loss(l []float64, d, in block) {
	for j, x := range in.x {
		v, r := max(in.v[j], k.eps), x-in.t[j]
		q := r / v
		l[j] = math.FMA(r, q, math.Log(v))/2 + k.constant
		set(d.x, j, q)
		set(d.t, j, -q)
		if d.v != nil {
			d.v[j] = (1 - r*q) / (2 * v)
		}
	}
}

func (k gaussian) curvature(h second, in block) {
	for j, x := range in.x {
		v, r := max(in.v[j], k.eps), x-in.t[j]
		q := r / v
		set(h.xx, j, 1/v)
		set(h.xt, j, -1/v)
		set(h.tt, j, 1/v)
		set(h.xv, j, -q/v)
		set(h.tv, j, q/v)
		set(h.vv, j, (2*r*q-1)/(2*v*v))
	}
}
