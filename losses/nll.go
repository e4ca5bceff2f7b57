package losses

import (
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// NLL is the negative log-likelihood of classes on their log-probabilities x:
// for class y
//
//	−w[y]·x[y]
//
// in nats. The log-probabilities are not checked; those of a log-softmax make it
// [CrossEntropy], which is faster and more accurate. It is the surprisal of the
// class under any model that gives log-probabilities.
//
// Mean divides by the sum of the weights of the rows that count: without weights
// it is the cross-entropy of the model relative to the empirical distribution.
// If no row counts, that is 0/0 = NaN. Compare
// https://pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
type NLL struct {
	Weight      []float64 // per class; nil: all 1
	RowWeight   []float64 // per row, such as frequencies; nil: all 1
	IgnoreIndex *int      // rows with this class do not count; nil: none
	Reduction   Reduction
}

// Classes returns the loss of the log-probabilities x, n×C, with a class index
// in 0…C−1 for every row: n×1 without reduction, otherwise 1×1. y and the
// weights must not change before the tape is reset. It panics if a label is out
// of range or a length does not fit.
func (l NLL) Classes(x autograd.Var, y []int) autograd.Var {
	const name = "NLL"
	n, c := x.Dims()
	checkReduction(name, l.Reduction, None)
	labels := classWeights{l.Weight, l.RowWeight, l.IgnoreIndex}
	labels.check(name, n, c)
	checkClasses(name, y, n, c, l.IgnoreIndex)
	op := autograd.Next[nll](x.Tape())
	op.classWeights, op.y, op.reduction = labels, y, l.Reduction
	op.divisor = 1
	if l.Reduction == Mean {
		op.divisor = labels.total(y)
	}
	return autograd.Record(op, l.Reduction.rowsOut(n), 1, x)
}

type nll struct {
	classWeights
	y         []int
	reduction Reduction
	divisor   float64
}

func (op *nll) Forward(n *autograd.Node) {
	x, out := n.In(0).RawMatrix(), n.Value().RawMatrix()
	var g tensor.Matrix
	if n.Wanted() {
		g = n.Buffer(0, x.Rows, x.Cols).RawMatrix()
		clear(g.Data)
	}
	var sum tensor.Sum
	for i, k := range op.y {
		var loss float64
		if w := op.of(i, k); w != 0 {
			loss = -w * x.Data[i*x.Stride+k]
		}
		if g.Data != nil && !op.ignored(i, k) {
			g.Data[i*g.Stride+k] = -op.of(i, k) / op.divisor
		}
		if op.reduction == None {
			out.Data[i] = loss
		}
		sum.Add(loss)
	}
	if op.reduction != None {
		out.Data[0] = sum.Value() / op.divisor
	}
}

func (op *nll) Backward(n *autograd.Node) { backward(n) }

func (op *nll) Tangent(n *autograd.Node) { tangent(n) }

// BackwardTangent: the loss is linear.
func (op *nll) BackwardTangent(n *autograd.Node) {
	if n.GradDot() != nil {
		dst, beta := n.GradDotIn(0)
		cotangentTangent(n, 0, dst, beta)
	}
}
