package autograd

import (
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// The functions of this file are for one row p of probabilities. A confident
// row has one p near 1, and the products with diag(p) − ppᵀ then are differences
// of nearly equal numbers. They are taken from the largest p, whose own part
// drops out: Σp·v = v[top] + Σ p·(v − v[top]).

func softmaxRow(p, x []float64) {
	_, rest := tensor.ExpGaps(p, x)
	divide(p, 1+rest)
}

func divide(x []float64, d float64) {
	for j := range x {
		x[j] /= d
	}
}

// expectation returns the index of the largest p, and Σ p·(v − v[top]).
func expectation(p, v []float64) (top int, mean float64) {
	for j, q := range p {
		if q > p[top] {
			top = j
		}
	}
	for j, q := range p {
		if j != top {
			mean += q * (v[j] - v[top])
		}
	}
	return top, mean
}

// centre sets dst = v − p·v. dst may be v.
func centre(dst, p, v []float64) {
	top, mean := expectation(p, v)
	t := v[top]
	for j, x := range v {
		dst[j] = (x - t) - mean
	}
}

// addCentred sets dst = beta·dst + k·p⊙(v − p·v).
func addCentred(dst []float64, beta, k float64, p, v []float64) {
	top, mean := expectation(p, v)
	t := v[top]
	for j, x := range v {
		dst[j] = accumulate(dst[j], beta, k*p[j]*((x-t)-mean))
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
		d := v - p[j]*sum
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
