package tensor

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/tensor/internal/gemm"
)

// Gram computes dst = xᵀ·diag(weights)·x for an n×d matrix x and n weights of
// any sign, or dst = xᵀ·x if weights is nil: the information matrix of a linear
// model, and the normal equations. dst is d×d; its former contents do not
// matter and both triangles are written, with the same bits. It reads x once
// and does half of the work of a [Gemm]. It panics with a [UsageError] if the
// sizes do not fit.
//
// Gram runs on the goroutine that calls it.
func Gram(dst, x Matrix, weights []float64) {
	checkGram("tensor.Gram", &dst, &x, weights)
	gemm.Best().Gram(x.Rows, x.Cols, x.Data, x.Stride, weights, dst.Data, dst.Stride)
}

// ParallelGram computes what [Gram] does, bit for bit. Many rows are divided over
// at most GOMAXPROCS goroutines, as [ParallelGemm] does, with memory for at least
// two d×d matrices for each, and 128 MiB at most: more than some
// 2900 columns are left to one. It is for callers that do not run in parallel themselves.
func ParallelGram(dst, x Matrix, weights []float64) {
	checkGram("tensor.ParallelGram", &dst, &x, weights)
	gemm.Best().ParallelGram(x.Rows, x.Cols, x.Data, x.Stride, weights, dst.Data, dst.Stride)
}

func checkGram(op string, dst, x *Matrix, weights []float64) {
	check(op, dst)
	check(op, x)
	if dst.Rows != x.Cols || dst.Cols != x.Cols {
		panic(&UsageError{op, fmt.Sprintf("Gram matrix of %d×%d into %d×%d", x.Rows, x.Cols, dst.Rows, dst.Cols)})
	}
	if weights != nil && len(weights) != x.Rows {
		panic(&UsageError{op, fmt.Sprintf("%d weights for %d rows", len(weights), x.Rows)})
	}
}
