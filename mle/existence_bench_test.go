package mle

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
)

// manyRows has 100000 rows of 30 columns whose classes overlap, but for what is
// changed afterwards.
func manyRows(classes int) *datasets.Dataset {
	const n, d = 100000, 30
	set := plantedData(n, d, classes)
	src := random.New(3, 3)
	for i := range n { // a dummy
		set.X.Set(i, d-1, float64(src.Uint64()%8/7))
	}
	return set
}

// BenchmarkExistence fits 100000×30, and where there is no estimate finds out
// why. The first is the fit alone.
func BenchmarkExistence(b *testing.B) {
	for _, classes := range []int{2, 4} {
		for _, c := range []struct {
			name   string
			change func(d *datasets.Dataset)
		}{
			{"overlap", func(*datasets.Dataset) {}},
			{"complete", func(d *datasets.Dataset) {
				for i := range d.Labels {
					d.Labels[i] = min(classes-1, max(0, int(2+d.X.At(i, 0)+0.5*d.X.At(i, 1))))
				}
			}},
			{"quasi-complete", func(d *datasets.Dataset) {
				for i := range d.Labels {
					if d.X.At(i, 29) == 1 {
						d.Labels[i] = 1
					}
				}
			}},
			{"rank-deficient", func(d *datasets.Dataset) {
				x := d.X
				for i := range d.Labels {
					x.Set(i, 28, 1-x.At(i, 29))
				}
			}},
		} {
			b.Run(fmt.Sprintf("%d classes/%s", classes, c.name), func(b *testing.B) {
				d := manyRows(classes)
				d.X = mat.DenseCopyOf(d.X)
				c.change(d)
				for b.Loop() {
					f, err := Fit(context.Background(), d, Options{})
					if none := (*NoEstimateError)(nil); err != nil && !errors.As(err, &none) {
						b.Fatal(err)
					}
					if got := f.Existence.Status.String(); got != c.name {
						b.Fatal(got)
					}
				}
			})
		}
	}
}
