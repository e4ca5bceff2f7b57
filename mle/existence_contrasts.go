package mle

import (
	"math"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/internal/exact"
)

// Contrast compares two classes, neither of which is the reference: the
// coefficients of one less those of the other, which have limits although those
// against the reference have none. With Against for the reference they would be
// the coefficients of Row.
type Contrast struct {
	Row, Against int       // rows of Coef
	Coef, SE     []float64 // by term, NaN for aliased ones
}

// contrasts returns for each class that is separated from the reference the
// comparison with the first class from which it is not, if there is one.
func (a *separation) contrasts(best limitOptimum, unaliased func(at int) bool) (all []Contrast, err error) {
	p := a.p
	if !a.found || a.theta == nil || p.logits() < 2 || p.size() > largestSigned {
		return nil, nil
	}
	open := func(k int) bool {
		for j := range p.terms {
			if unaliased(j) && !a.span.Determined(k*p.terms+j) {
				return true
			}
		}
		return false
	}
	for k := range p.logits() {
		for other := 0; open(k) && other < k; other++ {
			if a.connected(k, other, unaliased) {
				c, err := a.limit.contrast(best, k, other, unaliased)
				if err != nil {
					return nil, err
				}
				all = append(all, c)
				break
			}
		}
	}
	return all, nil
}

// connected reports whether no direction of separation changes the difference of
// two rows of coefficients.
func (a *separation) connected(k, other int, unaliased func(at int) bool) bool {
	p := a.p
	row := make([]uint64, p.size())
	for j := range p.terms {
		clear(row)
		row[k*p.terms+j], row[other*p.terms+j] = exact.Residue(1), exact.Residue(-1)
		if unaliased(j) && !a.span.Spans(row) {
			return false
		}
	}
	return true
}

// contrast computes a difference of two rows that has a limit.
func (l *limit) contrast(best limitOptimum, k, other int, unaliased func(at int) bool) (Contrast, error) {
	p, n := l.p, len(l.free)
	place := make(map[int]int, n)
	for i, at := range l.free {
		place[at] = i
	}
	c := Contrast{Row: k, Against: other, Coef: make([]float64, p.terms), SE: make([]float64, p.terms)}
	for j := range p.terms {
		if !unaliased(j) {
			c.Coef[j], c.SE[j] = math.NaN(), math.NaN()
			continue
		}
		at, from := k*p.terms+j, other*p.terms+j
		v := best.theta.At(at).Sub(best.theta.At(from))
		i, in := place[at]
		i0, in0 := place[from]
		se := math.Sqrt(differenceVariance(best.factor, n, i, i0, in, in0))
		if err := p.representable(at, v.Hi, se); err != nil {
			return c, err
		}
		c.Coef[j], c.SE[j] = v.Scale(p.unscale(at)).Float64(), se*p.unscale(at)
	}
	return c, nil
}

// differenceVariance returns the variance of parameter i less parameter j; one
// that is not in the problem is 0.
func differenceVariance(f factor, n, i, j int, hasI, hasJ bool) float64 {
	if e, ok := f.(*exactCholesky); ok {
		var sum dd.Float
		if hasI {
			sum = e.covariance(i, i)
		}
		if hasJ {
			sum = sum.Add(e.covariance(j, j))
		}
		if hasI && hasJ {
			sum = sum.Sub(e.covariance(i, j).Scale(2))
		}
		return sum.Float64()
	}
	white := make([]float64, n)
	if hasI {
		white[i] = 1
	}
	if hasJ {
		white[j] = -1
	}
	f.whiten(white)
	size := norm(white)
	return size * size
}
