package tensor

import (
	"math"
	"math/big"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
)

const bigBits = 260

func bigOf(x float64) *big.Float { return new(big.Float).SetPrec(bigBits).SetFloat64(x) }

// bigExp returns eˣ: the Taylor series of x/2¹⁶, squared again.
func bigExp(x *big.Float) *big.Float {
	const halvings = 16
	r := new(big.Float).SetPrec(bigBits).SetMantExp(x, -halvings)
	sum, term := bigOf(1), bigOf(1)
	for n := 1; n < 40; n++ {
		term.Mul(term, r)
		term.Quo(term, bigOf(float64(n)))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigSoftplus returns log(1+e⁻ᵃ) for a ≥ 0: a step of Halley's method from the
// value in float64.
func bigSoftplus(a float64) *big.Float {
	y := new(big.Float).Add(bigOf(1), bigExp(bigOf(-a)))
	x := bigOf(math.Log1p(math.Exp(-a)))
	e := bigExp(x)
	step := new(big.Float).Sub(y, e)
	step.Quo(step, new(big.Float).Add(y, e))
	return x.Add(x, step.Mul(step, bigOf(2)))
}

// ulpOff returns the distance of got from want in units of the spacing of
// float64 there.
func ulpOff(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	w = math.Abs(w)
	d := new(big.Float).Sub(bigOf(got), want)
	off, _ := d.Quo(d, bigOf(math.Nextafter(w, math.Inf(1))-w)).Float64()
	return math.Abs(off)
}

func TestExpIsAccurate(t *testing.T) {
	src := random.New(1, 2)
	worst := 0.0
	for i := range 8000 {
		x := src.Norm() * []float64{1e-3, 1, 10, 200}[i%4]
		var e [1]float64
		Exp(e[:], []float64{x})
		if x > -700 && x < 700 {
			worst = max(worst, ulpOff(e[0], bigExp(bigOf(x))))
		}
	}
	if t.Logf("worst error %.3f ULP", worst); worst > 0.7 {
		t.Errorf("%.3f ULP", worst)
	}
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
	x := []float64{math.NaN(), math.E}
	if Exp(x[:1], x[:1]); !math.IsNaN(x[0]) {
		t.Errorf("exp(NaN) = %v", x[0])
	}
	if Log(x, x); !math.IsNaN(x[0]) || x[1] != 1 {
		t.Errorf("log(NaN, e) = %v", x)
	}
}

// The gap is exact inside: its rounding alone would cost e^gap up to gap/2 ULP.
func TestExpGapsAreAccurate(t *testing.T) {
	src := random.New(3, 2)
	e, z := make([]float64, 6), make([]float64, 6)
	worst := 0.0
	for i := range 1000 {
		for j := range z {
			z[j] = src.Norm()*[]float64{1, 10, 40}[i%3] + []float64{0, 1e-3, 3.3}[i%3]
		}
		top, rest := ExpGaps(e, z)
		sum := bigOf(0)
		for j, v := range z {
			exact := bigExp(new(big.Float).Sub(bigOf(v), bigOf(z[top])))
			if f, _ := exact.Float64(); f > 0x1p-1022 {
				worst = max(worst, ulpOff(e[j], exact))
			}
			if j != top {
				sum.Add(sum, exact)
			}
		}
		worst = max(worst, ulpOff(rest, sum))
	}
	if t.Logf("worst error %.3f ULP", worst); worst > 1.6 {
		t.Errorf("%.3f ULP", worst)
	}
}

func TestExpGapsWithoutAMaximum(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, z := range [][]float64{{nan, 1}, {1, nan}, {inf, 1}, {-inf, -inf}, {inf, inf}} {
		if _, rest := ExpGaps(make([]float64, 2), z); !math.IsNaN(rest) {
			t.Errorf("%v: %v", z, rest)
		}
	}
	e := []float64{-inf, 0, -1e308, -inf}
	if top, rest := ExpGaps(e, e); top != 1 || rest != 0 || e[0] != 0 || e[1] != 1 {
		t.Errorf("top %d, rest %v, %v", top, rest, e)
	}
}

func TestExpm1AndLog1pNearZero(t *testing.T) {
	for _, c := range [][2]float64{
		{1e-10, 1.00000000005e-10}, {-1e-300, -1e-300}, {math.Inf(-1), -1}, {1, 1.7182818284590453}, {710, math.Inf(1)}, {0, 0},
	} {
		x := []float64{c[0]}
		if Expm1(x, x); x[0] != c[1] {
			t.Errorf("expm1(%v) = %v, not %v", c[0], x[0], c[1])
		}
	}
	for _, c := range [][2]float64{
		{0x1p-30, 0x1.fffffffcp-31}, {-1e-300, -1e-300}, {-1, math.Inf(-1)}, {1, math.Ln2}, {math.Inf(1), math.Inf(1)}, {0, 0},
	} {
		x := []float64{c[0]}
		if Log1p(x, x); x[0] != c[1] {
			t.Errorf("log1p(%v) = %v, not %v", c[0], x[0], c[1])
		}
	}
}
