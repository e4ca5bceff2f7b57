package mle

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// bigTail returns Γ(a, λ) = e^−λ·λ^a·(1/(λ+1−a−) 1(1−a)/(λ+3−a−) …), the continued
// fraction of Legendre, for a = df/2, divided by Γ(a).
func bigTail(x float64, df int) *big.Float {
	half := newBig(0.5)
	a, l := mulBig(newBig(float64(df)), half), mulBig(newBig(x), half)
	fraction := bigZero()
	for k := math.Round(200 + 1000/x); k >= 0; k-- {
		d := bigZero().Add(l, newBig(2*k+1))
		d.Sub(d, a)
		fraction.Sub(d, fraction)
		if k > 0 { // k·(k − a) over it
			n := mulBig(newBig(k), bigZero().Sub(newBig(k), a))
			fraction.Quo(n, fraction)
		}
	}
	gamma, j := newBig(1), newBig(1)
	if df%2 == 1 {
		gamma.Sqrt(bigPi())
		j = newBig(0.5)
	}
	for ; j.Cmp(a) < 0; j = bigZero().Add(j, newBig(1)) {
		gamma.Mul(gamma, j)
	}
	power := expBig(mulBig(a, logBig(l)))
	return power.Quo(power, fraction.Mul(fraction, gamma).Mul(fraction, expBig(l)))
}

// bigPi returns π by Machin's formula.
func bigPi() *big.Float {
	arctan := func(n float64) *big.Float { // of 1/n
		sum, power := bigZero(), bigZero().Quo(newBig(1), newBig(n))
		for k := 1.0; k < 500; k += 2 {
			sum.Add(sum, bigZero().Quo(power, newBig(k)))
			power.Quo(power, newBig(-n*n))
		}
		return sum
	}
	p := mulBig(newBig(16), arctan(5))
	return p.Sub(p, mulBig(newBig(4), arctan(239)))
}

func relative(got float64, want *big.Float) float64 {
	e := newBig(got)
	e.Sub(e, want)
	f, _ := e.Quo(e, want).Float64()
	return math.Abs(f)
}

// p-values keep their digits down to 1e-300: against 340 bits.
func TestTails(t *testing.T) {
	for _, df := range []int{1, 2, 3, 4, 7, 10, 31, 100, 999, 2000} {
		for _, x := range []float64{0.3, 1, 3.841458820694124, 12.7, 60, 99.5, 850.25, 1300.7, 1372} {
			if x < float64(df)/50 {
				continue // the fraction converges slowly; p is 1
			}
			want := bigTail(x, df)
			if v, _ := want.Float64(); v < 1e-300 {
				continue
			}
			if e := relative(chiSquared(dd.New(x), df), want); e > 4e-15 {
				t.Errorf("chi-squared %g, %d degrees of freedom: %v, want %.17g: %.1g", x, df, chiSquared(dd.New(x), df), want, e)
			}
		}
	}
	for _, z := range []float64{0.7, 1.96, 5, 12.5, 31.4159, 37} {
		want := bigTail(z*z, 1) // with z² rounded
		if e := relative(twoSided(dd.Sqrt(dd.New(z*z))), want); e > 4e-16 {
			t.Errorf("z = %g: %v, want %.17g: %.1g", z, twoSided(dd.New(z)), want, e)
		}
	}
	for _, v := range []struct {
		x    float64
		df   int
		want float64
	}{{0, 3, 1}, {-1e-20, 3, 1}, {math.Inf(1), 3, 0}, {5, 0, 0}, {0, 0, 1}, {1e-9, 1000, 1}, {2000, 2, 0}} {
		if p := chiSquared(dd.New(v.x), v.df); p != v.want {
			t.Errorf("chi-squared %g, %d degrees of freedom: %g", v.x, v.df, p)
		}
	}
	if !math.IsNaN(chiSquared(dd.New(math.NaN()), 2)) || twoSided(dd.New(40)) != 0 || twoSided(dd.Float{}) != 1 {
		t.Error("extremes")
	}
}

// Quantiles as tables have them, and back to the level.
func TestQuantile(t *testing.T) {
	for level, want := range map[float64]string{0.95: "1.959963984540054", 0.9: "1.644853626951473", 0.99: "2.575829303548901", 0.5: "0.674489750196082"} {
		if got := fmt.Sprintf("%.15f", quantile(level).Float64()); got != want {
			t.Errorf("%g: %s, want %s", level, got, want)
		}
	}
	for level, tail := range map[float64]float64{1e-12: 1 - 1e-12, 0.01: 0.99, 0.3: 0.7, 0.68: 0.32, 0.999: 1e-3, 0.99999999: 1e-8, 0.99999999999999: 1e-14} {
		z := quantile(level)
		if p := twoSided(z); math.Abs(p-tail) > 1e-15*tail {
			t.Errorf("%g: quantile %g leaves %g", level, z.Hi, p)
		}
	}
	for _, level := range []float64{-0.1, 1, 95, math.NaN()} {
		if _, err := checkLevel(level); err == nil {
			t.Errorf("the level %g is allowed", level)
		}
	}
}
