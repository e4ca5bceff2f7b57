package mle

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
)

// gaussian returns data of two classes that the columns have nothing to do with.
func gaussian(n, columns int) *datasets.Dataset {
	r := rand.New(rand.NewPCG(1, 1))
	d := &datasets.Dataset{
		X: mat.NewDense(n, columns, nil), Labels: make([]int, n),
		Schema: &datasets.Schema{Target: "y", Classes: []string{"a", "b"}, Reference: "a"},
	}
	for j := range columns {
		d.Schema.Features = append(d.Schema.Features, datasets.Feature{Name: fmt.Sprint("x", j)})
	}
	for i := range n {
		d.Labels[i] = r.IntN(2)
		for j := range columns {
			d.X.Set(i, j, r.NormFloat64())
		}
	}
	return d
}

// The separation of many columns is found, and what cannot be said about them
// soon is left out.
func TestManyColumnsSeparated(t *testing.T) {
	sizes := [][2]int{{100, 300}, {300, 400}, {570, 300}}
	if testing.Short() {
		sizes = sizes[:1]
	}
	for _, size := range sizes {
		d := gaussian(size[0], size[1])
		start := time.Now()
		f, err := Fit(context.Background(), d, Options{})
		var none *NoEstimateError
		if !errors.As(err, &none) || f.Existence.Status != Complete {
			t.Fatalf("%v: %v", size, err)
		}
		t.Log(size, time.Since(start), f.Existence.Coefficient != nil, len(f.Existence.Aliased))
		if want := max(0, size[1]+1-size[0]); len(f.Existence.Aliased) != want {
			t.Errorf("%v: %d columns dependent, want %d", size, len(f.Existence.Aliased), want)
		}
	}
}

func TestExistenceCancelled(t *testing.T) {
	d := gaussian(300, 400)
	for _, after := range []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(context.Background(), after)
		start := time.Now()
		_, err := Fit(ctx, d, Options{})
		cancel()
		late := time.Since(start) - after
		var none *NoEstimateError
		if !errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &none) || late > 2*time.Second {
			t.Errorf("after %v: %v late, %v", after, late, err)
		}
		t.Log(after, late)
	}
}
