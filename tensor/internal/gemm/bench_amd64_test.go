package gemm_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/surprisal-ml/surprisal/tensor/internal/gemm"
	"github.com/surprisal-ml/surprisal/tensor/internal/gemm/peak"
)

func normal(n int) []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}

// report times f turn by turn with the FMA loop and reports medians: the time of
// a call, floating-point operations per second, and their share of the peak. On
// a shared machine these vary less than the mean that the testing package has.
func report(b *testing.B, v gemm.Variant, flops int, f func()) {
	calls := 1 + int(50e3/duration(f)) // in a turn
	var times, peaks []float64
	for b.Loop() {
		times = append(times, duration(func() {
			for range calls {
				f()
			}
		})/float64(calls))
		if v != gemm.Portable {
			var done int
			t := duration(func() { done = peak.FMA(v) })
			peaks = append(peaks, float64(done)/t)
		}
	}
	slices.Sort(times)
	slices.Sort(peaks)
	median := times[len(times)/2]
	b.ReportMetric(median, "ns/op")
	b.ReportMetric(float64(flops)/median, "GFLOP/s")
	if peaks != nil {
		b.ReportMetric(float64(flops)/median/peaks[len(peaks)/2], "of-peak")
	}
}

// duration returns the nanoseconds that f takes.
func duration(f func()) float64 {
	start := time.Now()
	f()
	return float64(time.Since(start).Nanoseconds())
}

func BenchmarkMul(b *testing.B) {
	for _, s := range []struct {
		name    string
		m, n, k int
		ta, tb  bool
	}{
		{name: "256", m: 256, n: 256, k: 256},
		{name: "512", m: 512, n: 512, k: 512},
		{name: "1024", m: 1024, n: 1024, k: 1024},
		{name: "128x784x256", m: 128, n: 256, k: 784},
		{name: "128x784x256-weights", m: 784, n: 256, k: 128, ta: true},
		{name: "128x784x256-inputs", m: 128, n: 784, k: 256, tb: true},
		{name: "128x784x10", m: 128, n: 10, k: 784},
		{name: "128x784x10-weights", m: 784, n: 10, k: 128, ta: true},
		{name: "32x30x1", m: 32, n: 1, k: 30},
		{name: "32x30x1-weights", m: 30, n: 1, k: 32, ta: true},
		{name: "16x2x16", m: 16, n: 16, k: 2},
		{name: "16x16x2", m: 16, n: 2, k: 16},
	} {
		view := func(rows, cols int, trans bool) gemm.Matrix {
			if trans {
				return gemm.Matrix{Data: normal(rows * cols), Row: 1, Col: rows}
			}
			return gemm.Matrix{Data: normal(rows * cols), Row: cols, Col: 1}
		}
		p := &gemm.Product{M: s.m, N: s.n, K: s.k, Alpha: 1, A: view(s.m, s.k, s.ta), B: view(s.k, s.n, s.tb), C: make([]float64, s.m*s.n), Stride: s.n}
		for _, v := range gemm.Available() {
			b.Run(fmt.Sprint(s.name, "/", v), func(b *testing.B) { report(b, v, 2*s.m*s.n*s.k, func() { v.Mul(p) }) })
		}
		if s.m*s.n*s.k > 1<<22 {
			v := gemm.Best()
			b.Run(s.name+"/parallel", func(b *testing.B) { report(b, v, 2*s.m*s.n*s.k, func() { v.Parallel(p) }) })
		}
	}
}

// BenchmarkGram counts the operations of the full product.
func BenchmarkGram(b *testing.B) {
	const n, d = 100000, 30
	x, w, c := normal(n*d), normal(n), make([]float64, d*d)
	for _, v := range gemm.Available() {
		b.Run(v.String(), func(b *testing.B) { report(b, v, 2*n*d*d, func() { v.Gram(n, d, x, d, w, c, d) }) })
	}
}
