package vmath

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// report replaces the time per call by the time per element.
func report(b *testing.B, elements int) {
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(elements), "ns/element")
}

func normal(n int, scale float64) []float64 {
	rng := rand.New(rand.NewPCG(7, 8))
	x := make([]float64, n)
	for j := range x {
		x[j] = scale * rng.NormFloat64()
	}
	return x
}

func BenchmarkFunctions(b *testing.B) {
	const n = 2000
	z, y, s := normal(n, 2), make([]float64, n), make([]float64, n)
	for _, f := range functions {
		x := z
		if f.f == fnLog || f.f == fnLog1p {
			x = make([]float64, n)
			apply(best, fnExp, x, z)
		}
		for _, v := range variants() {
			b.Run(fmt.Sprint(f.name, "/", v), func(b *testing.B) {
				for b.Loop() {
					apply(v, f.f, y, x)
				}
				report(b, n)
			})
			if f.slope {
				b.Run(fmt.Sprint(f.name, "Slope/", v), func(b *testing.B) {
					for b.Loop() {
						applySlope(v, f.f, y, s, x)
					}
					report(b, n)
				})
			}
		}
	}
}

func BenchmarkReductions(b *testing.B) {
	const n = 2000
	z, e := normal(n, 2), make([]float64, n)
	for _, v := range variants() {
		for _, k := range []struct {
			name string
			run  func()
		}{
			{"Sum", func() { sumOf(v, z) }},
			{"Max", func() { maxOf(v, z) }},
			{"Index", func() { indexOf(v, z, 1e9) }},
			{"Scale", func() { scaleBy(v, e, z, 3) }},
			{"Divide", func() { divideBy(v, e, z, 3) }},
			{"ExpGaps", func() { expGaps(v, e, z) }},
		} {
			b.Run(fmt.Sprint(k.name, "/", v), func(b *testing.B) {
				for b.Loop() {
					k.run()
				}
				report(b, n)
			})
		}
	}
}

func BenchmarkSigmoidBCE(b *testing.B) {
	for _, n := range []int{2000, 1e6} {
		z, t, loss, g := normal(n, 2), make([]float64, n), make([]float64, min(n, 512)), make([]float64, n)
		for j := range t {
			t[j] = float64(j % 2)
		}
		for _, v := range variants() {
			b.Run(fmt.Sprint(n, "/", v), func(b *testing.B) {
				for b.Loop() {
					for i := 0; i < n; i += len(loss) {
						k := min(len(loss), n-i)
						sigmoidBCE(v, loss[:k], g[i:i+k], z[i:i+k], t[i:i+k], nil)
					}
				}
				report(b, n)
			})
		}
	}
}

func BenchmarkSoftmaxNLL(b *testing.B) {
	for _, size := range [][2]int{{65536, 10}, {4096, 1000}, {128, 10}, {32, 3}, {1000, 128}, {1000, 129}} {
		n, cols := size[0], size[1]
		z, g := Rows{normal(n*cols, 2), cols}, Rows{make([]float64, n*cols), cols}
		loss, class, scratch := make([]float64, n), make([]int, n), make([]float64, ScratchLen(cols))
		for i := range class {
			class[i] = i % cols
		}
		for _, v := range variants() {
			b.Run(fmt.Sprint(n, "x", cols, "/", v), func(b *testing.B) {
				for b.Loop() {
					softmaxNLL(v, loss, g, z, cols, class, nil, float64(n), scratch)
				}
				report(b, n*cols)
			})
		}
	}
}
