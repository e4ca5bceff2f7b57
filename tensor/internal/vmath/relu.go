package vmath

import "math"

// relu has the slope 0 at 0.
func relu(z float64, sloped bool) (y, slope float64) {
	if y = z; z <= 0 {
		y = 0
	}
	if sloped {
		slope = step(z, 0)
	}
	return y, slope
}

// step returns 1 to the right of 0 and otherwise left, or NaN if z is that.
func step(z, left float64) float64 {
	switch {
	case z > 0:
		return 1
	case z <= 0:
		return left
	}
	return z
}

// family is a function of one variable and a constant alpha.
type family int

const (
	fnLeakyReLU family = iota
	fnELU
)

// valueSlope returns f(z) and, if asked for, f′(z).
func (f family) valueSlope(z, alpha float64, sloped bool) (y, slope float64) {
	if f == fnLeakyReLU {
		return leakyReLU(z, alpha, sloped)
	}
	return elu(z, alpha, sloped)
}

func leakyReLU(z, alpha float64, sloped bool) (y, slope float64) {
	if y = z; !(z > 0) {
		y = alpha * z
	}
	if sloped {
		slope = step(z, alpha)
	}
	return y, slope
}

// elu multiplies both parts of e^z−1, and of e^z, by alpha: the product of their
// sum would round twice.
func elu(z, alpha float64, sloped bool) (y, slope float64) {
	if z > 0 {
		return z, 1
	}
	r := reduce(larger(expLow, -math.Abs(z)))
	hi, lo := r.minus1()
	y = math.FMA(alpha, hi, float64(alpha*lo))
	if sloped {
		hi, lo = r.exp()
		slope = scale(math.FMA(alpha, hi, float64(alpha*lo)), r.n)
	}
	return y, slope
}

// applyFamily sets y = f(z), and s = f′(z) unless s is nil.
func applyFamily(v variant, f family, y, s, z []float64, alpha float64) {
	y = y[:len(z)]
	if s != nil {
		s = s[:len(z)]
	}
	if v == portable {
		for j, t := range z {
			value, slope := f.valueSlope(t, alpha, s != nil)
			if y[j] = value; s != nil {
				s[j] = slope
			}
		}
		return
	}
	for i := 0; i < len(z); i += chunk {
		vectorFamily(v, f, &y[i], first(s, i), &z[i], min(chunk, len(z)-i), alpha)
	}
}
