package tensor

import (
	"math"
	"math/big"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
)

// bigExp returns eˣ with 200 bits: the Taylor series of x/2⁶⁴, squared again.
func bigExp(x float64) *big.Float {
	const halvings = 16
	r := new(big.Float).SetPrec(240).SetFloat64(x)
	r.SetMantExp(r, -halvings)
	sum, term := new(big.Float).SetPrec(240).SetInt64(1), new(big.Float).SetPrec(240).SetInt64(1)
	for n := int64(1); n < 40; n++ {
		term.Mul(term, r)
		term.Quo(term, new(big.Float).SetInt64(n))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

func ulpOff(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	spacing := math.Nextafter(w, math.Inf(1)) - w
	d := new(big.Float).Sub(new(big.Float).SetFloat64(got), want)
	off, _ := d.Quo(d, new(big.Float).SetFloat64(spacing)).Float64()
	return math.Abs(off)
}

func TestExpIsAccurate(t *testing.T) {
	src := random.New(1, 2)
	worst := 0.0
	for i := range 20000 {
		x := src.Norm() * []float64{1e-3, 1, 10, 250}[i%4]
		if x > 709.7 || x < -708 {
			continue
		}
		var e [1]float64
		Exp(e[:], []float64{x})
		worst = max(worst, ulpOff(e[0], bigExp(x)))
	}
	if worst > 0.7 {
		t.Errorf("%.3f ULP", worst)
	}
	t.Logf("worst error %.3f ULP", worst)
}

func TestExpAtTheEdges(t *testing.T) {
	for _, c := range [][2]float64{
		{0, 1}, {math.Copysign(0, -1), 1}, {5e-324, 1},
		{math.Inf(1), math.Inf(1)}, {math.Inf(-1), 0}, {710, math.Inf(1)}, {-746, 0}, {1e308, math.Inf(1)}, {-1e308, 0},
		{709.782712893384, 1.7976931348622732e308}, {709.7827128933841, math.Inf(1)},
		{-745.1332191019411, 5e-324}, {-745.14, 0}, {-710, 4.47628622567513e-309},
	} {
		var e [1]float64
		if Exp(e[:], c[:1]); e[0] != c[1] {
			t.Errorf("exp(%v) = %v, not %v", c[0], e[0], c[1])
		}
	}
	e := []float64{math.NaN()}
	if Exp(e, e); !math.IsNaN(e[0]) {
		t.Errorf("exp(NaN) = %v", e[0])
	}
}

func BenchmarkExp(b *testing.B) {
	x, y := make([]float64, 1000), make([]float64, 1000)
	for i := range x {
		x[i] = -float64(i) / 50
	}
	for b.Loop() {
		Exp(y, x)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/exp")
}

func BenchmarkMathExp(b *testing.B) {
	x, y := make([]float64, 1000), make([]float64, 1000)
	for i := range x {
		x[i] = -float64(i) / 50
	}
	for b.Loop() {
		for i, v := range x {
			y[i] = math.Exp(v)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/exp")
}
