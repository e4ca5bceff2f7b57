package tensor

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// The functions of this file and its neighbours are the activations: they set
// y = f(z) and, unless s is nil, s = f′(z) from the same exponential, so that y
// is the same with and without s. y may be z; all slices have the same length.
// Those with Curvature in their names set c = f″(z), and c may be z.

// Sigmoid is σ(z) = 1/(1+e⁻ᶻ). Its slope e^−|z|/(1+e^−|z|)² needs no 1−σ, which
// cancels.
func Sigmoid(y, s, z []float64) { vmath.Sigmoid(y, s, z) }

// SigmoidCurvature is σ″ = −σ′·tanh(z/2).
func SigmoidCurvature(c, z []float64) {
	c = c[:len(z)]
	for i, v := range z {
		c[i] = math.Copysign(sigmoidCurvature(v), -v)
	}
}

// sigmoidCurvature returns |σ″(z)|.
func sigmoidCurvature(z float64) float64 {
	m, e := expm1(-math.Abs(z))
	d := 1 + e
	return -m * e / (d * d * d)
}

// LogSigmoid is log σ(z) = min(z, 0) − log1p(e^−|z|), with the slope σ(−z).
func LogSigmoid(y, s, z []float64) { vmath.LogSigmoid(y, s, z) }

// LogSigmoidCurvature is −σ′(z).
func LogSigmoidCurvature(c, z []float64) {
	c = c[:len(z)]
	for i, v := range z {
		e := exp(-math.Abs(v))
		d := 1 + e
		c[i] = -e / (d * d)
	}
}
