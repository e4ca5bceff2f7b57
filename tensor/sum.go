package tensor

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// Sum adds numbers up and carries what each addition rounds away, so that the
// error is that of a few ULP of the result even for millions of terms of one
// sign (A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation
// endlicher Summen", 1974). The zero value is the empty sum.
type Sum struct{ sum, lost float64 }

// Add adds x.
func (s *Sum) Add(x float64) {
	t := s.sum + x
	b := t - s.sum
	s.lost += (s.sum - (t - b)) + (x - b)
	s.sum = t
}

// AddProduct adds x·y, the product not rounded: adding 3·y is adding y three
// times.
func (s *Sum) AddProduct(x, y float64) {
	p := x * y
	s.Add(p)
	s.lost += math.FMA(x, y, -p)
}

// AddAll adds every element of x: partial sums of every eighth element, made in
// the same way.
func (s *Sum) AddAll(x []float64) {
	sum, lost := vmath.Sum(x)
	s.Add(sum)
	s.lost += lost
}

// AddSum adds what t has added up, and what t carries. Adding it to the empty sum
// gives t.
func (s *Sum) AddSum(t Sum) {
	s.Add(t.sum)
	s.lost += t.lost
}

// Value returns the sum.
func (s *Sum) Value() float64 {
	if math.IsInf(s.sum, 0) { // what was lost is NaN then
		return s.sum
	}
	return s.sum + s.lost
}
