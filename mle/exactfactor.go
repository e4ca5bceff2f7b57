package mle

import (
	"math"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// exactCholesky is a factor in double-double arithmetic, which a condition
// number of 1e20 leaves with ten digits.
type exactCholesky struct {
	n       int
	lower   dd.Vector // L, n×n by rows
	inverse dd.Vector // (L⁻¹)ᵀ, n×n by rows
	s       []float64
	inv     float64
}

// newExactCholesky factorises the matrix of which h has the upper triangle. It
// returns false if a pivot is not clearly positive.
func newExactCholesky(h dd.Vector, n int) (*exactCholesky, bool) {
	c := &exactCholesky{n: n, lower: dd.NewVector(n * n), inverse: dd.NewVector(n * n), s: make([]float64, n)}
	for i := range n {
		if d := h.At(i*n + i).Hi; !(d > 0) || math.IsInf(d, 0) {
			return nil, false
		} else {
			c.s[i] = math.Sqrt(d)
		}
	}
	smallest := float64(n) * 0x1p-98 // pivots below are rounding
	for i := range n {
		row := c.lower.Slice(i*n, (i+1)*n)
		for j := range i + 1 {
			a := h.At(j*n + i).Div(dd.New(c.s[i])).Div(dd.New(c.s[j]))
			a = a.Sub(row.Slice(0, j).Inner(c.lower.Slice(j*n, j*n+j)))
			switch {
			case j < i:
				a = a.Div(c.lower.At(j*n + j))
			case !(a.Hi > smallest):
				return nil, false
			default:
				a = dd.Sqrt(a)
			}
			row.Set(j, a)
		}
	}
	c.invert()
	return c, true
}

// invert computes L⁻¹, column by column, and the trace of (LLᵀ)⁻¹.
func (c *exactCholesky) invert() {
	n := c.n
	for j := range n {
		column := c.inverse.Slice(j*n, (j+1)*n)
		for i := j; i < n; i++ {
			var a dd.Float
			if i == j {
				a = dd.New(1)
			}
			a = a.Sub(c.lower.Slice(i*n+j, i*n+i).Inner(column.Slice(j, i)))
			a = a.Div(c.lower.At(i*n + i))
			column.Set(i, a)
			c.inv += a.Hi * a.Hi
		}
	}
}

// covariance returns element i, j of the inverse of the matrix.
func (c *exactCholesky) covariance(i, j int) dd.Float {
	n, from := c.n, max(i, j)
	v := c.inverse.Slice(i*n+from, (i+1)*n).Inner(c.inverse.Slice(j*n+from, (j+1)*n))
	return v.Div(dd.New(c.s[i])).Div(dd.New(c.s[j]))
}

func (c *exactCholesky) solve(g []float64) {
	v := c.white(g)
	n := c.n
	for j := range n { // v ← L⁻ᵀv
		g[j] = c.inverse.Slice(j*n+j, (j+1)*n).Inner(v.Slice(j, n)).Hi / c.s[j]
	}
}

func (c *exactCholesky) whiten(g []float64) { copy(g, c.white(g).Hi) }

// white returns L⁻¹S⁻¹g.
func (c *exactCholesky) white(g []float64) dd.Vector {
	n := c.n
	v := dd.NewVector(n)
	for i, x := range g {
		a := dd.New(x).Div(dd.New(c.s[i]))
		a = a.Sub(c.lower.Slice(i*n, i*n+i).Inner(v.Slice(0, i)))
		v.Set(i, a.Div(c.lower.At(i*n+i)))
	}
	return v
}

func (c *exactCholesky) scale() []float64 { return c.s }

func (c *exactCholesky) inverseNorm() float64 { return c.inv }

// rounding is that of g, which is given in float64, and of the norm.
func (c *exactCholesky) rounding() float64 {
	n := float64(c.n)
	return 4*n*roundoff*(1+math.Sqrt(n*c.inv)) + n*n*0x1p-98*c.inv
}
