package vmath

import "math"

// gelu is z·Φ(z), Φ the distribution function of the standard normal, with the
// slope Φ(z) + z·φ(z): to the left of 0 it is −a·q·e and (q − φ(0)·a)·e, where
// a = |z|, e = exp(−a²/2) and q = Φ(−a)/e; to the right f(a) = a + f(−a) and
// f′(a) = 1 − f′(−a).
func gelu(z float64, sloped bool) (y, slope float64) {
	a := math.Abs(z)
	b := smaller(geluEnd, a)
	q := normalTail(b)
	square := b * b
	r := reduce(-square * 0.5)
	hi, lo := r.exp()
	lo = math.FMA(hi+lo, math.FMA(-b, b, square)*0.5, lo) // what rounding b² lost
	p := b * q
	left := scale(math.FMA(p, hi, float64(p*lo)), r.n) // −f(−a)
	switch {
	case a > geluEnd:
		y = larger(z, 0)
	case z > 0:
		y = a - left
	default:
		y = withSign(left, z)
	}
	if sloped {
		p = math.FMA(-normalDensity, b, q)
		slope = scale(math.FMA(p, hi, float64(p*lo)), r.n)
		if z > 0 {
			slope = 1 - slope
		}
	}
	return y, slope
}

// Beyond geluEnd Φ(−z), φ(z) and their products with z² are 0 in float64.
const (
	geluEnd       = 39
	normalDensity = 0x1.9884533d43651p-2 // φ(0) = 1/√(2π)
)

// normalTail returns Φ(−a)·exp(a²/2) for a ≥ 0: it falls from 1/2 like
// 1/(√(2π)·a). It is p(t)/(a+1), where t = (a−5)/(a+5) takes all of a ≥ 0 to
// [−1, 1): the variable of M. M. Shepherd and J. G. Laframboise, "Chebyshev
// approximation of (1+2x)·exp(x²)·erfc x in 0 ≤ x < ∞" (Math. Comp. 36, 1981).
func normalTail(a float64) float64 {
	t := (a - 5) / (a + 5)
	w := t * t
	n := len(tailSeries) - 1
	even, odd := tailSeries[n], tailSeries[n-1]
	for i := n - 2; i > 0; i -= 2 {
		even = math.FMA(even, w, tailSeries[i])
		odd = math.FMA(odd, w, tailSeries[i-1])
	}
	even = math.FMA(even, w, tailSeries[0])
	return math.FMA(odd, t, even) / (a + 1)
}

// tailSeries is the Chebyshev interpolant p of degree 24, computed with 60
// digits; its relative error is below 2⁻⁵³.
var tailSeries = [25]float64{
	0x1.d8979b0f2b39dp-2,
	-0x1.76ff86859eb1cp-4,
	0x1.fc66cc64a13dfp-6,
	0x1.47c1d030561b8p-7,
	-0x1.b08e0007b4c6ap-6,
	0x1.92037bab2f2afp-6,
	-0x1.f11aab030cc7ap-7,
	0x1.ab6d0392975aep-8,
	-0x1.b75f4f7ed3169p-10,
	0x1.05714fe6aa3dbp-17,
	0x1.7e61e04f1d12cp-13,
	-0x1.c1b16762e9606p-15,
	-0x1.4c0d87bd7511ap-17,
	0x1.2fff4d2a51947p-17,
	-0x1.2fae62e602154p-24,
	-0x1.5ef72f0c6e09cp-20,
	0x1.13d704d4ff4bep-23,
	0x1.a58106b360849p-23,
	-0x1.cdd46144f133bp-26,
	-0x1.09e034d7b3d3fp-25,
	0x1.146c73b270a34p-28,
	0x1.2e7204d647edcp-28,
	-0x1.dbca95d80dc28p-32,
	-0x1.a38dadeae4319p-32,
	0x1.b955cb7ff11ecp-36,
}
