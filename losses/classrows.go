package losses

import (
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// classBlock is for how many rows the kernel is called at once: enough to pay
// for the call, few enough for losses and weights to stay in the cache. A part
// has about classPart logits, and classPartRows rows at least, so that its
// scratch is small beside them.
const classBlock, classPart, classPartRows = 256, 1 << 14, 16

// classRows sets the value of the loss with classes and without smoothing, and
// buffer 0 to its gradient if that is needed.
func (op *crossEntropy) classRows(n *autograd.Node) {
	rows, cols := n.In(0).Dims()
	op.parts.divide(n, max(classPart/cols, classPartRows))
	count, size := len(op.parts.sums), min(classBlock, op.parts.rows, rows)
	n.Buffer(exponentials, count, tensor.SoftmaxNLLScratch(cols))
	n.Buffer(rowLosses, count, size)
	if op.weighted() {
		n.Buffer(rowWeights, count, size)
	}
	if total := op.parts.run(op); op.reduction != None {
		n.Value().RawMatrix().Data[0] = total / op.divisor
	}
}

// weighted reports whether a row may have a weight that is not 1.
func (op *crossEntropy) weighted() bool {
	return op.class != nil || op.row != nil || op.ignore != nil || op.divisor == 0
}

// Part computes losses and gradients of the rows of part p.
func (op *crossEntropy) Part(p int) {
	n := op.parts.node
	z, out := n.In(0).RawMatrix(), n.Value().RawMatrix()
	var dz tensor.Matrix
	if n.Needs(0) {
		dz = n.Kept(0).RawMatrix()
	}
	scratch := tensor.Row(n.Kept(exponentials).RawMatrix(), p)
	losses := tensor.Row(n.Kept(rowLosses).RawMatrix(), p)
	var weights []float64
	if op.weighted() {
		weights = tensor.Row(n.Kept(rowWeights).RawMatrix(), p)
	}
	var sum tensor.Sum
	for i, end := op.parts.of(p); i < end; i += len(losses) {
		k := min(len(losses), end-i)
		l, w := losses[:k], weights
		if op.reduction == None {
			l = out.Data[i : i+k]
		}
		if w != nil {
			w = w[:k]
			for r := range w {
				w[r], _ = op.scale(i + r)
			}
		}
		tensor.SoftmaxNLL(l, rowsOf(dz, i, k), rowsOf(z, i, k), op.y[i:i+k], w, op.divisor, scratch)
		sum.AddAll(l)
	}
	op.parts.sums[p] = sum
}

// rowsOf returns rows i to i+k of m as a matrix, m itself if it has no Data.
func rowsOf(m tensor.Matrix, i, k int) tensor.Matrix {
	if m.Data == nil {
		return m
	}
	return tensor.Matrix{Rows: k, Cols: m.Cols, Stride: m.Stride, Data: rows(m, i, k)}
}
