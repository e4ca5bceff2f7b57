package tensor

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// ExpGaps sets e[j] = exp(z[j] − max z) and returns the index of the maximum
// and the sum of e without it. Everything of the softmax family follows without
// overflow or cancellation:
//
//	softmax     e[j] / (1 + rest)
//	log-softmax (z[j] − z[top]) − log1p(rest)
//	log-sum-exp z[top] + log1p(rest)
//
// What the subtraction rounds away goes into the exponential, which would
// magnify it to gap/2 ULP. e may be z. If z has a NaN, or no finite maximum, rest
// is NaN, and so is all that is made with it.
func ExpGaps(e, z []float64) (top int, rest float64) { return vmath.ExpGaps(e, z) }

// Difference returns a − b in two parts: what float64 makes of it, and what it
// lost. An infinite difference has lost nothing.
func Difference(a, b float64) (d, lost float64) {
	d = a - b
	if math.IsInf(d, 0) {
		return d, 0
	}
	c := d - a
	return d, (a - (d - c)) - (b + c)
}

// Softplus returns log(1+eᶻ), which is max(z, 0) + log1p(e^−|z|).
func Softplus(z float64) float64 {
	return max(z, 0) + math.Log1p(exp(-math.Abs(z)))
}
