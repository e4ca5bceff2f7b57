package tensor

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// GELU is z·Φ(z), with the slope Φ(z) + z·φ(z); Φ and φ are the distribution
// function and the density of the standard normal. To the left it keeps its
// relative accuracy down to the smallest float64.
func GELU(y, s, z []float64) { vmath.GELU(y, s, z) }

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
