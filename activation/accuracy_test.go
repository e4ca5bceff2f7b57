package activation

import (
	"math"
	"math/big"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
)

// exact returns f(z), f′(z) and f″(z) from their definitions; a is |z|.
type exact func(z, a *big.Float) [3]*big.Float

func logistic(z, a *big.Float) (p, slope, curvature *big.Float) {
	e, m := exactDecay(a)
	d := sum(number(1), e)
	if p = quotient(number(1), d); z.Signbit() {
		p = quotient(e, d)
	}
	slope = quotient(e, product(d, d))
	if curvature = quotient(product(slope, m), d); z.Signbit() {
		curvature.Neg(curvature)
	}
	return p, slope, curvature
}

func scaled(f float64, x *big.Float) *big.Float { return product(number(f), x) }

func softplus(beta float64) exact {
	return func(z, _ *big.Float) [3]*big.Float {
		z = scaled(beta, z)
		a := number(0).Abs(z)
		e, _ := exactDecay(a)
		l := exactLog1p(e)
		if !z.Signbit() {
			l = sum(l, z)
		}
		p, s, _ := logistic(z, a)
		return [3]*big.Float{quotient(l, number(beta)), p, scaled(beta, s)}
	}
}

func elu(alpha float64) exact {
	return func(z, a *big.Float) [3]*big.Float {
		if z.Sign() > 0 {
			return [3]*big.Float{z, number(1), number(0)}
		}
		e, m := exactDecay(a)
		return [3]*big.Float{scaled(alpha, m), scaled(alpha, e), scaled(alpha, e)}
	}
}

func leaky(slope float64) exact {
	return func(z, _ *big.Float) [3]*big.Float {
		if z.Sign() > 0 {
			return [3]*big.Float{z, number(1), number(0)}
		}
		return [3]*big.Float{scaled(slope, z), number(slope), number(0)}
	}
}

var accuracies = []struct {
	f     Func
	exact exact
	limit [3]float64 // ULP
	terms float64    // where a derivative crosses 0: the size of its terms there
}{
	{Sigmoid{}, func(z, a *big.Float) [3]*big.Float {
		p, s, c := logistic(z, a)
		return [3]*big.Float{p, s, c}
	}, [3]float64{2, 4, 5}, 0},
	{LogSigmoid{}, func(z, a *big.Float) [3]*big.Float {
		y := softplus(-1)(z, a)
		return [3]*big.Float{y[0], y[1], y[2]}
	}, [3]float64{2, 4, 5}, 0},
	{Softplus{}, softplus(1), [3]float64{2, 4, 4}, 0},
	{Softplus{3}, softplus(3), [3]float64{2, 4, 4}, 0},
	{Softplus{0.01}, softplus(0.01), [3]float64{2, 4, 4}, 0},
	{Tanh{}, func(z, a *big.Float) [3]*big.Float {
		_, m := exactDecay(scaled(2, a))
		t := quotient(m, sum(m, number(2)))
		if !z.Signbit() {
			t.Neg(t)
		}
		_, s, _ := logistic(z, scaled(2, a))
		return [3]*big.Float{t, scaled(4, s), product(number(-8), t, s)}
	}, [3]float64{2, 4, 5}, 0},
	{ReLU{}, leaky(0), [3]float64{}, 0},
	{LeakyReLU{}, leaky(0.01), [3]float64{0.5, 0, 0}, 0},
	{ELU{}, elu(1), [3]float64{2, 2, 2}, 0},
	{ELU{1.5}, elu(1.5), [3]float64{2, 2, 2}, 0},
	{SiLU{}, func(z, a *big.Float) [3]*big.Float {
		p, s, c := logistic(z, a)
		return [3]*big.Float{product(z, p), sum(p, product(z, s)), sum(scaled(2, s), product(z, c))}
	}, [3]float64{1, 2.5, 5}, 0.125},
	{GELU{}, func(z, a *big.Float) [3]*big.Float {
		density, mills := exactDensity(a), exactMills(a)
		p := product(mills, density)
		if !z.Signbit() {
			p = difference(number(1), p)
		}
		curvature := product(density, difference(number(2), product(z, z)))
		return [3]*big.Float{product(z, p), sum(p, product(z, density)), curvature}
	}, [3]float64{4, 5, 4}, 0.125},
}

// points are where accuracy is measured: around 0, over the whole range in
// which the functions are not constant, and the edges of both.
func points(n int) []float64 {
	z := []float64{0, math.Copysign(0, -1)}
	for _, v := range []float64{5e-324, 1e-310, 1e-300, 1e-17, 1e-9, 0.125, 0.25, 1, math.Ln2, 1.2784645427610738, math.Sqrt2,
		2.3993572805154, 19.5, 20, 36.7, 37, 38, 38.5, 39, 40, 53, 372.4, 372.6, 700, 700.1, 708.3, 709.5, 709.8, 740, 744.4, 745.1, 745.2, 746,
		752, 760, 799.9, 800.1, 1e4, 74513, 1e5} {
		z = append(z, v, -v)
	}
	src := random.New(1, 0)
	for i := range n {
		z = append(z, src.Norm()*[]float64{1e-4, 0.1, 1, 1, 6, 20, 300}[i%7])
	}
	return z
}

func TestAccuracy(t *testing.T) {
	z := points(10000)
	if testing.Short() {
		z = points(1000)
	}
	for _, tc := range accuracies {
		t.Run(tc.f.Name(), func(t *testing.T) {
			t.Parallel()
			y, s, c := make([]float64, len(z)), make([]float64, len(z)), make([]float64, len(z))
			tc.f.ValueSlope(y, s, z)
			tc.f.Curvature(c, z)
			var worst, at [3]float64
			for i, v := range z {
				x := number(v)
				want := tc.exact(x, number(0).Abs(x))
				for k, got := range [3]float64{y[i], s[i], c[i]} {
					floor := 0.0
					if k > 0 && math.Abs(v) < 3 {
						floor = tc.terms
					}
					if u := ulps(got, want[k], floor); !(u <= worst[k]) {
						worst[k], at[k] = u, v
					}
				}
			}
			t.Logf("worst error in ULP: value %.2f at %.17g, slope %.2f at %.17g, curvature %.2f at %.17g",
				worst[0], at[0], worst[1], at[1], worst[2], at[2])
			for k, w := range worst {
				if w > tc.limit[k] {
					t.Errorf("derivative %d is off by %.2f ULP at %.17g", k, w, at[k])
				}
			}
		})
	}
}
