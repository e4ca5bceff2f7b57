package tensor

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// SoftplusBeta is log(1+e^βz)/β, with the slope σ(βz).
func SoftplusBeta(y, s, z []float64, beta float64) {
	if beta == 1 {
		vmath.Softplus(y, s, z)
		return
	}
	y = y[:len(z)]
	for i, v := range z {
		x, f, m := softplusExp(v, beta)
		e := scale(f, m)
		l := math.Log1p(e) / beta
		if m < -900 { // log1p(e) is e, which may be subnormal where e/β is not
			l = scale(f/beta, m)
		}
		if x > 0 {
			l += v
		}
		y[i] = l
		if s != nil {
			s[i] = sided(x, e/(1+e))
		}
	}
}

// SoftplusBetaCurvature is β·σ′(βz).
func SoftplusBetaCurvature(c, z []float64, beta float64) {
	c = c[:len(z)]
	for i, v := range z {
		_, f, m := softplusExp(v, beta)
		d := 1 + scale(f, m)
		c[i] = scale(f*beta/(d*d), m)
	}
}

// softplusExp returns x = β·z, and e^−|βz| as f·2ᵐ. It mends the rounding of
// the product, which the exponential would magnify.
func softplusExp(z, beta float64) (x, f float64, m int) {
	x = beta * z
	if !(math.Abs(x) < 1e4) { // the exponential is 0, or NaN
		return x, exp(-math.Abs(x)), 0
	}
	lo := math.FMA(beta, z, -x)
	if x > 0 {
		lo = -lo
	}
	f, m = expParts(-math.Abs(x), lo)
	return x, f, m
}

// sided returns σ(z), given q = σ(−|z|) ≤ 1/2. To the right 1−q is nearer than
// 1/(1+e⁻ᶻ), which rounds twice.
func sided(z, q float64) float64 {
	if z > 0 {
		return 1 - q
	}
	return q
}
