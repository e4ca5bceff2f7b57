package tensor

import "math"

// The functions of this file and its neighbours are the activations: they set
// y = f(z) and, unless s is nil, s = f′(z) from the same exponential, so that y
// is the same with and without s. y may be z; all slices have the same length.
// Those with Curvature in their names set c = f″(z), and c may be z.

// Sigmoid is σ(z) = 1/(1+e⁻ᶻ). Its slope e^−|z|/(1+e^−|z|)² needs no 1−σ, which
// cancels.
func Sigmoid(y, s, z []float64) {
	y = y[:len(z)]
	for i, v := range z {
		e := exp(-math.Abs(v))
		d := 1 + e
		y[i] = sided(v, e/d)
		if s != nil {
			s[i] = e / (d * d)
		}
	}
}

// sided returns σ(z), given q = σ(−|z|) ≤ 1/2. To the right 1−q is nearer than
// 1/(1+e⁻ᶻ), which rounds twice.
func sided(z, q float64) float64 {
	if z > 0 {
		return 1 - q
	}
	return q
}

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
func LogSigmoid(y, s, z []float64) {
	y = y[:len(z)]
	for i, v := range z {
		e := exp(-math.Abs(v))
		y[i] = min(v, 0) - math.Log1p(e)
		if s != nil {
			s[i] = sided(-v, e/(1+e))
		}
	}
}

// LogSigmoidCurvature is −σ′(z).
func LogSigmoidCurvature(c, z []float64) {
	c = c[:len(z)]
	for i, v := range z {
		e := exp(-math.Abs(v))
		d := 1 + e
		c[i] = -e / (d * d)
	}
}
