package tensor_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

func TestGram(t *testing.T) {
	src := random.New(2, 0)
	x, dst := strided(300, 13, 2, src), strided(13, 13, 1, src)
	w := make([]float64, x.Rows)
	for i := range w {
		w[i] = src.Norm()
	}
	for _, weights := range [][]float64{nil, w} {
		for i := range dst.Rows {
			for j := range dst.Cols {
				dst.Data[i*dst.Stride+j] = math.NaN()
			}
		}
		tensor.Gram(dst, x, weights)
		for i := range dst.Rows {
			for j := range dst.Cols {
				var want float64
				for l := range x.Rows {
					f := 1.0
					if weights != nil {
						f = weights[l]
					}
					want += f * x.Data[l*x.Stride+i] * x.Data[l*x.Stride+j]
				}
				if got := dst.Data[i*dst.Stride+j]; !(math.Abs(got-want) <= 1e-11) {
					t.Errorf("weighted %v: [%d,%d] is %g, want %g", weights != nil, i, j, got, want)
				}
			}
		}
	}
}

func TestGramNamesTheSizes(t *testing.T) {
	src := random.New(2, 0)
	x := strided(4, 3, 0, src)
	wantUsage(t, "4×3 into 3×2", func() { tensor.Gram(strided(3, 2, 0, src), x, nil) })
	wantUsage(t, "5 weights for 4 rows", func() { tensor.Gram(strided(3, 3, 0, src), x, make([]float64, 5)) })
}

// TestParallelGram is large enough for several goroutines.
func TestParallelGram(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	src := random.New(6, 0)
	x, one, many := strided(9000, 31, 2, src), strided(31, 31, 0, src), strided(31, 31, 0, src)
	w := make([]float64, x.Rows)
	for i := range w {
		w[i] = src.Norm()
	}
	for _, weights := range [][]float64{nil, w} {
		tensor.Gram(one, x, weights)
		tensor.ParallelGram(many, x, weights)
		if !slices.Equal(one.Data[:31*31], many.Data[:31*31]) {
			t.Errorf("weighted %v: other bits", weights != nil)
		}
	}
	wantUsage(t, "9000×31 into 3×2", func() { tensor.ParallelGram(strided(3, 2, 0, src), x, nil) })
}

// TestGramPropagates holds against skipped terms: a weight of zero does not hide
// a NaN.
func TestGramPropagates(t *testing.T) {
	x := tensor.Matrix{Rows: 2, Cols: 2, Stride: 2, Data: []float64{1, math.NaN(), 1, 2}}
	dst := tensor.Matrix{Rows: 2, Cols: 2, Stride: 2, Data: make([]float64, 4)}
	tensor.Gram(dst, x, []float64{0, 1})
	if got := fmt.Sprint(dst.Data); got != "[1 NaN NaN NaN]" {
		t.Error(got)
	}
}
