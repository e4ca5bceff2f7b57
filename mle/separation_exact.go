package mle

import (
	"context"
	"math"
	"math/big"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/internal/exact"
)

// exactRows gives the rows of a problem, intercept included and not scaled, to
// exact arithmetic. What it returns is valid until the next call.
type exactRows struct {
	p    *problem
	x    []float64
	mod  []uint64
	long []uint64 // a contest as a vector of all parameters
}

func (p *problem) exactRows() *exactRows {
	e := &exactRows{p: p, x: make([]float64, p.terms), mod: make([]uint64, p.terms), long: make([]uint64, p.size())}
	if p.intercept {
		e.x[0] = 1
	}
	return e
}

func (e *exactRows) row(i int) []float64 {
	copy(e.x[e.p.terms-e.p.x.Cols:], e.p.x.Data[i*e.p.x.Stride:][:e.p.x.Cols])
	return e.x
}

// residues returns row i modulo the prime.
func (e *exactRows) residues(i int) []uint64 {
	for j, v := range e.row(i) {
		e.mod[j] = exact.Residue(v)
	}
	return e.mod
}

// contest returns (e_y − e_k)⊗row modulo the prime; 0 at the pinned parameter, as
// all vectors of contests are.
func (e *exactRows) contest(residues []uint64, y, k int) []uint64 {
	clear(e.long)
	d := e.p.terms
	if y >= e.p.first {
		copy(e.long[(y-e.p.first)*d:], residues)
	}
	if k >= e.p.first {
		for j, v := range residues {
			e.long[(k-e.p.first)*d+j] = exact.Opposite(v)
		}
	}
	if pin := e.p.pin; pin >= 0 {
		e.long[pin] = 0
	}
	return e.long
}

// wholeContest returns (e_y − e_k)⊗xᵢ times a power of two, in whole numbers.
func (e *exactRows) wholeContest(i, y, k int) []*big.Int {
	v := make([]*big.Int, e.p.size())
	for at := range v {
		v[at] = new(big.Int)
	}
	d := e.p.terms
	for j, x := range exact.Ints(e.row(i), nil) {
		if y >= e.p.first {
			v[(y-e.p.first)*d+j].Set(x)
		}
		if k >= e.p.first {
			v[(k-e.p.first)*d+j].Neg(x)
		}
	}
	if pin := e.p.pin; pin >= 0 {
		v[pin].SetInt64(0)
	}
	return v
}

// span is the space that contests span, as rows of all parameters.
type span struct {
	*exact.Echelon
	rows [][]*big.Int // independent ones, in whole numbers
	near *mat.Dense   // the same for even columns, each of norm 1
}

// spanOf returns the span of the contests that are not won; false if its
// dimension reaches the limit. Columns that are not live are 0 in the rounded
// form of it.
func (p *problem) spanOf(ctx context.Context, won contests, live []bool, limit int) (*span, bool, error) {
	s := &span{Echelon: exact.NewEchelon(p.size())}
	e := p.exactRows()
	for i := range p.rows() {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		var residues []uint64
		p.each(won, i, func(y, k int) {
			if residues == nil {
				residues = e.residues(i)
			}
			s.Add(e.contest(residues, y, k), i*p.classes+k)
		})
		if s.Rank() >= limit {
			return nil, false, nil
		}
	}
	if s.Rank() == 0 {
		return s, true, nil
	}
	s.near = mat.NewDense(s.Rank(), p.size(), nil)
	for r, id := range s.IDs() {
		i, k := id/p.classes, id%p.classes
		y := p.observed(i, k)
		s.rows = append(s.rows, e.wholeContest(i, y, k))
		s.near.SetRow(r, p.contestVector(e.row(i), y, k))
		row := s.near.RawRowView(r)
		for at := range row {
			if !live[at%p.terms] {
				row[at] = 0
			}
		}
		scaleTo(row, 1/norm(row))
	}
	return s, true, nil
}

// Geometry in float64 is done for even columns: those multiplied by the power of
// two that brings their largest entry near 1. Their parameters times that power
// are those of the scaled columns.

// even turns parameters of scaled columns into those of even columns.
func (p *problem) even(theta []float64) []float64 {
	v := make([]float64, len(theta))
	for i, x := range theta {
		v[i] = x / p.unit[i%p.terms]
	}
	return v
}

// scaled turns parameters of even columns into those of scaled columns.
func (p *problem) scaled(v []float64) []float64 {
	theta := make([]float64, len(v))
	for i, x := range v {
		theta[i] = x * p.unit[i%p.terms]
	}
	return theta
}

// contestVector returns (e_y − e_k)⊗x for the even columns.
func (p *problem) contestVector(x []float64, y, k int) []float64 {
	a, d := make([]float64, p.size()), p.terms
	for j, v := range x {
		v *= p.scale[j] * p.unit[j]
		if y >= p.first {
			a[(y-p.first)*d+j] = v
		}
		if k >= p.first {
			a[(k-p.first)*d+j] = -v
		}
	}
	if p.pin >= 0 {
		a[p.pin] = 0
	}
	return a
}

func scaleTo(x []float64, f float64) {
	for i := range x {
		x[i] *= f
	}
}

// shifts returns the exponents of two by which the coefficients of the columns
// as given differ from the parameters of even columns.
func (p *problem) shifts() []int {
	s := make([]int, p.size())
	for i := range s {
		_, s[i] = math.Frexp(p.unscale(i) * p.unit[i%p.terms])
		s[i]--
	}
	return s
}

// project returns v, a direction for even columns, less its components along the
// span.
func (s *span) project(v []float64) []float64 {
	if s.near == nil {
		return v
	}
	r, n := s.near.Dims()
	var qr mat.QR
	var q mat.Dense
	qr.Factorize(s.near.T())
	qr.QTo(&q)
	basis := q.Slice(0, n, 0, r)
	w := mat.NewVecDense(n, slices.Clone(v))
	var c, along mat.VecDense
	for range 2 { // the second time for what the first rounded
		c.MulVec(basis.T(), w)
		along.MulVec(basis, &c)
		w.SubVec(w, &along)
	}
	return w.RawVector().Data
}

// direction returns the coefficients that are exactly orthogonal to the span and
// near v, which is orthogonal to it up to rounding: a direction for even columns
// of which so many bits are used. It returns false where there is none, or when
// the context ends.
func (p *problem) direction(ctx context.Context, s *span, v []float64, bits int) (exact.Vector, bool) {
	largest := 0.0
	for _, x := range v {
		largest = max(largest, math.Abs(x))
	}
	if !(largest > 0) || math.IsInf(largest, 0) {
		return exact.Vector{}, false
	}
	_, exponent := math.Frexp(largest)
	unit := math.Ldexp(1, bits-exponent)
	values := make([]float64, len(v))
	for i, x := range v {
		if values[i] = x; bits < 53 {
			values[i] = math.Round(x * unit)
		}
	}
	whole := exact.Ints(values, p.shifts())
	if s.Rank() == 0 {
		return exact.FromInts(whole), true
	}
	return exact.Complete(ctx, s.rows, s.Pivots(), whole)
}

// outcome checks the direction on all contests that are not in won. It returns
// won and those whose margin it raises, and false if it lowers one.
func (p *problem) outcome(ctx context.Context, v exact.Vector, won contests) (contests, bool, error) {
	after := contests{won.classes, slices.Clone(won.in)}
	differences := p.differences(v)
	e := p.exactRows()
	fine := true
	for i := range p.rows() {
		if i%1024 == 0 && ctx.Err() != nil {
			return after, false, ctx.Err()
		}
		x := e.row(i)
		p.each(won, i, func(y, k int) {
			if !fine {
				return
			}
			switch differences[y*p.classes+k].Sign(x) {
			case 1:
				after.add(i, k)
			case -1:
				fine = false
			}
		})
		if !fine {
			return after, false, nil
		}
	}
	return after, true, nil
}

// differences returns V_y − V_k at y·classes + k.
func (p *problem) differences(v exact.Vector) []exact.Vector {
	d := p.terms
	by := make([]exact.Vector, p.classes)
	for k := range by {
		if k < p.first {
			by[k] = exact.FromFloats(make([]float64, d))
		} else {
			by[k] = v.Slice((k-p.first)*d, (k-p.first+1)*d)
		}
	}
	all := make([]exact.Vector, p.classes*p.classes)
	for y, a := range by {
		for k, b := range by {
			if y != k {
				all[y*p.classes+k] = a.Sub(b)
			}
		}
	}
	return all
}
