package losses

import (
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// classBlock is for how many rows the kernel is called at once: enough to pay
// for the call, few enough for losses and weights to stay in the cache.
const classBlock = 256

// classRows sets the value of the loss with classes and without smoothing, and
// dz to its gradient unless that has no Data.
func (op *crossEntropy) classRows(n *autograd.Node, dz tensor.Matrix) {
	z, out := n.In(0).RawMatrix(), n.Value().RawMatrix()
	size := min(classBlock, z.Rows)
	scratch := n.Buffer(exponentials, 1, tensor.SoftmaxNLLScratch(z.Cols)).RawMatrix().Data
	losses := n.Buffer(rowLosses, 1, size).RawMatrix().Data
	var weights []float64
	if op.class != nil || op.row != nil || op.ignore != nil || op.divisor == 0 {
		weights = n.Buffer(rowWeights, 1, size).RawMatrix().Data
	}
	var sum tensor.Sum
	for i := 0; i < z.Rows; i += size {
		k := min(size, z.Rows-i)
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
	if op.reduction != None {
		out.Data[0] = sum.Value() / op.divisor
	}
}

// rowsOf returns rows i to i+k of m as a matrix, m itself if it has no Data.
func rowsOf(m tensor.Matrix, i, k int) tensor.Matrix {
	if m.Data == nil {
		return m
	}
	return tensor.Matrix{Rows: k, Cols: m.Cols, Stride: m.Stride, Data: rows(m, i, k)}
}
