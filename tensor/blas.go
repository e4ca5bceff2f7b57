package tensor

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"github.com/surprisal-ml/surprisal/tensor/internal/gemm"
)

// BLAS is Gonum's implementation with the dense float64 products replaced by
// those of this package: Dgemm, Dgemv, Dsyrk and Dsymm. Importing the package
// changes nothing; a program that wants all of Gonum to use them says so:
//
//	blas64.Use(tensor.BLAS{})
//
// Unlike Gonum's, these products skip no zeros: 0·NaN is NaN.
type BLAS struct {
	gonum.Implementation

	// Serial keeps large products on the goroutine that calls, for programs
	// that run in parallel themselves.
	Serial bool
}

var _ blas.Float64 = BLAS{}

func (b BLAS) mul(p *gemm.Product) {
	if b.Serial {
		gemm.Best().Mul(p)
	} else {
		gemm.Best().Parallel(p)
	}
}

// operand is a matrix argument as BLAS has them.
func operand(data []float64, stride int, t bool) gemm.Matrix {
	if t {
		return gemm.Matrix{Data: data, Row: 1, Col: stride}
	}
	return gemm.Matrix{Data: data, Row: stride, Col: 1}
}

// flag returns whether t transposes, and whether it is valid.
func flag(t blas.Transpose) (trans, ok bool) {
	return t != blas.NoTrans, t == blas.NoTrans || t == blas.Trans || t == blas.ConjTrans
}

// fits says whether data holds a rows×cols matrix, transposed if t.
func fits(data []float64, stride, rows, cols int, t bool) bool {
	if t {
		rows, cols = cols, rows
	}
	return rows > 0 && cols > 0 && stride >= cols && len(data) >= (rows-1)*stride+cols
}

// Dgemm computes C = alpha·op(A)·op(B) + beta·C for an m×n matrix C and sums of
// k terms. Arguments without work to do, and bad ones, are left to Gonum.
func (b BLAS) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, bb []float64, ldb int, beta float64, c []float64, ldc int) {
	ta, okA := flag(tA)
	tb, okB := flag(tB)
	if !okA || !okB || !fits(a, lda, m, k, ta) || !fits(bb, ldb, k, n, tb) || !fits(c, ldc, m, n, false) {
		b.Implementation.Dgemm(tA, tB, m, n, k, alpha, a, lda, bb, ldb, beta, c, ldc)
		return
	}
	b.mul(&gemm.Product{M: m, N: n, K: k, Alpha: alpha, A: operand(a, lda, ta), B: operand(bb, ldb, tb), Beta: beta, C: c, Stride: ldc})
}

// Dgemv computes y = alpha·op(A)·x + beta·y for an m×n matrix A. Negative
// increments and bad arguments are left to Gonum.
func (b BLAS) Dgemv(tA blas.Transpose, m, n int, alpha float64, a []float64, lda int, x []float64, incX int, beta float64, y []float64, incY int) {
	t, ok := flag(tA)
	rows, k := m, n
	if t {
		rows, k = n, m
	}
	if !ok || incX <= 0 || incY <= 0 || !fits(a, lda, m, n, false) || len(x) <= (k-1)*incX || len(y) <= (rows-1)*incY {
		b.Implementation.Dgemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY)
		return
	}
	b.mul(&gemm.Product{M: rows, N: 1, K: k, Alpha: alpha, A: operand(a, lda, t), B: operand(x, incX, false), Beta: beta, C: y, Stride: incY})
}
