package tensor

import "github.com/surprisal-ml/surprisal/tensor/internal/vmath"

// ReLU is max(z, 0), with the slope 0 at 0.
func ReLU(y, s, z []float64) { vmath.ReLU(y, s, z) }

// LeakyReLU is z for z > 0, and alpha·z otherwise, also in its slope at 0.
func LeakyReLU(y, s, z []float64, alpha float64) { vmath.LeakyReLU(y, s, z, alpha) }

// ELU is z for z > 0, and alpha·(e^z−1) otherwise, also in its slope at 0,
// which is alpha.
func ELU(y, s, z []float64, alpha float64) { vmath.ELU(y, s, z, alpha) }

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
