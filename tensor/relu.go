package tensor

// ReLU is max(z, 0), with the slope 0 at 0.
func ReLU(y, s, z []float64) {
	y = y[:len(z)]
	for i, v := range z {
		if y[i] = max(v, 0); s != nil {
			s[i] = step(v, 0)
		}
	}
}

// LeakyReLU is z for z > 0, and alpha·z otherwise, also in its slope at 0.
func LeakyReLU(y, s, z []float64, alpha float64) {
	y = y[:len(z)]
	for i, v := range z {
		if y[i] = v; !(v > 0) {
			y[i] = alpha * v
		}
		if s != nil {
			s[i] = step(v, alpha)
		}
	}
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

// ELU is z for z > 0, and alpha·(e^z−1) otherwise, also in its slope at 0,
// which is alpha.
func ELU(y, s, z []float64, alpha float64) {
	y = y[:len(z)]
	for i, v := range z {
		l, g := v, 1.0
		if !(v > 0) {
			l, g = expm1(v)
			l, g = alpha*l, alpha*g
		}
		if y[i] = l; s != nil {
			s[i] = g
		}
	}
}

// ELUCurvature is 0 for z > 0, and alpha·e^z otherwise.
func ELUCurvature(c, z []float64, alpha float64) {
	c = c[:len(z)]
	for i, v := range z {
		if v > 0 {
			c[i] = 0
		} else {
			c[i] = alpha * exp(v)
		}
	}
}
