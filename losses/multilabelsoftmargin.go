package losses

import (
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// MultiLabelSoftMargin is the mean over the classes of the binary cross-entropy
// of independent labels on their logits z: for targets t in [0, 1] a row costs
//
//	−1/C · Σ_c w[c]·[t[c]·log σ(z[c]) + (1−t[c])·log σ(−z[c])]
//
// in nats. It is 1/C of the negative log-likelihood of C Bernoulli models with
// P(1) = σ(z[c]): [BCEWithLogits], averaged over the columns first; also known
// as multilabel log-loss and sigmoid cross-entropy.
//
// Mean divides the sum over the rows by their number. Compare
// https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html
type MultiLabelSoftMargin struct {
	Weight    []float64 // per class; nil: all 1
	Reduction Reduction
}

// Loss returns the loss of the logits z with targets t, both n×C: n×1 without
// reduction, otherwise 1×1. It has derivatives with respect to both. Weight must
// not change before the tape is reset. It panics if a shape does not fit.
func (l MultiLabelSoftMargin) Loss(z, t autograd.Var) autograd.Var {
	const name = "MultiLabelSoftMargin"
	_, cols := z.Dims()
	checkReduction(name, l.Reduction, None)
	checkColumns(name, "weight", l.Weight, cols)
	s := settings{perRow: true, reduction: l.Reduction}
	if l.Weight != nil {
		s.weight = tensor.Matrix{Rows: 1, Cols: cols, Stride: cols, Data: l.Weight}
	}
	return record(name, bceWithLogits{}, s, z, t)
}
