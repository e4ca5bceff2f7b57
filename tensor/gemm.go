package tensor

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
)

// Matrix is a row-major matrix with a stride; (*mat.Dense).RawMatrix gives one.
type Matrix = blas64.General

// Transposition flags of [Gemm].
const (
	N = blas.NoTrans
	T = blas.Trans
)

// Gonum splits larger products over goroutines, which allocates and pays only
// for far larger work; tiles of this size stay below its threshold.
const tileRows, tileCols, tileInner = 64, 128, 128

var kernel gonum.Implementation

// Gemm computes c = alpha·op(a)·op(b) + beta·c, where op transposes if asked
// to. With beta = 0 the contents of c do not matter. c must not overlap a or b.
// It panics with a [UsageError] if the sizes do not fit.
func Gemm(transA, transB blas.Transpose, alpha float64, a, b Matrix, beta float64, c Matrix) {
	m, k := a.Rows, a.Cols
	if transA == T {
		m, k = k, m
	}
	kb, n := b.Rows, b.Cols
	if transB == T {
		kb, n = n, kb
	}
	if k != kb || c.Rows != m || c.Cols != n {
		panic(&UsageError{"tensor.Gemm", fmt.Sprintf("%d×%d by %d×%d into %d×%d", m, k, kb, n, c.Rows, c.Cols)})
	}
	if n == 1 && b.Stride == 1 && c.Stride == 1 { // a column: one pass over a
		kernel.Dgemv(transA, a.Rows, a.Cols, alpha, a.Data, a.Stride, b.Data, 1, beta, c.Data, 1)
		return
	}
	for i := 0; i < m; i += tileRows {
		mi := min(tileRows, m-i)
		for j := 0; j < n; j += tileCols {
			nj := min(tileCols, n-j)
			cij, bt := c.Data[i*c.Stride+j:], beta
			for l := 0; l < k; l += tileInner {
				kernel.Dgemm(transA, transB, mi, nj, min(tileInner, k-l),
					alpha, at(a, transA, i, l), a.Stride, at(b, transB, l, j), b.Stride, bt, cij, c.Stride)
				bt = 1
			}
		}
	}
}

// at returns the data of op(m) from row i and column j on.
func at(m Matrix, trans blas.Transpose, i, j int) []float64 {
	if trans == T {
		i, j = j, i
	}
	return m.Data[i*m.Stride+j:]
}

// Columns returns columns from to from+n of m, sharing its memory.
func Columns(m Matrix, from, n int) Matrix {
	return Matrix{Rows: m.Rows, Cols: n, Stride: m.Stride, Data: m.Data[from:]}
}

// Row returns row i of m, sharing its memory.
func Row(m Matrix, i int) []float64 { return m.Data[i*m.Stride : i*m.Stride+m.Cols] }
