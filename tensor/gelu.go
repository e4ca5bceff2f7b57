package tensor

import "math"

// GELU is z·Φ(z), with the slope Φ(z) + z·φ(z); Φ and φ are the distribution
// function and the density of the standard normal. To the left it keeps its
// relative accuracy down to the smallest float64.
func GELU(y, s, z []float64) {
	y = y[:len(z)]
	for i, v := range z {
		a := math.Abs(v)
		if a > normalEnd {
			if y[i] = max(v, 0); s != nil {
				s[i] = max(math.Copysign(1, v), 0)
			}
			continue
		}
		// The left side; the right one is f(a) = a + f(−a), f′(a) = 1 − f′(−a).
		f, m := normalExp(a)
		q := normalTail(a)
		left := scale(-a*q*f, m)
		if y[i] = left; v > 0 {
			y[i] = a + left
		}
		if s != nil {
			left := scale((q-invSqrt2Pi*a)*f, m)
			if s[i] = left; v > 0 {
				s[i] = 1 - left
			}
		}
	}
}

// GELUCurvature is φ(z)·(2−z²).
func GELUCurvature(c, z []float64) {
	c = c[:len(z)]
	for i, v := range z {
		a := math.Abs(v)
		if a > normalEnd {
			c[i] = 0
			continue
		}
		f, m := normalExp(a)
		c[i] = scale(invSqrt2Pi*f*math.FMA(-a, a, 2), m)
	}
}

// Beyond normalEnd Φ(−z), φ(z) and their products with z² are 0 in float64.
const (
	normalEnd  = 39
	invSqrt2Pi = 0x1.9884533d43651p-2 // 1/√(2π)
)

// normalExp returns f and m with f·2ᵐ = exp(−a²/2), where the rounding of a²
// would cost up to 10 bits.
func normalExp(a float64) (f float64, m int) {
	h := a * a
	return expParts(-h/2, -math.FMA(a, a, -h)/2)
}

// normalTail returns Φ(−a)·exp(a²/2) for a ≥ 0: it falls from 1/2 like
// 1/(√(2π)·a). It is p(t)/(a+1), where t = (a−5)/(a+5) takes all of a ≥ 0 to
// [−1, 1): the variable of M. M. Shepherd and J. G. Laframboise, "Chebyshev
// approximation of (1+2x)·exp(x²)·erfc x in 0 ≤ x < ∞" (Math. Comp. 36, 1981).
// The coefficients are those of the Chebyshev interpolant of degree 24, computed
// with 60 digits; its relative error is below 2⁻⁵³.
func normalTail(a float64) float64 {
	t := (a - 5) / (a + 5)
	p := normalTailCoefficients[len(normalTailCoefficients)-1]
	for i := len(normalTailCoefficients) - 2; i >= 0; i-- {
		p = p*t + normalTailCoefficients[i]
	}
	return p / (a + 1)
}

var normalTailCoefficients = [25]float64{
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
