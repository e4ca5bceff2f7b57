package tensor

import "math"

// ExpGaps sets e[j] = exp(z[j] − max z) and returns the index of the maximum
// and the sum of e without it. Everything of the softmax family follows without
// overflow or cancellation:
//
//	softmax     e[j] / (1 + rest)
//	log-softmax (z[j] − z[top]) − log1p(rest)
//	log-sum-exp z[top] + log1p(rest)
//
// e may be z. If z has a NaN, or no finite maximum, the results are NaN.
func ExpGaps(e, z []float64) (top int, rest float64) {
	for j, v := range z {
		if v > z[top] {
			top = j
		}
	}
	m := z[top]
	if math.IsInf(m, 0) {
		m = math.NaN()
	}
	for j, v := range z {
		e[j] = math.Exp(v - m)
		if j != top {
			rest += e[j]
		}
	}
	return top, rest
}

// Softplus returns log(1+eᶻ), which is max(z, 0) + log1p(e^−|z|).
func Softplus(z float64) float64 {
	return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z)))
}
