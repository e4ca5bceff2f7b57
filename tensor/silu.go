package tensor

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// SiLU is z·σ(z), with the slope σ(z)·(1 + z·σ(−z)). To the left it keeps its
// relative accuracy down to the smallest float64.
func SiLU(y, s, z []float64) { vmath.SiLU(y, s, z) }

// SiLUCurvature is σ′(z)·(2 − z·tanh(z/2)).
func SiLUCurvature(c, z []float64) {
	c = c[:len(z)]
	for i, v := range z {
		a := math.Abs(v)
		if a > siluTail {
			c[i] = siluFar(2-a, a)
			continue
		}
		m, e := expm1(-a)
		d := 1 + e
		c[i] = e * (2*d + a*m) / (d * d * d)
	}
}

// Beyond siluTail σ(z) is e^z or 1, and e^z may be subnormal where its product
// with z is not. Beyond siluEnd that is 0 too.
const siluTail, siluEnd = 700, 800

// siluFar returns g·e⁻ᵃ.
func siluFar(g, a float64) float64 {
	if a > siluEnd {
		return 0
	}
	f, m := expParts(-a, 0)
	return scale(g*f, m)
}
