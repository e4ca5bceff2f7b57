package exact

import (
	"math/rand/v2"
	"slices"
)

// Echelon is the reduced row echelon form, modulo the prime, of the rows that
// were added to it. Its pivots are the first columns that are independent, and
// depend on the space that the rows span alone.
type Echelon struct {
	cols  int
	rows  [][]uint64 // 1 at its own pivot, 0 at those of the others
	pivot []int
	ids   []int
	// probe is orthogonal to the rows and otherwise random: a row that is
	// orthogonal to it depends on them, but for a chance of 1 in 2⁶¹.
	probe  []uint64
	random *rand.Rand
}

// NewEchelon returns the echelon form of no rows.
func NewEchelon(cols int) *Echelon {
	e := &Echelon{cols: cols, random: rand.New(rand.NewPCG(0x5eed, 61)), probe: make([]uint64, cols)}
	e.draw()
	return e
}

// Add adds a row of residues and reports whether it was independent of those
// before; then it remembers id.
func (e *Echelon) Add(row []uint64, id int) bool {
	if len(e.rows) == e.cols || dot(row, e.probe) == 0 {
		return false
	}
	row = slices.Clone(row)
	for i, r := range e.rows {
		eliminate(row, r, e.pivot[i])
	}
	pivot := slices.IndexFunc(row, func(v uint64) bool { return v != 0 })
	if pivot < 0 {
		return false
	}
	inv := inverse(row[pivot])
	for j, v := range row {
		row[j] = mul(v, inv)
	}
	for _, r := range e.rows {
		eliminate(r, row, pivot)
	}
	e.rows, e.pivot, e.ids = append(e.rows, row), append(e.pivot, pivot), append(e.ids, id)
	e.draw()
	return true
}

// eliminate subtracts from dst the multiple of row that clears the pivot.
func eliminate(dst, row []uint64, pivot int) {
	if f := dst[pivot]; f != 0 {
		for j, v := range row {
			if v != 0 {
				dst[j] = sub(dst[j], mul(f, v))
			}
		}
	}
}

// draw chooses another probe.
func (e *Echelon) draw() {
	for j := range e.probe {
		e.probe[j] = e.random.Uint64N(prime)
	}
	for _, c := range e.pivot {
		e.probe[c] = 0
	}
	for i, r := range e.rows {
		e.probe[e.pivot[i]] = neg(dot(r, e.probe))
	}
}

// Rank returns the number of independent rows. It is at most the rank over the
// rational numbers.
func (e *Echelon) Rank() int { return len(e.rows) }

// Pivots returns the first independent columns in ascending order.
func (e *Echelon) Pivots() []int { return slices.Sorted(slices.Values(e.pivot)) }

// Free returns the columns that are not pivots in ascending order: each depends
// on those before it.
func (e *Echelon) Free() []int {
	var free []int
	for j := range e.cols {
		if !slices.Contains(e.pivot, j) {
			free = append(free, j)
		}
	}
	return free
}

// IDs returns the ids of the independent rows in the order they were added.
func (e *Echelon) IDs() []int { return e.ids }

// Spans reports whether a row of residues depends on the rows.
func (e *Echelon) Spans(row []uint64) bool {
	row = slices.Clone(row)
	for i, r := range e.rows {
		eliminate(row, r, e.pivot[i])
	}
	return !slices.ContainsFunc(row, func(v uint64) bool { return v != 0 })
}

// Determined reports whether column j is 0 in every vector that is orthogonal
// to the rows: whether the unit row of j is in their span.
func (e *Echelon) Determined(j int) bool {
	at := slices.Index(e.pivot, j)
	if at < 0 {
		return false
	}
	for c, v := range e.rows[at] {
		if c != j && v != 0 {
			return false
		}
	}
	return true
}
