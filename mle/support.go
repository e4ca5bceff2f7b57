package mle

import (
	"math"
	"slices"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// supported is the factor of the rows and columns of an information matrix that
// belong to some of the parameters: the optimum of an L1 penalty is that of a
// smooth objective on its support. Whatever is solved for stays 0 elsewhere.
type supported struct {
	factor
	at []int     // the parameters
	s  []float64 // scale of all, +Inf elsewhere
}

// on returns a factor of the parameters at, of n, as one of all of them.
func on(f factor, at []int, n int) *supported {
	s := make([]float64, n)
	for i := range s {
		s[i] = math.Inf(1)
	}
	for i, j := range at {
		s[j] = f.scale()[i]
	}
	return &supported{f, at, s}
}

func (f *supported) solve(g []float64) {
	x := gather(g, f.at)
	f.factor.solve(x)
	clear(g)
	for i, j := range f.at {
		g[j] = x[i]
	}
}

func (f *supported) whiten(g []float64) {
	x := gather(g, f.at)
	f.factor.whiten(x)
	clear(g)
	copy(g, x)
}

func (f *supported) scale() []float64 { return f.s }

// choleskyOn factorises the rows and columns at of h, n×n.
func choleskyOn(h []float64, n int, at []int, gamma float64) (*cholesky, bool) {
	m := len(at)
	part := make([]float64, m*m)
	for i, row := range at {
		for j, column := range at {
			part[i*m+j] = h[row*n+column]
		}
	}
	return newCholesky(part, m, gamma)
}

// exactOn is choleskyOn in double-double, of a matrix with the upper triangle h.
func exactOn(h dd.Vector, n int, at []int) (*exactCholesky, bool) {
	m := len(at)
	part := dd.NewVector(m * m)
	for i, row := range at {
		for j := i; j < m; j++ {
			part.Set(i*m+j, h.At(row*n+at[j]))
		}
	}
	return newExactCholesky(part, m)
}

// exactLike factorises h, of which it has the upper triangle, for the parameters
// that f is of.
func exactLike(f factor, h dd.Vector, n int) (factor, bool) {
	if part, ok := f.(*supported); ok {
		e, ok := exactOn(h, n, part.at)
		if !ok {
			return nil, false
		}
		return on(e, part.at, n), true
	}
	return newExactCholesky(h, n)
}

// support returns the parameters that are not 0 or have no L1 penalty, in
// ascending order.
func (p *problem) support(theta []float64) []int {
	var s []int
	for i, v := range theta {
		if v != 0 || p.isIntercept(i) {
			s = append(s, i)
		}
	}
	return s
}

func (p *problem) isIntercept(i int) bool { return p.intercept && i%p.terms == 0 }

// keep returns the problem that has only some of the terms, in ascending order
// and with the intercept if p has it, and a copy of their columns.
func (p *problem) keep(terms []int) *problem {
	if len(terms) == p.terms {
		return p
	}
	q := *p
	q.terms, q.constant = len(terms), nil
	q.scale, q.unit, q.names = gather(p.scale, terms), gather(p.unit, terms), gather(p.names, terms)
	columns := slices.Clone(terms[p.skip():])
	for i := range columns {
		columns[i] -= p.skip()
	}
	q.x = newMatrix(p.rows(), len(columns))
	for i := range p.rows() {
		for k, j := range columns {
			q.x.Data[i*len(columns)+k] = p.x.Data[i*p.x.Stride+j]
		}
	}
	return &q
}

// parametersOf returns the indices in p of the parameters of p.keep(terms).
func (p *problem) parametersOf(terms []int) []int {
	at := make([]int, 0, p.logits()*len(terms))
	for k := range p.logits() {
		for _, j := range terms {
			at = append(at, k*p.terms+j)
		}
	}
	return at
}
