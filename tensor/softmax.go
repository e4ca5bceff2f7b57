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
// What the subtraction rounds away goes into the exponential, which would
// magnify it to gap/2 ULP. e may be z. If z has a NaN, or no finite maximum, the
// results are NaN.
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
	var sum Sum
	for j, v := range z {
		gap, lost := Difference(v, m)
		x := exp(gap)
		x = math.FMA(x, lost, x)
		if e[j] = x; j != top {
			sum.Add(x)
		}
	}
	return top, sum.Value()
}

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
