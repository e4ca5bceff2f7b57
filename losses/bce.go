package losses

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// BCE is the binary cross-entropy of independent yes-no outcomes on their
// probabilities p: for a target t in [0, 1]
//
//	−w·[t·log p + (1−t)·log(1−p)]
//
// in nats, element by element. It is the negative log-likelihood of a Bernoulli
// model with P(1) = p, also known as log-loss and binary log loss. Prefer
// [BCEWithLogits]: a probability in float64 has no digits left to say how far
// below 1 it is.
//
// As in PyTorch each logarithm is at least −100, so that p = 0 and p = 1 cost at
// most 100, and the gradient (p−t)/max(p(1−p), 1e-12) stays finite; second
// derivatives are those of this gradient. Mean divides by the number of
// elements, whatever the weights. Compare
// https://pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
type BCE struct {
	Weight    *mat.Dense // n×K, n×1, 1×K or 1×1; nil: all 1
	Reduction Reduction
}

// Loss returns the loss of the probabilities p with targets t, both n×K: n×K
// without reduction, otherwise 1×1. It has derivatives with respect to both.
// Weight must not change before the tape is reset. It panics if a shape does not
// fit, and if a probability is outside [0, 1] or NaN.
func (l BCE) Loss(p, t autograd.Var) autograd.Var {
	const name = "BCE"
	checkReduction(name, l.Reduction, None)
	m := p.Value().RawMatrix()
	for i := range m.Rows {
		for j, v := range tensor.Row(m, i) {
			if !(v >= 0 && v <= 1) {
				panic(misuse(name, "row %d, column %d: %v is not a probability; BCEWithLogits takes logits", i, j, v))
			}
		}
	}
	return record(name, bce{}, settings{weight: rawWeight(l.Weight), reduction: l.Reduction}, p, t)
}

// Where BCE departs from the likelihood.
const (
	bceLogFloor      = -100
	bceGradientFloor = 1e-12
)

type bce struct{}

func (bce) loss(l []float64, d, in block) {
	for j, p := range in.x {
		t := in.t[j]
		yes, no := -max(math.Log(p), bceLogFloor), -max(math.Log1p(-p), bceLogFloor)
		l[j] = math.FMA(t, yes, math.FMA(-t, no, no)) // (1−t)·no, without rounding 1−t
		if d.x != nil {
			d.x[j] = (p - t) / bceVariance(p)
		}
		set(d.t, j, yes-no)
	}
}

func (bce) curvature(h second, in block) {
	for j, p := range in.x {
		t, v := in.t[j], bceVariance(p)
		set(h.xt, j, -1/v)
		switch {
		case h.xx == nil:
		case v == bceGradientFloor:
			h.xx[j] = 1 / v
		default:
			h.xx[j] = t/(p*p) + (1-t)/((1-p)*(1-p))
		}
	}
	clear(h.tt)
}

func bceVariance(p float64) float64 { return max(p*(1-p), bceGradientFloor) }
