package tensor

import (
	"sync"

	"gonum.org/v1/gonum/blas"

	"github.com/surprisal-ml/surprisal/tensor/internal/gemm"
)

// diagonal is the size of the blocks on the diagonal of a symmetric matrix that
// are computed as a whole.
const diagonal = 48

var diagonals = sync.Pool{New: func() any { return new([diagonal * diagonal]float64) }}

// half returns where to divide a symmetric matrix of n > diagonal rows.
func half(n int) int { return (n/2 + diagonal - 1) / diagonal * diagonal }

// Dsyrk computes one triangle of C = alpha·A·Aᵀ + beta·C, or of
// alpha·Aᵀ·A + beta·C if tA transposes, for an n×n matrix C and sums of k terms.
// Arguments without work to do, and bad ones, are left to Gonum.
func (b BLAS) Dsyrk(ul blas.Uplo, tA blas.Transpose, n, k int, alpha float64, a []float64, lda int, beta float64, c []float64, ldc int) {
	t, ok := flag(tA)
	if !ok || ul != blas.Upper && ul != blas.Lower || !fits(a, lda, n, k, t) || !fits(c, ldc, n, n, false) {
		b.Implementation.Dsyrk(ul, tA, n, k, alpha, a, lda, beta, c, ldc)
		return
	}
	s := syrk{b, ul == blas.Upper, n, gemm.Product{K: k, Alpha: alpha, A: operand(a, lda, t), B: operand(a, lda, !t), Beta: beta, C: c, Stride: ldc}}
	s.rectangles(n, &s.product)
	if blocks := (n + diagonal - 1) / diagonal; b.Serial || blocks*diagonal*diagonal*k < parallelDiagonal {
		for i := range blocks {
			s.Part(i)
		}
	} else {
		job := s // to memory that is shared, only here
		Parallel(&job, blocks)
	}
}

// parallelDiagonal is the multiplications from which the blocks on a diagonal are
// worth more than one goroutine.
const parallelDiagonal = 4 << 20

// syrk is an update of one triangle of the n×n matrix C of a product.
type syrk struct {
	blas    BLAS
	upper   bool
	n       int
	product gemm.Product
}

// rectangles updates what is not in a block on the diagonal, of the first n rows
// of the triangle of p.
func (s *syrk) rectangles(n int, p *gemm.Product) {
	if n <= diagonal {
		return
	}
	h := half(n)
	s.rectangles(h, p)
	q := p.Part(h, n-h, h, n-h)
	s.rectangles(n-h, &q)
	if s.upper {
		q = p.Part(0, h, h, n-h)
	} else {
		q = p.Part(h, n-h, 0, h)
	}
	s.blas.mul(&q)
}

// Part updates block i on the diagonal.
func (s *syrk) Part(i int) {
	n := min(diagonal, s.n-i*diagonal)
	p := s.product.Part(i*diagonal, n, i*diagonal, n)
	whole := diagonals.Get().(*[diagonal * diagonal]float64)
	defer diagonals.Put(whole)
	q := p
	q.Beta, q.C, q.Stride = 0, whole[:], n
	gemm.Best().Mul(&q)
	for i := range n {
		from, to := 0, i+1
		if s.upper {
			from, to = i, n
		}
		row := p.C[i*p.Stride:]
		for j := from; j < to; j++ {
			sum := whole[i*n+j]
			if p.Beta != 0 {
				sum += p.Beta * row[j]
			}
			row[j] = sum
		}
	}
}

// Dsymm computes C = alpha·A·B + beta·C, or alpha·B·A + beta·C if s is
// [blas.Right], for a symmetric A of which one triangle is read and m×n
// matrices B and C. Arguments without work to do, and bad ones, are left to
// Gonum.
func (b BLAS) Dsymm(s blas.Side, ul blas.Uplo, m, n int, alpha float64, a []float64, lda int, bb []float64, ldb int, beta float64, c []float64, ldc int) {
	size := m
	if s == blas.Right {
		size = n
	}
	if s != blas.Left && s != blas.Right || ul != blas.Upper && ul != blas.Lower || alpha == 0 ||
		!fits(a, lda, size, size, false) || !fits(bb, ldb, m, n, false) || !fits(c, ldc, m, n, false) {
		b.Implementation.Dsymm(s, ul, m, n, alpha, a, lda, bb, ldb, beta, c, ldc)
		return
	}
	y := symmetric{b, ul == blas.Upper, s == blas.Left, lda, alpha}
	y.mul(size, a, gemm.Matrix{Data: bb, Row: ldb, Col: 1}, beta, c, ldc, m+n-size)
}

// symmetric is a product by a symmetric matrix.
type symmetric struct {
	blas        BLAS
	upper, left bool
	lda         int
	alpha       float64
}

// mul computes a block on the diagonal, size rows and columns of A from the
// first of a on, times the rows or columns of B that belong to it; B and C have
// other columns or rows.
func (y *symmetric) mul(size int, a []float64, b gemm.Matrix, beta float64, c []float64, ldc, other int) {
	if size <= diagonal {
		whole := diagonals.Get().(*[diagonal * diagonal]float64)
		defer diagonals.Put(whole)
		for i := range size {
			for j := range i + 1 {
				x := a[i*y.lda+j]
				if y.upper {
					x = a[j*y.lda+i]
				}
				whole[i*size+j], whole[j*size+i] = x, x
			}
		}
		y.add(size, size, gemm.Matrix{Data: whole[:], Row: size, Col: 1}, b, beta, c, ldc, other)
		return
	}
	h := half(size)
	lower := gemm.Matrix{Data: a[h*y.lda:], Row: y.lda, Col: 1} // rows from h on, the first h columns
	if y.upper {
		lower = gemm.Matrix{Data: a[h:], Row: 1, Col: y.lda}
	}
	upper := gemm.Matrix{Data: lower.Data, Row: lower.Col, Col: lower.Row}
	b2, c2 := b.From(h, 0), c[h*ldc:]
	if !y.left {
		b2, c2 = b.From(0, h), c[h:]
		lower, upper = upper, lower
	}
	y.mul(h, a, b, beta, c, ldc, other)
	y.mul(size-h, a[h*y.lda+h:], b2, beta, c2, ldc, other)
	y.add(h, size-h, upper, b2, 1, c, ldc, other)
	y.add(size-h, h, lower, b, 1, c2, ldc, other)
}

// add computes C = alpha·A·B + beta·C for size rows of C and sums of k terms,
// or alpha·B·A + beta·C for size columns.
func (y *symmetric) add(size, k int, a, b gemm.Matrix, beta float64, c []float64, ldc, other int) {
	p := gemm.Product{M: size, N: other, K: k, Alpha: y.alpha, A: a, B: b, Beta: beta, C: c, Stride: ldc}
	if !y.left {
		p.M, p.N, p.A, p.B = other, size, b, a
	}
	y.blas.mul(&p)
}
