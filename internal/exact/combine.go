package exact

import (
	"context"
	"math"
	"math/big"
)

// Complete returns the vector v that is orthogonal to the rows and, up to a
// positive factor, has the given values at the columns that are not pivots.
// There must be as many rows as pivots, the rows independent on them; it
// returns false where that is not so modulo the prime, or when the context ends.
func Complete(ctx context.Context, rows [][]*big.Int, pivots []int, values []*big.Int) (Vector, bool) {
	c, ok := NewCompletion(ctx, rows, pivots)
	if !ok {
		return Vector{}, false
	}
	return c.Complete(ctx, values, math.MaxInt)
}

// Completion is Complete for the same rows and pivots and many values: what does
// not depend on the values is computed once.
type Completion struct {
	rows   [][]*big.Int
	pivots []int
	system *system
}

// NewCompletion returns false where [Complete] does.
func NewCompletion(ctx context.Context, rows [][]*big.Int, pivots []int) (*Completion, bool) {
	s, ok := newSystem(ctx, columns(rows, pivots))
	return &Completion{rows, pivots, s}, ok
}

// Complete is [Complete] for the rows and pivots of c. It also returns false
// where so many p-adic digits do not determine the vector.
func (c *Completion) Complete(ctx context.Context, values []*big.Int, digits int) (Vector, bool) {
	isPivot := make([]bool, len(values))
	for _, at := range c.pivots {
		isPivot[at] = true
	}
	b := make([]*big.Int, len(c.rows))
	var t big.Int
	for i, row := range c.rows {
		b[i] = new(big.Int)
		for j, v := range row {
			if !isPivot[j] {
				b[i].Sub(b[i], t.Mul(v, values[j]))
			}
		}
	}
	x, den, ok := c.system.solve(ctx, b, digits)
	if !ok {
		return Vector{}, false
	}
	v := make([]*big.Int, len(values))
	for j := range v {
		if !isPivot[j] {
			v[j] = new(big.Int).Mul(values[j], den)
		}
	}
	for i, at := range c.pivots {
		v[at] = x[i]
	}
	return FromInts(v), true
}

// columns returns the given columns of rows.
func columns(rows [][]*big.Int, at []int) [][]*big.Int {
	a := make([][]*big.Int, len(rows))
	for i, row := range rows {
		for _, c := range at {
			a[i] = append(a[i], row[c])
		}
	}
	return a
}

// Normal returns the vector orthogonal to n−1 independent rows of n columns; it
// is determined but for its sign. It returns false if the rows depend on one
// another, or when the context ends.
func Normal(ctx context.Context, rows [][]*big.Int, columns int) (Vector, bool) {
	e, ok := echelon(ctx, rows, columns)
	if !ok || e.Rank() != columns-1 {
		return Vector{}, false
	}
	values := make([]*big.Int, columns)
	for j := range values {
		values[j] = new(big.Int)
	}
	values[e.Free()[0]].SetInt64(1)
	return Complete(ctx, rows, e.Pivots(), values)
}

// echelon returns the echelon form of rows, false if they depend on one another
// or the context ends.
func echelon(ctx context.Context, rows [][]*big.Int, columns int) (*Echelon, bool) {
	e := NewEchelon(columns)
	for i, row := range rows {
		residues := make([]uint64, columns)
		for j, v := range row {
			residues[j] = IntResidue(v)
		}
		if ctx.Err() != nil || !e.Add(residues, i) {
			return nil, false
		}
	}
	return e, true
}

// Combination returns m with Σᵢ mᵢ·rowᵢ = target, up to a positive factor, and
// false if there is none, the rows depend on one another or the context ends.
func Combination(ctx context.Context, rows [][]*big.Int, target []*big.Int) ([]*big.Int, bool) {
	e, ok := echelon(ctx, rows, len(target))
	if !ok {
		return nil, false
	}
	pivots := e.Pivots()
	transposed, b := make([][]*big.Int, len(rows)), make([]*big.Int, len(rows))
	for k, c := range pivots {
		for _, row := range rows {
			transposed[k] = append(transposed[k], row[c])
		}
		b[k] = target[c]
	}
	m, den, ok := Solve(ctx, transposed, b)
	if !ok {
		return nil, false
	}
	var sum, t big.Int
	for j, want := range target {
		sum.SetInt64(0)
		for i, row := range rows {
			sum.Add(&sum, t.Mul(m[i], row[j]))
		}
		if sum.Cmp(t.Mul(want, den)) != 0 {
			return nil, false
		}
	}
	return m, true
}
