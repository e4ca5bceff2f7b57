package mle

import (
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// nonNegative minimises ‖t − Σ xⱼvⱼ‖ over x ≥ 0, for vectors of norm 1. It
// returns which xⱼ are positive and the residual.
//
// Source: Lawson and Hanson, "Solving Least Squares Problems" (1974), chapter 23.
func nonNegative(vectors [][]float64, t []float64) (passive []int, residual []float64) {
	residual = append([]float64(nil), t...)
	var x []float64 // of the passive ones
	in := make([]bool, len(vectors))
	refused := make([]bool, len(vectors)) // until the next move
	for range 10 * (len(vectors) + 1) {
		best, at := 1e-11*norm(residual), -1
		for j, v := range vectors {
			if !in[j] && !refused[j] && len(passive) < len(t) {
				if w := floats.Dot(v, residual); w > best {
					best, at = w, j
				}
			}
		}
		if at < 0 || norm(residual) < 1e-13 {
			break
		}
		passive, x, in[at] = append(passive, at), append(x, 0), true
		z, ok := leastSquares(vectors, passive, t)
		if !ok || z[len(z)-1] <= 0 { // by rounding alone
			passive, x, in[at], refused[at] = passive[:len(x)-1], x[:len(x)-1], false, true
			continue
		}
		for floats.Min(z) <= 0 {
			x, passive = retreat(x, z, passive, in)
			if z, ok = leastSquares(vectors, passive, t); !ok {
				break
			}
		}
		if ok {
			x = z
		}
		clear(refused)
		copy(residual, t)
		for i, j := range passive {
			floats.AddScaled(residual, -x[i], vectors[j])
		}
	}
	return passive, residual
}

// retreat goes from x towards z up to where the first entry becomes 0, and drops
// what is 0.
func retreat(x, z []float64, passive []int, in []bool) ([]float64, []int) {
	step, first := 1.0, -1
	for i := range x {
		if z[i] <= 0 {
			if a := x[i] / (x[i] - z[i]); a < step || first < 0 {
				step, first = a, i
			}
		}
	}
	var left []float64
	var kept []int
	for i, j := range passive {
		if v := x[i] + step*(z[i]-x[i]); i != first && v > 1e-15 {
			left, kept = append(left, v), append(kept, j)
		} else {
			in[j] = false
		}
	}
	return left, kept
}

// leastSquares minimises ‖t − Σ zⱼvⱼ‖ over the passive vectors; false if they are
// dependent in float64.
func leastSquares(vectors [][]float64, passive []int, t []float64) ([]float64, bool) {
	if len(passive) == 0 {
		return nil, false
	}
	a := mat.NewDense(len(t), len(passive), nil)
	for i, j := range passive {
		a.SetCol(i, vectors[j])
	}
	var qr mat.QR
	qr.Factorize(a)
	var z mat.VecDense
	if qr.Cond() > 1e13 || qr.SolveVecTo(&z, false, mat.NewVecDense(len(t), t)) != nil {
		return nil, false
	}
	return z.RawVector().Data, true
}
