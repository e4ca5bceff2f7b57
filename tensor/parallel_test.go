package tensor

import (
	"fmt"
	"math"
	"testing"
)

// squares is the sum of the squares of x.
type squares struct {
	x    []float64
	sums []Sum
}

const partOfSquares = 1000

func (s *squares) Part(i int) {
	var sum Sum // on the stack: neighbours in sums share a cache line
	for _, v := range s.x[i*partOfSquares : min((i+1)*partOfSquares, len(s.x))] {
		sum.AddProduct(v, v)
	}
	s.sums[i] = sum
}

func ExampleParallel() {
	job := &squares{x: make([]float64, 2500), sums: make([]Sum, 3)}
	for i := range job.x {
		job.x[i] = 0.5
	}
	Parallel(job, len(job.sums))
	var total Sum
	for _, s := range job.sums {
		total.AddSum(s)
	}
	fmt.Println(total.Value())
	// Output: 625
}

func TestAddSum(t *testing.T) {
	for _, x := range [][]float64{{1e100, 1, -1e100}, {1e300, 1e300, 1e300}, {math.MaxFloat64, math.MaxFloat64, -math.MaxFloat64}, {math.NaN()}, {0.1, 0.2, 0.3}} {
		var s, same Sum
		for _, v := range x {
			s.Add(v)
		}
		same.AddSum(s)
		if got, want := same.Value(), s.Value(); math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%v: added to nothing %v, itself %v", x, got, want)
		}
	}
	// What one sum carries is not lost in the other.
	var a, b Sum
	a.Add(1e100)
	a.Add(1)
	b.Add(3)
	b.Add(-1e100)
	if a.AddSum(b); a.Value() != 4 {
		t.Errorf("1e100+1 and 3−1e100 add up to %v, want 4", a.Value())
	}
}
