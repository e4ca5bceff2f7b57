package losses

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
)

// BCEWithLogits is the binary cross-entropy of independent yes-no outcomes on
// their logits z, fused with the sigmoid: for a target t in [0, 1]
//
//	−[w₊·t·log σ(z) + (1−t)·log σ(−z)]
//
// in nats, element by element. It is the negative log-likelihood of a Bernoulli
// model with P(1) = σ(z), also known as logistic loss, log-loss and sigmoid
// cross-entropy; the mean over several columns is the multilabel loss. The
// tails are exact: logit −1000 with target 1 costs 1000, logit 40 costs 4.2e-18.
//
// Mean divides by the number of elements, whatever the weights, as
// torch.nn.functional.binary_cross_entropy_with_logits does.
type BCEWithLogits struct {
	Weight    *mat.Dense // n×K, n×1, 1×K or 1×1; nil: all 1
	PosWeight []float64  // w₊ per column, or one for all; nil: 1
	Reduction Reduction
}

// Loss returns the loss of the logits z with targets t of the same shape.
func (l BCEWithLogits) Loss(z, t autograd.Var) autograd.Var {
	_, cols := z.Dims()
	checkColumns("BCEWithLogits", "pos_weight", l.PosWeight, cols)
	return recordElements("BCEWithLogits", bceWithLogits{l.PosWeight}, l.Weight, l.Reduction, z, t)
}

type bceWithLogits struct{ posWeight []float64 }

func (k bceWithLogits) loss(j int, z, t, _ float64) (l float64, d [3]float64) {
	e := math.Exp(-math.Abs(z))
	log := math.Log1p(e)
	q := 1 / (1 + e)
	p, notP := q, e*q // σ(z) and σ(−z), neither by subtraction from 1
	plus, minus := log, z+log
	if z < 0 {
		p, notP = notP, p
		plus, minus = log-z, log
	}
	w := columnWeight(k.posWeight, j)
	yes, no := w*t, 1-t
	if yes != 0 { // 0·∞ is 0 here
		l += yes * plus
		d[0] -= yes * notP
	}
	if no != 0 {
		l += no * minus
		d[0] += no * p
	}
	d[1] = w*plus - minus
	return l, d
}

func (k bceWithLogits) curvature(j int, z, t, _ float64) (h [3][3]float64) {
	e := math.Exp(-math.Abs(z))
	q := 1 / (1 + e)
	p, notP := q, e*q
	if z < 0 {
		p, notP = notP, p
	}
	w := columnWeight(k.posWeight, j)
	h[0][0] = (w*t + 1 - t) * p * notP
	h[0][1] = -w*notP - p
	h[1][0] = h[0][1]
	return h
}
