package vmath

// variant is an implementation of the kernels. Tests call each; everybody else
// gets the best one.
type variant int

const (
	portable variant = iota
	avx2
	avx512
)

var best = detect()

// chunk is how many elements one call into assembly gets: such a call cannot be
// preempted, and the collector waits for it.
const chunk = 4096

// function is a function of one variable.
type function int

const (
	fnExp function = iota
	fnExpm1
	fnLog
	fnLog1p
	fnErf
	fnSigmoid
	fnSoftplus
	fnLogSigmoid
	fnTanh
	fnGELU
	fnReLU
	fnSiLU
)

// value returns f(x).
func (f function) value(x float64) float64 {
	switch f {
	case fnExp:
		return exp(x)
	case fnExpm1:
		return expm1(x)
	case fnLog:
		return log(x)
	case fnLog1p:
		return log1p(x)
	case fnErf:
		return erf(x)
	}
	y, _ := f.valueSlope(x, false)
	return y
}

// valueSlope returns f(x) and, if asked for, f′(x), of a function with a slope.
func (f function) valueSlope(x float64, sloped bool) (y, slope float64) {
	switch f {
	case fnSigmoid:
		return sigmoid(x, sloped)
	case fnSoftplus:
		return softplus(x, sloped)
	case fnLogSigmoid:
		return logSigmoid(x, sloped)
	case fnTanh:
		return tanh(x, sloped)
	case fnReLU:
		return relu(x, sloped)
	case fnSiLU:
		return silu(x, sloped)
	}
	return gelu(x, sloped)
}

// apply sets dst = f(x).
func apply(v variant, f function, dst, x []float64) {
	dst = dst[:len(x)]
	if v == portable {
		for j, t := range x {
			dst[j] = f.value(t)
		}
		return
	}
	for len(x) > 0 {
		n := min(len(x), chunk)
		vectorValue(v, f, &dst[0], &x[0], n)
		dst, x = dst[n:], x[n:]
	}
}

// applySlope sets y = f(z), and s = f′(z) unless s is nil.
func applySlope(v variant, f function, y, s, z []float64) {
	if s == nil {
		apply(v, f, y, z)
		return
	}
	y, s = y[:len(z)], s[:len(z)]
	if v == portable {
		for j, t := range z {
			y[j], s[j] = f.valueSlope(t, true)
		}
		return
	}
	for len(z) > 0 {
		n := min(len(z), chunk)
		vectorSlope(v, f, &y[0], &s[0], &z[0], n)
		y, s, z = y[n:], s[n:], z[n:]
	}
}
