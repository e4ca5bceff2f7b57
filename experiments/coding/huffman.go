package coding

import (
	"cmp"
	"slices"
)

// HuffmanLengths returns the length in bits of the code of each symbol in
// Huffman's code for the probabilities p. Among all codes that give each symbol
// bits of its own it has the smallest mean length L = Σ p·length, and
//
//	H(p) ≤ L < H(p) + 1 in bits.
//
// Symbols of probability 0 get no code: length 0. So does a symbol that is
// alone, though a message needs to say at least how often.
func HuffmanLengths(p []float64) []int {
	type tree struct {
		weight  float64
		symbols []int
	}
	var forest []tree
	for i, x := range p {
		if x > 0 {
			forest = append(forest, tree{x, []int{i}})
		}
	}
	lengths := make([]int, len(p))
	// The two lightest trees become one, whose symbols are a bit deeper. A stable
	// sort lets equal weights fall the same way on every run.
	for len(forest) > 1 {
		slices.SortStableFunc(forest, func(a, b tree) int { return cmp.Compare(b.weight, a.weight) })
		a, b := forest[len(forest)-2], forest[len(forest)-1]
		joined := slices.Concat(a.symbols, b.symbols)
		for _, i := range joined {
			lengths[i]++
		}
		forest = append(forest[:len(forest)-2], tree{a.weight + b.weight, joined})
	}
	return lengths
}
