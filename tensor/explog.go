package tensor

import "math"

// Exp sets dst[j] = e^x[j], with an error below 0.7 ULP. dst may be x.
func Exp(dst, x []float64) {
	dst = dst[:len(x)]
	for j, v := range x {
		dst[j] = exp(v)
	}
}

// Log sets dst[j] = log x[j]. dst may be x.
func Log(dst, x []float64) {
	dst = dst[:len(x)]
	for j, v := range x {
		dst[j] = math.Log(v)
	}
}
