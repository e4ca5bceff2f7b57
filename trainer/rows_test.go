package trainer

import (
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
)

// Rows of features with and without scaling, picked and consecutive, of a matrix
// with gaps between its rows, in batches of several sizes.
func TestRowsFill(t *testing.T) {
	const n, cols = 9, 11
	src := random.New(6, 1)
	wide := mat.NewDense(n, cols+3, nil)
	for i := range wide.RawMatrix().Data {
		wide.RawMatrix().Data[i] = src.Norm()
	}
	before := slices.Clone(wide.RawMatrix().Data)
	x := wide.Slice(0, n, 2, 2+cols).(*mat.Dense)
	scaling := &datasets.Scaling{Mean: make([]float64, cols), Scale: make([]float64, cols)}
	for j := range cols {
		scaling.Mean[j], scaling.Scale[j] = src.Norm(), 1.5+src.Norm()
	}
	var b rows
	for _, s := range []*datasets.Scaling{nil, scaling} {
		for _, order := range [][]int{nil, {8, 0, 3, 3, 7, 1, 2, 6, 5}} {
			for _, part := range [][2]int{{0, n}, {2, 5}, {n - 1, n}} {
				b.fill(x, s, order, part[0], part[1])
				if r, c := b.x.Dims(); r != part[1]-part[0] || c != cols {
					t.Fatalf("%d×%d for rows %v", r, c, part)
				}
				for i := part[0]; i < part[1]; i++ {
					for j := range cols {
						want := x.At(at(order, i), j)
						if s != nil {
							want = (want - s.Mean[j]) / s.Scale[j]
						}
						if got := b.x.At(i-part[0], j); got != want {
							t.Fatalf("rows %v of %v: [%d,%d] is %v, want %v", part, order, i, j, got, want)
						}
					}
				}
			}
		}
	}
	if !slices.Equal(before, wide.RawMatrix().Data) {
		t.Error("the data has changed")
	}
}
