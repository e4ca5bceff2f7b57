package tensor_test

import (
	"math"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Every function of two sizes of stride, overwriting NaN (beta 0) and adding
// (beta 1), against the definition.
func TestElementwise(t *testing.T) {
	src := random.New(2, 0)
	for _, gap := range []int{0, 2} {
		for _, beta := range []float64{0, 1} {
			a, b := strided(4, 5, gap, src), strided(4, 5, gap, src)
			row := strided(1, 5, 0, src)
			for name, f := range map[string]struct {
				run  func(dst tensor.Matrix)
				want func(i, j int) float64
			}{
				"Axpy":   {func(d tensor.Matrix) { tensor.Axpy(d, beta, -2, a) }, func(i, j int) float64 { return -2 * a.Data[i*a.Stride+j] }},
				"Axpy 1": {func(d tensor.Matrix) { tensor.Axpy(d, beta, 1, a) }, func(i, j int) float64 { return a.Data[i*a.Stride+j] }},
				"Mul":    {func(d tensor.Matrix) { tensor.Mul(d, beta, a, b) }, func(i, j int) float64 { return a.Data[i*a.Stride+j] * b.Data[i*b.Stride+j] }},
				"AddRow": {func(d tensor.Matrix) { tensor.AddRow(d, beta, row.Data) }, func(_, j int) float64 { return row.Data[j] }},
			} {
				dst := strided(4, 5, gap, src)
				before := append([]float64(nil), dst.Data...)
				if beta == 0 {
					tensor.Fill(dst, math.NaN())
				}
				f.run(dst)
				for i := range 4 {
					for j := range 5 {
						want := f.want(i, j)
						if beta == 1 {
							want += before[i*dst.Stride+j]
						}
						if got := dst.Data[i*dst.Stride+j]; math.Abs(got-want) > 1e-15 || math.IsNaN(got) {
							t.Errorf("%s, gap %d, beta %g: [%d,%d] is %g, want %g", name, gap, beta, i, j, got, want)
						}
					}
				}
			}
		}
	}
}

func TestElementwiseNamesTheSizes(t *testing.T) {
	src := random.New(2, 0)
	a, b := strided(3, 2, 0, src), strided(2, 3, 0, src)
	wantUsage(t, "tensor.Axpy: 3×2 and 2×3", func() { tensor.Axpy(a, 1, 2, b) })
	wantUsage(t, "tensor.Mul: 2×3 and 3×2", func() { tensor.Mul(b, 0, b, a) })
	wantUsage(t, "tensor.Mul: 2×3 and 3×2", func() { tensor.Mul(b, 0, a, b) })
}

func TestStandardize(t *testing.T) {
	src := random.New(4, 0)
	for _, n := range []int{0, 1, 7, 8, 30, 784} {
		x, mean, scale := strided(1, n+1, 0, src).Data[:n], strided(1, n+1, 0, src).Data, strided(1, n+1, 0, src).Data
		got := make([]float64, n)
		tensor.Standardize(got, x, mean, scale)
		for j, v := range x {
			if want := (v - mean[j]) / scale[j]; got[j] != want {
				t.Fatalf("element %d of %d is %v, want %v", j, n, got[j], want)
			}
		}
	}
}

func TestAddRowRepeats(t *testing.T) {
	for _, c := range []int{1, 3, 700, 2000} {
		for _, n := range []int{0, 1, 2, 5, 1500} {
			dst := tensor.Matrix{Rows: n, Cols: c, Stride: c, Data: make([]float64, n*c+1)}
			row := make([]float64, c)
			for j := range row {
				row[j] = float64(1 + j)
			}
			tensor.AddRow(dst, 0, row)
			for i, v := range dst.Data[:n*c] {
				if v != row[i%c] {
					t.Fatalf("%d×%d: element %d is %g", n, c, i, v)
				}
			}
			if dst.Data[n*c] != 0 {
				t.Fatalf("%d×%d: the element behind is %g", n, c, dst.Data[n*c])
			}
		}
	}
}

func TestColumnSums(t *testing.T) {
	src := random.New(3, 0)
	x := strided(3, 2, 4, src)
	dst := []float64{math.NaN(), math.NaN()}
	tensor.ColumnSums(dst, 0, x)
	tensor.ColumnSums(dst, 1, x)
	for j, got := range dst {
		if want := 2 * (x.Data[j] + x.Data[x.Stride+j] + x.Data[2*x.Stride+j]); math.Abs(got-want) > 1e-15 {
			t.Errorf("column %d: %g, want %g", j, got, want)
		}
	}
}
