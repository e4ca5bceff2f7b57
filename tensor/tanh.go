package tensor

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// Tanh is the hyperbolic tangent, with the slope 4e/(1+e)², e = exp(−2|z|),
// instead of 1−y², which cancels.
func Tanh(y, s, z []float64) { vmath.Tanh(y, s, z) }

// TanhCurvature is −2·tanh(z)·tanh′(z).
func TanhCurvature(c, z []float64) {
	c = c[:len(z)]
	for i, v := range z {
		c[i] = math.Copysign(8*sigmoidCurvature(2*v), -v)
	}
}
