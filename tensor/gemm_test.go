package tensor_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/blas"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// strided returns a random matrix whose rows have a gap of NaN between them.
func strided(rows, cols, gap int, src *random.Source) tensor.Matrix {
	m := tensor.Matrix{Rows: rows, Cols: cols, Stride: cols + gap, Data: make([]float64, (rows-1)*(cols+gap)+cols)}
	for i := range m.Data {
		m.Data[i] = math.NaN()
	}
	for i := range rows {
		for j := range cols {
			m.Data[i*m.Stride+j] = src.Norm()
		}
	}
	return m
}

func entry(m tensor.Matrix, t blas.Transpose, i, j int) float64 {
	if t == tensor.T {
		i, j = j, i
	}
	return m.Data[i*m.Stride+j]
}

func TestGemm(t *testing.T) {
	src := random.New(1, 0)
	sizes := [][3]int{{1, 1, 1}, {3, 1, 5}, {1, 7, 1}, {5, 4, 3}, {64, 128, 128}, {65, 129, 130}, {200, 3, 150}, {2, 300, 1}, {150, 1, 150}}
	for _, size := range sizes {
		for _, ta := range []blas.Transpose{tensor.N, tensor.T} {
			for _, tb := range []blas.Transpose{tensor.N, tensor.T} {
				for _, gap := range []int{0, 3} {
					for _, beta := range []float64{0, 1, -0.5} {
						m, n, k := size[0], size[1], size[2]
						shape := func(t blas.Transpose, r, c int) tensor.Matrix {
							if t == tensor.T {
								r, c = c, r
							}
							return strided(r, c, gap, src)
						}
						a, b, c := shape(ta, m, k), shape(tb, k, n), strided(m, n, gap, src)
						want := make([]float64, m*n)
						for i := range m {
							for j := range n {
								for l := range k {
									want[i*n+j] += 1.5 * entry(a, ta, i, l) * entry(b, tb, l, j)
								}
								if beta == 0 {
									c.Data[i*c.Stride+j] = math.NaN() // must not be read
								} else {
									want[i*n+j] += beta * c.Data[i*c.Stride+j]
								}
							}
						}
						tensor.Gemm(ta, tb, 1.5, a, b, beta, c)
						for i := range m {
							for j := range n {
								if got := c.Data[i*c.Stride+j]; !(math.Abs(got-want[i*n+j]) <= 1e-12*float64(k)) {
									t.Fatalf("%v, transposed %c %c, gap %d, beta %g: [%d,%d] is %g, want %g", size, ta, tb, gap, beta, i, j, got, want[i*n+j])
								}
							}
						}
						for i := range m - 1 {
							for j := range gap {
								if !math.IsNaN(c.Data[i*c.Stride+n+j]) {
									t.Fatalf("%v: wrote between the rows", size)
								}
							}
						}
					}
				}
			}
		}
	}
}

func TestGemmDoesNotAllocate(t *testing.T) {
	src := random.New(1, 0)
	a, b, c := strided(200, 300, 0, src), strided(300, 260, 0, src), strided(200, 260, 0, src)
	if n := testing.AllocsPerRun(5, func() { tensor.Gemm(tensor.N, tensor.N, 1, a, b, 0, c) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// wantUsage fails unless f panics with a UsageError that contains text.
func wantUsage(t *testing.T, text string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		e, _ := recover().(error)
		var u *tensor.UsageError
		if !errors.As(e, &u) || !strings.Contains(u.Error(), text) {
			t.Errorf("%v, want %q", e, text)
		}
	}()
	f()
}

func TestGemmNamesTheSizes(t *testing.T) {
	src := random.New(1, 0)
	a, b, c := strided(2, 3, 0, src), strided(4, 5, 0, src), strided(2, 5, 0, src)
	wantUsage(t, "tensor.Gemm: 2×3 by 4×5 into 2×5", func() { tensor.Gemm(tensor.N, tensor.N, 1, a, b, 0, c) })
	wantUsage(t, "tensor.ParallelGemm: 3×2 by 5×4 into 2×5", func() { tensor.ParallelGemm(tensor.T, tensor.T, 1, a, b, 0, c) })
	wantUsage(t, "transposition 0", func() { tensor.Gemm(0, tensor.N, 1, a, b, 0, c) })
	for _, m := range []tensor.Matrix{{Rows: -2, Cols: 3, Stride: 3}, {Rows: 2, Cols: -3, Stride: 3}, {Rows: 0, Cols: -1}} {
		says := fmt.Sprintf("%d×%d matrix", m.Rows, m.Cols)
		wantUsage(t, says, func() { tensor.Gemm(tensor.N, tensor.N, 1, m, b, 0, c) })
		wantUsage(t, says, func() { tensor.Gemm(tensor.T, tensor.T, 1, a, m, 0, c) })
		wantUsage(t, says, func() { tensor.ParallelGemm(tensor.N, tensor.N, 1, a, b, 0, m) })
		wantUsage(t, says, func() { tensor.Gram(m, a, nil) })
	}
	b.Stride = 4
	wantUsage(t, "4×5 matrix with stride 4", func() { tensor.Gemm(tensor.N, tensor.N, 1, a, b, 0, c) })
	c.Data = c.Data[:9]
	wantUsage(t, "2×5 matrix with stride 5 and 9 elements", func() { tensor.Gemm(tensor.N, tensor.N, 1, a, c, 0, c) })
}

// TestGemmPropagates holds against skipped zeros.
func TestGemmPropagates(t *testing.T) {
	zero := tensor.Matrix{Rows: 2, Cols: 2, Stride: 2, Data: make([]float64, 4)}
	bad := tensor.Matrix{Rows: 2, Cols: 2, Stride: 2, Data: []float64{math.NaN(), 1, 1, math.Inf(1)}}
	c := tensor.Matrix{Rows: 2, Cols: 2, Stride: 2, Data: make([]float64, 4)}
	tensor.Gemm(tensor.N, tensor.N, 1, zero, bad, 0, c)
	for i, x := range c.Data {
		if !math.IsNaN(x) {
			t.Errorf("[%d] is %v", i, x)
		}
	}
}

// TestGemmRowsAreIndependent computes rows of a product one by one.
func TestGemmRowsAreIndependent(t *testing.T) {
	src := random.New(1, 0)
	for _, size := range [][2]int{{30, 1}, {784, 10}, {100, 10}, {300, 64}, {784, 256}} {
		a, b := strided(33, size[0], 0, src), strided(size[0], size[1], 0, src)
		all, one := strided(33, size[1], 0, src), strided(1, size[1], 0, src)
		tensor.Gemm(tensor.N, tensor.N, 1, a, b, 0, all)
		for i := range a.Rows {
			tensor.Gemm(tensor.N, tensor.N, 1, tensor.Matrix{Rows: 1, Cols: a.Cols, Stride: a.Stride, Data: tensor.Row(a, i)}, b, 0, one)
			for j, x := range one.Data {
				if got := tensor.Row(all, i)[j]; got != x {
					t.Fatalf("%v: [%d,%d] is %v among others, %v alone", size, i, j, got, x)
				}
			}
		}
	}
}

func TestParallelGemmHasTheBitsOfGemm(t *testing.T) {
	src := random.New(1, 0)
	a, b := strided(250, 200, 1, src), strided(200, 300, 1, src)
	c, d := strided(250, 300, 0, src), strided(250, 300, 0, src)
	tensor.Gemm(tensor.N, tensor.N, 1, a, b, 0, c)
	tensor.ParallelGemm(tensor.N, tensor.N, 1, a, b, 0, d)
	for i := range c.Data {
		if c.Data[i] != d.Data[i] {
			t.Fatalf("%d: %v and %v", i, c.Data[i], d.Data[i])
		}
	}
}

func BenchmarkGemm(b *testing.B) {
	src := random.New(1, 0)
	for _, s := range [][3]int{{32, 1, 30}, {128, 10, 784}, {128, 256, 784}, {512, 512, 512}} {
		b.Run(fmt.Sprintf("%dx%dx%d", s[0], s[2], s[1]), func(b *testing.B) {
			x, y, z := strided(s[0], s[2], 0, src), strided(s[2], s[1], 0, src), strided(s[0], s[1], 0, src)
			for b.Loop() {
				tensor.Gemm(tensor.N, tensor.N, 1, x, y, 0, z)
			}
			b.ReportMetric(2*float64(s[0])*float64(s[1])*float64(s[2])*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
