package datasets

import (
	"fmt"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/random"
)

// A split in place has the same rows in the same order as one with copies, for
// every kind of target, and no memory of its own.
func TestSplitInPlace(t *testing.T) {
	src := random.New(3, 3)
	for round := range 200 {
		n := 1 + int(below(70, src))
		d := &Dataset{Name: "random", Schema: &Schema{}, X: mat.NewDense(n, 3, nil)}
		for i := range n {
			d.X.SetRow(i, []float64{float64(i), float64(-i), src.Float64()})
		}
		if round%2 == 0 {
			for range n {
				d.Labels = append(d.Labels, int(below(3, src)))
			}
		} else {
			d.Y = mat.NewDense(n, 2, nil)
			for i := range n {
				d.Y.SetRow(i, []float64{float64(i), src.Float64()})
			}
		}
		if round%3 == 0 {
			for i := range n {
				d.Weights = append(d.Weights, float64(i)+0.5)
			}
		}
		fraction, seed := src.Float64(), uint64(round)
		train, held := d.Split(fraction, seed)
		memory := &d.X.RawMatrix().Data[0]
		trainPart, heldPart := d.SplitInPlace(fraction, seed)
		equalData(t, trainPart, train)
		equalData(t, heldPart, held)
		if &d.X.RawMatrix().Data[0] != memory || train.Len() > 0 && &trainPart.X.RawMatrix().Data[0] != memory {
			t.Fatal("the rows were copied")
		}
		if d.Len() != n {
			t.Fatalf("%d rows, were %d", d.Len(), n)
		}
	}
}

func equalData(t *testing.T, got, want *Dataset) {
	t.Helper()
	if got.Len() != want.Len() || !mat.Equal(got.X, want.X) || !slices.Equal(got.Labels, want.Labels) || !slices.Equal(got.Weights, want.Weights) {
		t.Fatalf("got\n%v\nwant\n%v", mat.Formatted(got.X), mat.Formatted(want.X))
	}
	if (got.Y == nil) != (want.Y == nil) || want.Y != nil && !mat.Equal(got.Y, want.Y) {
		t.Fatal("the outcomes differ")
	}
}

// The order of a reordering is that of the rows that come.
func TestReorder(t *testing.T) {
	d := &Dataset{X: mat.NewDense(5, 1, []float64{0, 1, 2, 3, 4}), Labels: []int{0, 1, 2, 3, 4}}
	want := []int{3, 1, 4, 2, 0}
	d.reorder(slices.Clone(want))
	if !slices.Equal(d.Labels, want) || fmt.Sprint(d.X.RawMatrix().Data) != "[3 1 4 2 0]" {
		t.Errorf("%v, %v; want %v", d.Labels, d.X.RawMatrix().Data, want)
	}
}
