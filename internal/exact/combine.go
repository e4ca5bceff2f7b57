package exact

import "math/big"

// Complete returns the vector v that is orthogonal to the rows and, up to a
// positive factor, has the given values at the columns that are not pivots.
// There must be as many rows as pivots, the rows independent on them; it
// returns false where that is not so modulo the prime.
func Complete(rows [][]*big.Int, pivots []int, values []*big.Int) (Vector, bool) {
	isPivot := make([]bool, len(values))
	for _, c := range pivots {
		isPivot[c] = true
	}
	a, b := columns(rows, pivots), make([]*big.Int, len(rows))
	var t big.Int
	for i, row := range rows {
		b[i] = new(big.Int)
		for j, v := range row {
			if !isPivot[j] {
				b[i].Sub(b[i], t.Mul(v, values[j]))
			}
		}
	}
	x, den, ok := Solve(a, b)
	if !ok {
		return Vector{}, false
	}
	v := make([]*big.Int, len(values))
	for j := range v {
		if !isPivot[j] {
			v[j] = new(big.Int).Mul(values[j], den)
		}
	}
	for i, c := range pivots {
		v[c] = x[i]
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
// another.
func Normal(rows [][]*big.Int, columns int) (Vector, bool) {
	e, ok := echelon(rows, columns)
	if !ok || e.Rank() != columns-1 {
		return Vector{}, false
	}
	values := make([]*big.Int, columns)
	for j := range values {
		values[j] = new(big.Int)
	}
	values[e.Free()[0]].SetInt64(1)
	return Complete(rows, e.Pivots(), values)
}

// echelon returns the echelon form of rows, false if they depend on one another.
func echelon(rows [][]*big.Int, columns int) (*Echelon, bool) {
	e := NewEchelon(columns)
	for i, row := range rows {
		residues := make([]uint64, columns)
		for j, v := range row {
			residues[j] = IntResidue(v)
		}
		if !e.Add(residues, i) {
			return nil, false
		}
	}
	return e, true
}

// Combination returns m with Σᵢ mᵢ·rowᵢ = target, up to a positive factor, and
// false if there is none or the rows depend on one another.
func Combination(rows [][]*big.Int, target []*big.Int) ([]*big.Int, bool) {
	e, ok := echelon(rows, len(target))
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
	m, den, ok := Solve(transposed, b)
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
