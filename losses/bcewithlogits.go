package losses

import (
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// BCEWithLogits is the binary cross-entropy of independent yes-no outcomes on
// their logits z, fused with the sigmoid: for a target t in [0, 1]
//
//	−[w₊·t·log σ(z) + (1−t)·log σ(−z)]
//
// in nats, element by element. It is the negative log-likelihood of a Bernoulli
// model with P(1) = σ(z), also known as log-loss, logistic loss, binary
// cross-entropy and sigmoid cross-entropy; over several columns it is the
// multilabel loss. The tails are exact: logit −1000 with target 1 costs 1000,
// logit 40 costs 4.2e-18, logit +Inf costs 0.
//
// Mean divides by the number of elements, rows counted as often as RowWeight
// says, and whatever Weight and PosWeight are. Compare
// https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
type BCEWithLogits struct {
	Weight    *mat.Dense // n×K, n×1, 1×K or 1×1; nil: all 1
	RowWeight []float64  // per row, such as frequencies; nil: all 1
	PosWeight []float64  // w₊ per column, or one for all; nil: all 1
	Reduction Reduction
}

// Loss returns the loss of the logits z with targets t, both n×K: n×K without
// reduction, otherwise 1×1. It has derivatives with respect to both. Weights
// must not change before the tape is reset. It panics if a shape does not fit.
func (l BCEWithLogits) Loss(z, t autograd.Var) autograd.Var {
	const name = "BCEWithLogits"
	_, cols := z.Dims()
	checkReduction(name, l.Reduction, None)
	if len(l.PosWeight) != 1 {
		checkColumns(name, "pos_weight", l.PosWeight, cols)
	}
	return record(name, bceWithLogits{}, settings{
		weight: rawWeight(l.Weight), rowWeight: l.RowWeight, column: l.PosWeight, reduction: l.Reduction,
	}, z, t)
}

type bceWithLogits struct{}

func (bceWithLogits) loss(l []float64, d, in block) {
	tensor.SigmoidBCE(l, d.x, d.t, in.x, in.t, in.column)
}

func (bceWithLogits) curvature(h second, in block) {
	tensor.SigmoidBCECurvature(h.xx, h.xt, in.x, in.t, in.column)
	clear(h.tt)
}
