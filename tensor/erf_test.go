package tensor_test

import (
	"math"
	"testing"

	"github.com/surprisal-ml/surprisal/tensor"
)

func TestErf(t *testing.T) {
	var x []float64
	for v := -7.0; v < 7; v += 0.01 {
		x = append(x, v)
	}
	y := make([]float64, len(x))
	tensor.Erf(y, x)
	for i, v := range x {
		if want := math.Erf(v); math.Abs(y[i]-want) > 3e-16*math.Abs(want) {
			t.Errorf("erf %v = %v, package math says %v", v, y[i], want)
		}
	}
	tensor.Erf(x, x)
	for i := range x {
		if x[i] != y[i] {
			t.Fatalf("in place: %v and %v", x[i], y[i])
		}
	}
}
