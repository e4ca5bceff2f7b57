package vmath

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestSigmoidBCEAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 7))
	for _, v := range assembly(t) {
		for n := range 90 {
			if n == 89 {
				n = 2*chunk + 3
			}
			z, target, weight := samples(rng, n), make([]float64, n), make([]float64, n)
			for j := range target {
				target[j] = []float64{0, 1, rng.Float64(), rng.Float64()}[rng.IntN(4)]
				weight[j] = []float64{0, 1, 2.5, rng.Float64()}[rng.IntN(4)]
			}
			for _, w := range [][]float64{nil, weight} {
				l, lAll := guarded(n, 3)
				g, gAll := guarded(n, 5)
				wantL, wantG := make([]float64, n), make([]float64, n)
				sigmoidBCE(portable, wantL, wantG, z, target, w)
				sigmoidBCE(v, l, g, z, target, w)
				compare(t, fmt.Sprint(v, " loss"), l, wantL)
				compare(t, fmt.Sprint(v, " gradient"), g, wantG)
				sigmoidBCE(v, l, nil, z, target, w)
				compare(t, fmt.Sprint(v, " loss alone"), l, wantL)
				copy(l, z)
				sigmoidBCE(v, l, g, l, target, w)
				compare(t, fmt.Sprint(v, " loss in place"), l, wantL)
				checkGuards(t, "loss", lAll, n, 3)
				checkGuards(t, "gradient", gAll, n, 5)
			}
		}
	}
}

func TestSigmoidBCEValues(t *testing.T) {
	inf := math.Inf(1)
	for _, v := range variants() {
		for _, c := range []struct{ z, t, w, loss, gradient float64 }{
			{-1000, 1, 1, 1000, -1},
			{-1000, 0, 1, 0, 0},
			{1000, 0, 1, 1000, 1},
			{40, 1, 1, 4.248354255291589e-18, -4.248354255291589e-18},
			{0, 1, 3, 3 * math.Ln2, -1.5},
			{inf, 1, 1, 0, 0},
			{inf, 0, 1, inf, 1},
			{-inf, 0, 1, 0, 0},
			{-inf, 1, 2, inf, -2},
			{math.MaxFloat64, 0.5, 1, math.MaxFloat64 / 2, 0.5},
			{math.NaN(), 0, 1, math.NaN(), math.NaN()},
		} {
			l, g := []float64{0}, []float64{0}
			sigmoidBCE(v, l, g, []float64{c.z}, []float64{c.t}, []float64{c.w})
			if !same(l[0]+0, c.loss) || !same(g[0]+0, c.gradient) {
				t.Errorf("%v: logit %v, target %v, weight %v: %v and %v, want %v and %v", v, c.z, c.t, c.w, l[0], g[0], c.loss, c.gradient)
			}
		}
	}
}
