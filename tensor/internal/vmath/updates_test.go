package vmath

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// steps are functions with parameters or of several vectors, the updates among
// them: of θ, two
// moments, the largest and the gradient.
var steps = []struct {
	name string
	run  func(v variant, x [5][]float64, p [9]float64)
}{
	{"LeakyReLU", func(v variant, x [5][]float64, p [9]float64) { applyFamily(v, fnLeakyReLU, x[0], nil, x[4], p[0]) }},
	{"LeakyReLUSlope", func(v variant, x [5][]float64, p [9]float64) { applyFamily(v, fnLeakyReLU, x[4], x[1], x[4], p[0]) }},
	{"ELU", func(v variant, x [5][]float64, p [9]float64) { applyFamily(v, fnELU, x[0], nil, x[4], p[0]) }},
	{"ELUSlope", func(v variant, x [5][]float64, p [9]float64) { applyFamily(v, fnELU, x[4], x[1], x[4], p[0]) }},
	{"Plus", func(v variant, x [5][]float64, _ [9]float64) { plus(v, x[0], x[4]) }},
	{"Times", func(v variant, x [5][]float64, _ [9]float64) { times(v, x[0], x[1], x[4]) }},
	{"PlusScaled", func(v variant, x [5][]float64, p [9]float64) { plusScaled(v, x[0], x[4], p[0]) }},
	{"PlusTimes", func(v variant, x [5][]float64, _ [9]float64) { plusTimes(v, x[0], x[1], x[4]) }},
	{"Standardize", func(v variant, x [5][]float64, _ [9]float64) { standardize(v, x[0], x[4], x[1], x[2]) }},
	{"SGD", func(v variant, x [5][]float64, p [9]float64) { sgd(v, x[0], x[4], p[0], p[1]) }},
	{"Momentum", func(v variant, x [5][]float64, p [9]float64) {
		momentum(v, x[0], x[1], x[4], &MomentumRates{p[0], p[1], p[2], p[3], false})
	}},
	{"Nesterov", func(v variant, x [5][]float64, p [9]float64) {
		momentum(v, x[0], x[1], x[4], &MomentumRates{p[0], p[1], p[2], p[3], true})
	}},
	{"Adam", func(v variant, x [5][]float64, p [9]float64) {
		adam(v, x[0], x[1], x[2], nil, x[4], &AdamRates{p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]})
	}},
	{"AMSGrad", func(v variant, x [5][]float64, p [9]float64) {
		adam(v, x[0], x[1], x[2], x[3], x[4], &AdamRates{p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]})
	}},
}

func TestUpdatesAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	for _, v := range assembly(t) {
		for _, s := range steps {
			t.Run(fmt.Sprint(s.name, "/", v), func(t *testing.T) {
				for n := range 40 {
					checkUpdate(t, rng, v, s.run, n, n%9)
				}
				checkUpdate(t, rng, v, s.run, 2*chunk+3, 1)
			})
		}
	}
}

// checkUpdate compares a variant with the portable code.
func checkUpdate(t *testing.T, rng *rand.Rand, v variant, step func(variant, [5][]float64, [9]float64), n, offset int) {
	t.Helper()
	var want, got, all [5][]float64
	for k := range want {
		want[k] = samples(rng, n)
		got[k], all[k] = guarded(n, offset)
		copy(got[k], want[k])
	}
	var p [9]float64
	for i := range p {
		p[i] = rng.Float64()
	}
	step(portable, want, p)
	step(v, got, p)
	for k := range want {
		for j := range want[k] {
			if !same(got[k][j], want[k][j]) {
				t.Fatalf("vector %d, element %d of %d: %v, portable %v", k, j, n, got[k][j], want[k][j])
			}
		}
		checkGuards(t, "update", all[k], n, offset)
	}
}

// TestAdamByHand computes one element of AMSGrad from the formulas.
func TestAdamByHand(t *testing.T) {
	r := AdamRates{Shrink: 0.5, Decay: 0.25, KeepMean: 0.75, AddMean: 0.25, KeepSquare: 0.5, AddSquare: 0.5, Rate: 2, Unbias: 4, Epsilon: 1}
	theta, mean, square, largest := []float64{4}, []float64{1}, []float64{2}, []float64{9}
	Adam(theta, mean, square, largest, []float64{1.5}, r)
	// θ = 2, g = 2, mean = 1.25, square = 3, largest = 9, step = 2.5/(3·4 + 1)
	if want := 2 - 2.5/13; math.Abs(theta[0]-want) > 1e-15 || mean[0] != 1.25 || square[0] != 3 || largest[0] != 9 {
		t.Errorf("θ %v, mean %v, square %v, largest %v", theta, mean, square, largest)
	}
}

// TestAMSGradKeepsNaN, as torch.maximum does: a step that went wrong must not be
// forgotten.
func TestAMSGradKeepsNaN(t *testing.T) {
	nan := math.NaN()
	for _, v := range variants() {
		for _, c := range [][3]float64{{nan, 1, nan}, {1, nan, nan}, {nan, nan, nan}, {3, 2, 3}, {2, 3, 3}, {0, math.Inf(1), math.Inf(1)}} {
			theta, mean, square, largest := []float64{1}, []float64{1}, []float64{c[1]}, []float64{c[0]}
			adam(v, theta, mean, square, largest, []float64{0}, &AdamRates{Shrink: 1, KeepSquare: 1, KeepMean: 1, Rate: 1, Unbias: 1, Epsilon: 1})
			if !same(largest[0], c[2]) || (theta[0] != theta[0]) != (c[2] != c[2]) {
				t.Errorf("%v: largest %v and square %v: %v, θ %v", v, c[0], c[1], largest[0], theta[0])
			}
		}
	}
}

func BenchmarkUpdates(b *testing.B) {
	for _, n := range []int{4000, 100000} {
		var x [5][]float64
		for k := range x {
			x[k] = normal(n, 1)
		}
		for j, m := range x[2] {
			x[2][j] = m * m
		}
		for _, s := range steps {
			for _, v := range variants() {
				b.Run(fmt.Sprint(n, "/", s.name, "/", v), func(b *testing.B) {
					for b.Loop() {
						s.run(v, x, [9]float64{0.99, 0.01, 0.9, 0.1, 0.99, 0.01, 1e-9, 1, 1e-3})
					}
					report(b, n)
				})
			}
		}
	}
}
