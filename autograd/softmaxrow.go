package autograd

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// The functions of this file are for one row p of probabilities. A confident
// row has one p near 1, and the products with diag(p) − ppᵀ then are differences
// of nearly equal numbers. They are taken from the largest p, whose own part
// drops out: Σp·v = v[top] + Σ p·(v − v[top]).

// softmaxRow sets p to the softmax of x. p may be x.
func softmaxRow(p, x []float64) {
	_, rest := tensor.ExpGaps(p, x)
	normalise(p, rest)
}

// normalise divides the exponentials of tensor.ExpGaps by their sum 1+rest. It
// returns to the quotient what rounding took from it and from the sum: where
// probabilities cancel in a gradient, their last bit counts.
func normalise(e []float64, rest float64) {
	d := 1 + rest
	lost, inverse := rest-(d-1), 1/d
	for j, v := range e {
		q := v * inverse
		e[j] = q + (math.FMA(-q, d, v)-q*lost)*inverse
	}
}

// expectation returns the index of the largest p, and Σ p·(v − v[top]) with
// what rounding took from it: a dot product in twice the precision.
func expectation(p, v []float64) (top int, mean, lost float64) {
	for j, q := range p {
		if q > p[top] {
			top = j
		}
	}
	for j, q := range p {
		if j == top {
			continue
		}
		w, low := tensor.Difference(v[j], v[top])
		x := q * w
		sum := mean + x
		b := sum - mean
		lost += (mean - (sum - b)) + (x - b) + (math.FMA(q, w, -x) + q*low)
		mean = sum
	}
	return top, mean, lost
}

// centre sets dst = v − p·v. dst may be v.
func centre(dst, p, v []float64) {
	top, mean, lost := expectation(p, v)
	t := v[top]
	for j, x := range v {
		w, low := tensor.Difference(x, t)
		dst[j] = (w - mean) + (low - lost)
	}
}

// addCentred sets dst = beta·dst + k·p⊙(v − p·v).
func addCentred(dst []float64, beta, k float64, p, v []float64) {
	top, mean, lost := expectation(p, v)
	t := v[top]
	for j, x := range v {
		w, low := tensor.Difference(x, t)
		dst[j] = accumulate(dst[j], beta, k*p[j]*((w-mean)+(low-lost)))
	}
}

// addUncentred sets dst = beta·dst + g − p·Σg.
func addUncentred(dst []float64, beta float64, p, g []float64) {
	var top int
	var othersP, othersG float64 // sums without the top
	for j, q := range p {
		if q > p[top] {
			top = j
		}
	}
	for j, q := range p {
		if j != top {
			othersP += q
			othersG += g[j]
		}
	}
	sum := g[top] + othersG
	for j, v := range g {
		d := math.FMA(-p[j], sum, v)
		if j == top {
			d = v*othersP - p[j]*othersG
		}
		dst[j] = accumulate(dst[j], beta, d)
	}
}

// accumulate returns beta·dst + x for beta 0 or 1; with 0, dst may be anything.
func accumulate(dst, beta, x float64) float64 {
	if beta == 0 {
		return x
	}
	return dst + x
}

// block returns direction k of tangents of a value with c columns.
func block(tangents *mat.Dense, k, c int) tensor.Matrix {
	return tensor.Columns(tangents.RawMatrix(), k*c, c)
}
