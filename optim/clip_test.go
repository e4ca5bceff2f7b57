package optim_test

import (
	"math"
	"slices"
	"testing"

	"github.com/surprisal-ml/surprisal/optim"
)

func TestClipNorm(t *testing.T) {
	grad := []float64{3, 0, -4}
	if norm := optim.ClipNorm(grad, 10); norm != 5 || !slices.Equal(grad, []float64{3, 0, -4}) {
		t.Errorf("below the limit: norm %v, gradient %v", norm, grad)
	}
	if norm := optim.ClipNorm(grad, 2.5); norm != 5 {
		t.Errorf("norm %v, want 5", norm)
	}
	for i, want := range []float64{3, 0, -4} {
		if want *= 2.5 / (5 + 1e-6); !(math.Abs(grad[i]-want) <= 1e-15) {
			t.Errorf("clipped to %v", grad)
		}
	}
	if norm := optim.ClipNorm(nil, 1); norm != 0 {
		t.Errorf("no parameters have the norm %v", norm)
	}
}

func TestClipNormOfExtremes(t *testing.T) {
	const n = 1000
	for _, size := range []float64{0, math.SmallestNonzeroFloat64, 1e-310, 1e-200, 1e-140, 1, 1e150, 1e200, 1e300} {
		grad := make([]float64, n)
		for i := range grad {
			grad[i] = size
		}
		norm := optim.ClipNorm(grad, 1)
		if want := size * math.Sqrt(n); !(math.Abs(norm-want) <= 1e-14*want+math.SmallestNonzeroFloat64) {
			t.Errorf("norm of %d times %v: %v, want %v", n, size, norm, want)
		}
		if after := optim.ClipNorm(grad, math.Inf(1)); !(after <= 1+1e-15) { // up to its own rounding
			t.Errorf("entries of %v are clipped to the norm %v", size, after)
		}
	}
}

func TestClipNormLeavesNonFiniteGradients(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		grad := []float64{7, bad, 8}
		norm := optim.ClipNorm(grad, 1)
		if norm <= math.MaxFloat64 {
			t.Errorf("norm %v with a %v", norm, bad)
		}
		if grad[0] != 7 || grad[2] != 8 {
			t.Errorf("gradient with a %v became %v", bad, grad)
		}
	}
	for _, maxNorm := range []float64{0, -1, math.NaN()} {
		wantMisuse(t, "positive", func() { optim.ClipNorm([]float64{1}, maxNorm) })
	}
}
