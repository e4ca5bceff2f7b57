package tensor

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/surprisal-ml/surprisal/tensor/internal/gemm"
)

// Matrix is a row-major matrix with a stride; (*mat.Dense).RawMatrix gives one.
type Matrix = blas64.General

// Transposition flags of [Gemm].
const (
	N = blas.NoTrans
	T = blas.Trans
)

// Gemm computes c = alpha·op(a)·op(b) + beta·c, where op transposes if asked
// to. With beta = 0 the contents of c do not matter; with alpha = 0 those of a
// and b do not. No term is skipped, so 0·NaN and 0·Inf are NaN. c must not
// overlap a or b. It panics with a [UsageError] if the sizes do not fit.
//
// Gemm runs on the goroutine that calls it. With neither a nor b transposed, a
// row of c has the same bits however many other rows there are.
func Gemm(transA, transB blas.Transpose, alpha float64, a, b Matrix, beta float64, c Matrix) {
	p := gemm.Product{Alpha: alpha, Beta: beta}
	setProduct(&p, "tensor.Gemm", transA, transB, &a, &b, &c)
	gemm.Best().Mul(&p)
}

// ParallelGemm computes what [Gemm] does, bit for bit. Large products are
// divided over at most GOMAXPROCS goroutines: the caller's and, as far as they
// are idle, helpers that stay parked between calls. It is for callers that do
// not run in parallel themselves.
func ParallelGemm(transA, transB blas.Transpose, alpha float64, a, b Matrix, beta float64, c Matrix) {
	p := gemm.Product{Alpha: alpha, Beta: beta}
	setProduct(&p, "tensor.ParallelGemm", transA, transB, &a, &b, &c)
	gemm.Best().Parallel(&p)
}

// setProduct checks the matrices of a product and sets what p has of them.
func setProduct(p *gemm.Product, op string, transA, transB blas.Transpose, a, b, c *Matrix) {
	check(op, a)
	check(op, b)
	check(op, c)
	m, k, kb, n := a.Rows, a.Cols, b.Rows, b.Cols
	p.A.Row, p.A.Col, p.B.Row, p.B.Col = a.Stride, 1, b.Stride, 1
	if transposed(op, transA) {
		m, k, p.A.Row, p.A.Col = k, m, 1, a.Stride
	}
	if transposed(op, transB) {
		kb, n, p.B.Row, p.B.Col = n, kb, 1, b.Stride
	}
	if k != kb || c.Rows != m || c.Cols != n {
		panic(&UsageError{op, fmt.Sprintf("%d×%d by %d×%d into %d×%d", m, k, kb, n, c.Rows, c.Cols)})
	}
	p.M, p.N, p.K = m, n, k
	p.A.Data, p.B.Data, p.C, p.Stride = a.Data, b.Data, c.Data, c.Stride
}

// check panics if m has a negative size, or not the elements that it should.
func check(op string, m *Matrix) {
	empty := m.Rows == 0 || m.Cols == 0
	if m.Rows < 0 || m.Cols < 0 || !empty && (m.Stride < m.Cols || len(m.Data) < (m.Rows-1)*m.Stride+m.Cols) {
		panic(&UsageError{op, fmt.Sprintf("%d×%d matrix with stride %d and %d elements", m.Rows, m.Cols, m.Stride, len(m.Data))})
	}
}

func transposed(op string, t blas.Transpose) bool {
	if t != blas.NoTrans && t != blas.Trans && t != blas.ConjTrans {
		panic(&UsageError{op, fmt.Sprintf("transposition %d", t)})
	}
	return t != blas.NoTrans
}

// Columns returns columns from to from+n of m, sharing its memory.
func Columns(m Matrix, from, n int) Matrix {
	return Matrix{Rows: m.Rows, Cols: n, Stride: m.Stride, Data: m.Data[from:]}
}

// Row returns row i of m, sharing its memory.
func Row(m Matrix, i int) []float64 { return m.Data[i*m.Stride : i*m.Stride+m.Cols] }
