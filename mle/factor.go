package mle

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// factor is a Cholesky factorisation H = S·L·Lᵀ·S, where S² is the diagonal of
// H: L·Lᵀ has a unit diagonal, which makes it nearly as well-conditioned as any
// scaling can (van der Sluis, "Condition numbers and equilibration of matrices",
// Numerische Mathematik 14, 1969).
type factor interface {
	// solve replaces g by H⁻¹g.
	solve(g []float64)
	// whiten replaces g by L⁻¹S⁻¹g, whose Euclidean norm is ‖g‖ in the metric
	// of H⁻¹.
	whiten(g []float64)
	// scale returns the diagonal of S.
	scale() []float64
	// inverseNorm returns a bound on ‖(LLᵀ)⁻¹‖₂.
	inverseNorm() float64
	// rounding returns a bound on the relative error of ‖g‖² in that metric.
	rounding() float64
}

// cholesky is a factor in float64.
type cholesky struct {
	lower blas64.Triangular // L
	s     []float64
	inv   float64 // ‖(LLᵀ)⁻¹‖
	gamma float64 // relative rounding of the entries of H
}

// roundoff is the unit roundoff of float64.
const roundoff = 0x1p-53

// newCholesky factorises H, n×n; gamma bounds the rounding of its entries. It
// returns false if H is not positive definite in float64.
func newCholesky(h []float64, n int, gamma float64) (*cholesky, bool) {
	if n == 0 {
		return &cholesky{lower: blas64.Triangular{Uplo: blas.Lower, Diag: blas.NonUnit, Stride: 1}}, true
	}
	s := make([]float64, n)
	a := make([]float64, n*n)
	for i := range n {
		if d := h[i*n+i]; !(d > 0) || math.IsInf(d, 0) {
			return nil, false
		} else {
			s[i] = math.Sqrt(d)
		}
	}
	norm := 0.0
	for i := range n {
		sum := 0.0
		for j := range n {
			a[i*n+j] = h[i*n+j] / s[i] / s[j]
			sum += math.Abs(a[i*n+j])
		}
		a[i*n+i] = 1
		norm = max(norm, sum)
	}
	if math.IsNaN(norm) {
		return nil, false
	}
	t, ok := lowerFactor(a, n)
	if !ok {
		return nil, false
	}
	rcond := lapack64.Pocon(blas64.Symmetric{N: n, Stride: n, Data: t.Data, Uplo: blas.Lower},
		norm, make([]float64, 3*n), make([]int, n))
	return &cholesky{lower: t, s: s, inv: inverseNorm(t, 1/(rcond*norm)), gamma: gamma}, true
}

// largestProved is the order up to which the norm of an inverse is proved, at the
// price of another factorisation, and not estimated.
const largestProved = 1000

// inverseNorm returns a bound on ‖A⁻¹‖₂ of the matrix with a unit diagonal in the
// upper triangle of t, which has its factor in the lower one, given an estimate:
// where A − σI has a factor, the least eigenvalue is above σ, up to the rounding
// of the factorisation. It is infinite where that is larger than σ.
//
// Source: Rump, "Verification of positive definiteness" (BIT 46, 2006).
func inverseNorm(t blas64.Triangular, estimate float64) float64 {
	n := t.N
	if n > largestProved {
		// The estimate is a lower bound, rarely less than a third (Higham,
		// "Accuracy and Stability of Numerical Algorithms", section 15.3).
		return 3 * estimate
	}
	rounding := 1.01 * (float64(n+1)*float64(n) + 1) * roundoff
	shifted := make([]float64, n*n)
	for _, more := range []float64{1.1, 4, 64} { // an estimate may be too low
		sigma := 1 / (more * estimate)
		if !(sigma > 2*rounding) {
			break
		}
		for i := range n {
			shifted[i*n+i] = 1 - sigma
			for j := range i {
				shifted[i*n+j] = t.Data[j*n+i]
			}
		}
		if _, ok := lowerFactor(shifted, n); ok {
			return 1 / (sigma - rounding)
		}
	}
	return math.Inf(1)
}

func (c *cholesky) solve(g []float64) {
	c.whiten(g)
	blas64.Trsv(blas.Trans, c.lower, vector(g))
	floats.Div(g, c.s)
}

func (c *cholesky) whiten(g []float64) {
	floats.Div(g, c.s)
	blas64.Trsv(blas.NoTrans, c.lower, vector(g))
}

func (c *cholesky) scale() []float64 { return c.s }

func (c *cholesky) inverseNorm() float64 { return c.inv }

func (c *cholesky) rounding() float64 {
	n := float64(len(c.s))
	return n * (c.gamma + (n+3)*roundoff) * c.inv
}

func vector(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Inc: 1, Data: x} }

// norm returns the Euclidean norm of x.
func norm(x []float64) float64 { return blas64.Nrm2(vector(x)) }
