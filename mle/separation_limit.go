package mle

import "slices"

// limit is a likelihood in the limit along directions that separate some
// contests: their losers have probability 0. What remains does not depend on
// some of the parameters, which are held at 0.
type limit struct {
	whole *problem
	won   contests
	free  []int // the parameters that are not held
	p     *problem
	b     *block
	exact exactness
}

// limit returns the limit of the problem of s in which the contests are won. The
// free parameters are to be independent on the contests that are not.
func (s *solver) limit(won contests, free []int) *limit {
	l := &limit{whole: s.p, won: won, free: free, p: s.p, b: s.b, exact: s.exact}
	if !slices.Contains(won.in, true) {
		return l
	}
	q := *s.p
	if q.hits == nil {
		q.lost = won
	} else { // a row of two classes is decided as a whole: it has no weight any more
		q.weight, q.hits = make([]float64, q.rows()), make([]float64, q.rows())
		for i := range q.weight {
			if !won.has(i, 0) && !won.has(i, 1) {
				q.weight[i], q.hits[i] = s.p.w(i), s.p.hits[i]
			}
		}
	}
	l.p, l.b = &q, q.newBlock()
	return l
}

// gather returns the entries of the free parameters.
func (l *limit) gather(g []float64) []float64 {
	v := make([]float64, len(l.free))
	for i, at := range l.free {
		v[i] = g[at]
	}
	return v
}

// scatter returns the vector of all parameters that has the entries v at the free
// ones and 0 at the others.
func (l *limit) scatter(v []float64) []float64 {
	g := make([]float64, l.p.size())
	for i, at := range l.free {
		g[at] = v[i]
	}
	return g
}

// gatherSquare returns the rows and columns of the free parameters of a square
// matrix.
func (l *limit) gatherSquare(h []float64) []float64 {
	n, size := len(l.free), l.p.size()
	g := make([]float64, n*n)
	for i, from := range l.free {
		for j, at := range l.free {
			g[i*n+j] = h[from*size+at]
		}
	}
	return g
}
