package main

import (
	"context"
	"encoding/binary"
	"os"
	"strconv"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/mle"
)

// newFit is mle.Fit as anybody would call it, which proves its optimum, and
// first that there is one. The table is all that `train fit` prints about the
// coefficients.
func newFit(s spec) (task, error) {
	d, err := readProblem(s)
	if err != nil {
		return task{}, err
	}
	var o mle.Options
	if s.Fit.L2 {
		o = mle.Options{Penalty: mle.L2, C: 1}
	}
	ctx := context.Background()
	var e *mle.Estimate
	return task{
		run: func() (err error) {
			if e, err = mle.Fit(ctx, d, o); err != nil || !s.Fit.Table {
				return err
			}
			if _, err = e.Wald(ctx, mle.WaldOptions{}); err != nil {
				return err
			}
			if _, err = e.HauckDonner(ctx); err != nil {
				return err
			}
			_, err = e.Summary(ctx)
			return err
		},
		fit: func() *mle.Estimate { return e },
	}, nil
}

// readProblem returns the data of a fit as a data set.
func readProblem(s spec) (*datasets.Dataset, error) {
	schema := &datasets.Schema{Target: "y", Reference: "0"}
	for j := range s.Cols {
		schema.Features = append(schema.Features, datasets.Feature{Name: "x" + strconv.Itoa(j)})
	}
	for k := range s.Fit.Classes {
		schema.Classes = append(schema.Classes, strconv.Itoa(k))
	}
	x, y := make([]float64, s.Rows*s.Cols), make([]int64, s.Rows)
	if err := readBinary(s.Fit.X, x); err != nil {
		return nil, err
	}
	if err := readBinary(s.Fit.Y, y); err != nil {
		return nil, err
	}
	labels := make([]int, s.Rows)
	for i, k := range y {
		labels[i] = int(k)
	}
	return &datasets.Dataset{Name: s.Fit.X, Schema: schema, X: mat.NewDense(s.Rows, s.Cols, x), Labels: labels}, nil
}

func readBinary(path string, data any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	_, err = binary.Decode(b, binary.NativeEndian, data)
	return err
}
