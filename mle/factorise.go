package mle

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

	"github.com/surprisal-ml/surprisal/tensor"
)

// lowerFactor replaces the lower triangle of a, n×n, by its Cholesky factor and
// leaves what is above the diagonal. It returns false if a is not positive
// definite.
//
// It is gonum's Potrf but for large matrices, most of whose work it hands to
// tensor.Gemm, which is several times as fast as what Potrf uses.
func lowerFactor(a []float64, n int) (blas64.Triangular, bool) {
	const width = 128
	t := blas64.Triangular{N: n, Stride: n, Data: a, Uplo: blas.Lower, Diag: blas.NonUnit}
	last := max(0, min(width, n-width))
	square := newMatrix(last, last) // the largest block below the first
	for j := 0; j < n; j += width {
		w := min(width, n-j)
		l, ok := lapack64.Potrf(blas64.Symmetric{N: w, Stride: n, Data: a[j*n+j:], Uplo: blas.Lower})
		if !ok {
			return t, false
		}
		next := j + w
		if next == n {
			break
		}
		below := func(from, to int) tensor.Matrix { // rows of the columns that are done
			return tensor.Matrix{Rows: to - from, Cols: w, Stride: n, Data: a[from*n+j:]}
		}
		blas64.Trsm(blas.Right, blas.Trans, 1, l, below(next, n))
		for i := next; i < n; i += width {
			end := min(i+width, n)
			rows := below(i, end)
			if i > next {
				tensor.Gemm(tensor.N, tensor.T, -1, rows, below(next, i), 1, tensor.Matrix{Rows: end - i, Cols: i - next, Stride: n, Data: a[i*n+next:]})
			}
			square.Rows, square.Cols = end-i, end-i
			tensor.Gemm(tensor.N, tensor.T, 1, rows, rows, 0, square)
			for r := range square.Rows {
				dst := a[(i+r)*n+i:][:r+1]
				for c, v := range tensor.Row(square, r)[:r+1] {
					dst[c] -= v
				}
			}
		}
	}
	return t, true
}
