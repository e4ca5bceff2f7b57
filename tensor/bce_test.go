package tensor

import (
	"math"
	"math/big"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
)

// The loss is within 2 ULP of the exact one, also with soft targets.
func TestSigmoidBCEIsAccurate(t *testing.T) {
	src := random.New(4, 2)
	worst := 0.0
	for i := range 3000 {
		z := []float64{src.Norm() * []float64{1e-6, 1, 5, 30}[i%4]}
		target := []float64{[]float64{0, 1, src.Float64()}[i%3]}
		var l [1]float64
		SigmoidBCE(l[:], nil, nil, z, target, nil)
		a := math.Abs(z[0])
		exact, wrong := bigSoftplus(a), bigOf(target[0])
		if z[0] >= 0 {
			wrong.Sub(bigOf(1), wrong)
		}
		exact.Add(exact, new(big.Float).Mul(wrong, bigOf(a)))
		worst = max(worst, ulpOff(l[0], exact))
	}
	if t.Logf("worst error %.3f ULP", worst); worst > 2 {
		t.Errorf("%.3f ULP", worst)
	}
}

// Slices that are nil are not computed, and the others are the same without them.
func TestSigmoidBCEComputesWhatIsWanted(t *testing.T) {
	z, target, w := []float64{-2, 0.5, 40}, []float64{0.3, 1, 0}, []float64{1, 2, 0.5}
	l, dz, dt := make([]float64, 3), make([]float64, 3), make([]float64, 3)
	for _, w := range [][]float64{nil, w} {
		SigmoidBCE(l, dz, dt, z, target, w)
		l2, dz2, dt2 := make([]float64, 3), make([]float64, 3), make([]float64, 3)
		SigmoidBCE(l2, dz2, nil, z, target, w)
		copy(l2, z)
		SigmoidBCE(l2, nil, dt2, l2, target, w) // l may be z
		for j := range z {
			if l[j] != l2[j] || dz[j] != dz2[j] || dt[j] != dt2[j] {
				t.Errorf("element %d: %v %v %v, alone %v %v %v", j, l[j], dz[j], dt[j], l2[j], dz2[j], dt2[j])
			}
		}
	}
}
