package tensor

import "math"

// Tanh is the hyperbolic tangent, with the slope 4e/(1+e)², e = exp(−2|z|),
// instead of 1−y², which cancels.
func Tanh(y, s, z []float64) {
	y = y[:len(z)]
	for i, v := range z {
		m, e := expm1(-2 * math.Abs(v))
		d := 1 + e
		t := 1 - 2*e/d
		if t < 0.5 {
			w := -m / 2
			t = w + w*w/(1-w)
		}
		y[i] = math.Copysign(t, v)
		if s != nil {
			s[i] = 4 * e / (d * d)
		}
	}
}

// TanhCurvature is −2·tanh(z)·tanh′(z).
func TanhCurvature(c, z []float64) {
	c = c[:len(z)]
	for i, v := range z {
		c[i] = math.Copysign(8*sigmoidCurvature(2*v), -v)
	}
}
