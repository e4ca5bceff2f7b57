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

func TestGemmNamesTheSizes(t *testing.T) {
	defer func() {
		e, _ := recover().(error)
		var u *tensor.UsageError
		if !errors.As(e, &u) || !strings.Contains(u.Error(), "2×3 by 4×5 into 2×5") {
			t.Errorf("%v", e)
		}
	}()
	src := random.New(1, 0)
	tensor.Gemm(tensor.N, tensor.N, 1, strided(2, 3, 0, src), strided(4, 5, 0, src), 0, strided(2, 5, 0, src))
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
