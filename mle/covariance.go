package mle

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// Covariance returns the inverse of the observed information, in the order of
// the parameters row by row: all terms of the first row of Coef, then the next.
// Fits that are small enough compute it in double-double and round once. It is
// nil for a penalised fit, whose curvature says nothing of sampling, and for
// labels: each has its own.
//
// Elements beyond float64 are infinite, as are variances of coefficients of columns
// below 1e-154; [Estimate.StdErr] is not.
//
// With class weights it is the inverse of the weighted information, and not
// the covariance of the estimate.
func (f *Estimate) Covariance() *mat.SymDense {
	if f.Options.Penalty != None || f.p == nil {
		return nil
	}
	return f.p.unscaled(f.p.inverse(f.inner))
}

// inverse returns the inverse of the matrix of a factor, of scaled parameters.
func (p *problem) inverse(f factor) *mat.SymDense {
	n := p.size()
	c := mat.NewSymDense(n, nil)
	if e, ok := f.(*exactCholesky); ok {
		for i := range n {
			for j := i; j < n; j++ {
				c.SetSym(i, j, e.covariance(i, j).Float64())
			}
		}
		return c
	}
	column := make([]float64, n)
	for j := range n {
		clear(column)
		column[j] = 1
		f.solve(column)
		for i := range j + 1 {
			c.SetSym(i, j, column[i])
		}
	}
	return c
}

// unscaled replaces a covariance of scaled parameters by that of the coefficients
// of the columns as given, and returns it.
func (p *problem) unscaled(c *mat.SymDense) *mat.SymDense {
	for i := range p.size() {
		for j := i; j < p.size(); j++ {
			c.SetSym(i, j, c.At(i, j)*p.unscale(i)*p.unscale(j))
		}
	}
	return c
}

// standardErrors returns the square roots of the diagonal of the covariance, of
// which the variances themselves may be beyond float64.
func (f *Estimate) standardErrors() []dd.Float {
	se := make([]dd.Float, f.p.size())
	e, exact := f.inner.(*exactCholesky)
	var c *mat.SymDense
	if !exact {
		c = f.p.inverse(f.inner)
	}
	for i := range se {
		if exact {
			se[i] = dd.Sqrt(e.covariance(i, i))
		} else {
			se[i] = dd.New(math.Sqrt(c.At(i, i)))
		}
		se[i] = se[i].Scale(f.p.unscale(i))
	}
	return se
}

// StdErr returns the standard errors of Coef. It is nil where the inverse of the
// information is no covariance: for a penalised fit, and with class weights other
// than 1, whose standard errors are those of [Estimate.Sandwich]; and where there
// are no coefficients.
func (f *Estimate) StdErr() *mat.Dense {
	if f.Coef == nil || f.Options.Penalty != None {
		return nil
	}
	rows, terms := f.Coef.Dims()
	se := mat.NewDense(rows, terms, nil)
	if f.Labels != nil {
		for k, label := range f.Labels {
			one := label.StdErr()
			if one == nil {
				return nil
			}
			se.SetRow(k, one.RawRowView(0))
		}
		return se
	}
	if f.classWeighted() {
		return nil
	}
	for i, v := range f.standardErrors() {
		se.Set(i/terms, i%terms, v.Float64())
	}
	return se
}
