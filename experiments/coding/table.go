package coding

import (
	"fmt"
	"math"
	"sort"

	"github.com/surprisal-ml/surprisal/tensor"
)

// total is what the whole of a Table counts as.
const total = 1 << 40

// Table is a distribution over the symbols 0…n−1 in whole multiples of 2⁻⁴⁰, so
// that encoder and decoder agree on it to the last bit.
type Table struct {
	above []uint64 // above[i] is the sum of the counts of symbols 0…i
}

// NewTable rounds a distribution. A symbol of positive probability keeps at
// least 2⁻⁴⁰, one of probability 0 cannot be encoded. It panics if p is not a
// distribution: a probability that is negative or NaN, or a sum further than
// 1e-6 from 1.
func NewTable(p []float64) *Table {
	t := &Table{above: make([]uint64, len(p))}
	largest, sum, counts := 0, 0.0, make([]uint64, len(p))
	var counted uint64
	for i, x := range p {
		if !(x >= 0) {
			panic(&tensor.UsageError{Op: "coding.NewTable", Problem: fmt.Sprintf("probability %d is %v", i, x)})
		}
		sum += x
		if x > p[largest] {
			largest = i
		}
		if x > 0 {
			counts[i] = max(1, uint64(math.Round(min(x, 1)*total)))
		}
		counted += counts[i]
	}
	if !(math.Abs(sum-1) <= 1e-6) {
		panic(&tensor.UsageError{Op: "coding.NewTable", Problem: fmt.Sprintf("%d probabilities add up to %v; they must to 1", len(p), sum)})
	}
	// What rounding added or took, at most 1e-6, is least felt by the largest.
	counts[largest] += total - counted
	var above uint64
	for i, c := range counts {
		above += c
		t.above[i] = above
	}
	return t
}

// Len returns the number of symbols.
func (t *Table) Len() int { return len(t.above) }

// Probability returns the probability of a symbol after rounding, which is exact
// in float64.
func (t *Table) Probability(symbol int) float64 {
	low, high := t.interval(symbol)
	return float64(high-low) / total
}

// interval returns the part of [0, total) that belongs to a symbol.
func (t *Table) interval(symbol int) (low, high uint64) {
	if symbol > 0 {
		low = t.above[symbol-1]
	}
	return low, t.above[symbol]
}

// symbol returns the symbol whose interval has the point.
func (t *Table) symbol(point uint64) int {
	return sort.Search(len(t.above), func(i int) bool { return t.above[i] > point })
}
