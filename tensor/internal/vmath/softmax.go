package vmath

import "math"

// ExpGaps sets e[j] = exp(z[j] − max z) and returns the index of the first
// maximum and the sum of e without it. What the subtraction rounds away goes
// into the exponential, which would magnify it to gap/2 ULP. If z has a NaN, or
// no finite maximum, rest is NaN.
func ExpGaps(e, z []float64) (top int, rest float64) { return expGaps(best, e, z) }

// shortRow is the length of the rows whose sum is made in the order of the
// elements; in longer ones every eighth element goes to the same partial sum.
const shortRow = 128

func expGaps(v variant, e, z []float64) (top int, rest float64) {
	e = e[:len(z)]
	var m float64
	if len(z) <= shortRow {
		top, m = maximum(z)
	} else {
		m = maxOf(v, z)
		top = max(indexOf(v, z, m), 0)
	}
	m += m - m // NaN, if it is not finite
	if v == portable {
		for j, x := range z {
			e[j] = expGap(x, m)
		}
	} else {
		for i := 0; i < len(z); i += chunk {
			vectorExpGap(v, &e[i], &z[i], min(chunk, len(z)-i), m)
		}
	}
	largest := e[top]
	e[top] = 0
	var sum, lost float64
	if len(z) <= shortRow {
		for _, x := range e {
			accumulate(&sum, &lost, x)
		}
	} else {
		sum, lost = sumOf(v, e)
	}
	e[top] = largest
	if largest != 1 { // the maximum is not finite
		return top, math.NaN()
	}
	return top, sum + lost
}

// maximum returns the first maximum of z and its index.
func maximum(z []float64) (top int, m float64) {
	m = math.Inf(-1)
	for j, x := range z {
		if x > m {
			top, m = j, x
		}
	}
	return top, m
}
