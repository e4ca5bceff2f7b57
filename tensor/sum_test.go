package tensor

import (
	"math"
	"testing"
)

func TestSumKeepsWhatAdditionsRoundAway(t *testing.T) {
	for _, c := range []struct {
		x    []float64
		want float64
	}{
		{nil, 0},
		{[]float64{1, 1e100, 1, -1e100}, 2},
		{[]float64{1e16, 1, 1, 1, 1}, 1e16 + 4},
		{[]float64{math.Inf(1), 1}, math.Inf(1)},
		{[]float64{1, math.Inf(-1), 3}, math.Inf(-1)},
		{[]float64{math.Inf(-1), math.Inf(1)}, math.NaN()},
		{[]float64{1, math.NaN()}, math.NaN()},
		{[]float64{math.MaxFloat64, math.MaxFloat64}, math.Inf(1)},
	} {
		var one, all Sum
		for _, v := range c.x {
			one.Add(v)
		}
		all.AddAll(c.x)
		if math.Float64bits(one.Value()) != math.Float64bits(all.Value()) || one.Value() != c.want && !math.IsNaN(c.want+one.Value()) {
			t.Errorf("%v: %v one by one, %v at once, not %v", c.x, one.Value(), all.Value(), c.want)
		}
	}
	var s Sum
	for range 1_000_000 {
		s.Add(0.1)
	}
	if s.Value() != 100000 {
		t.Errorf("a million times 0.1 is %v", s.Value())
	}
}
