package tensor

import "math"

// SiLU is z·σ(z), with the slope σ(z)·(1 + z·σ(−z)).
func SiLU(y, s, z []float64) {
	y = y[:len(z)]
	for i, v := range z {
		if a := math.Abs(v); a > siluTail {
			if y[i] = v; v < 0 {
				y[i] = siluFar(v, a)
			}
			if s != nil {
				if s[i] = 1; v < 0 {
					s[i] = siluFar(1+v, a)
				}
			}
			continue
		}
		e := exp(-math.Abs(v))
		d := 1 + e
		if v >= 0 {
			y[i] = v / d
		} else {
			y[i] = v * e / d
		}
		if s != nil {
			if v >= 0 {
				s[i] = (d + v*e) / (d * d)
			} else { // not d+v, which cancels near the minimum
				s[i] = e * ((1 + v) + e) / (d * d)
			}
		}
	}
}

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
