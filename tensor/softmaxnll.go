package tensor

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// SoftmaxNLL is the negative log-likelihood of classes under the softmax of
// their logits, and its gradient, in one pass over the logits z, n×C:
//
//	loss[i]  = weight[i]·(log Σⱼ exp z[i,j] − z[i,class[i]])
//	dz[i,j]  = weight[i]/divisor·(softmax(z[i])[j] − [j = class[i]])
//
// The gradient is that of loss[i]/divisor, n×C; a dz without Data is not
// computed, and dz may be z. p−1 does not cancel where the class is likely. A nil
// weight is all 1; a row of weight 0 does not count, whatever its logits and its
// class are. scratch has [SoftmaxNLLScratch](C) elements.
//
// It panics with a [UsageError] if the sizes do not fit, if there are no columns,
// or if the class of a row that counts is not one of them.
func SoftmaxNLL(loss []float64, dz, z Matrix, class []int, weight []float64, divisor float64, scratch []float64) {
	const op = "tensor.SoftmaxNLL"
	check(op, &z)
	if dz.Data != nil {
		check(op, &dz)
	}
	n := z.Rows
	if z.Cols < 1 || len(loss) != n || len(class) != n || weight != nil && len(weight) != n ||
		dz.Data != nil && (dz.Rows != n || dz.Cols != z.Cols) || len(scratch) < SoftmaxNLLScratch(z.Cols) {
		panic(&UsageError{op, fmt.Sprintf("logits %d×%d, gradient %d×%d, %d losses, classes %d, weights %d, scratch %d",
			n, z.Cols, dz.Rows, dz.Cols, len(loss), len(class), len(weight), len(scratch))})
	}
	for i, k := range class {
		if uint(k) >= uint(z.Cols) && (weight == nil || weight[i] != 0) {
			panic(&UsageError{op, fmt.Sprintf("row %d: class %d of %d", i, k, z.Cols)})
		}
	}
	vmath.SoftmaxNLL(loss, vmath.Rows{Data: dz.Data, Stride: dz.Stride}, vmath.Rows{Data: z.Data, Stride: z.Stride},
		z.Cols, class, weight, divisor, scratch)
}

// SoftmaxNLLScratch is the length of the scratch of [SoftmaxNLL] for rows of
// cols logits. It panics with a [UsageError] if cols is not positive.
func SoftmaxNLLScratch(cols int) int {
	if cols < 1 {
		panic(&UsageError{"tensor.SoftmaxNLLScratch", fmt.Sprintf("rows of %d logits", cols)})
	}
	return vmath.ScratchLen(cols)
}

// Divide sets dst[j] = x[j]/a. dst may be x.
func Divide(dst, x []float64, a float64) { vmath.Divide(dst, x, a) }
