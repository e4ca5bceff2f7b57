package mle

import (
	"context"
	"errors"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// With an intercept the penalised coefficient of a constant column is 0, and
// those of the others are what they are without it.
func TestPenalisedConstantColumn(t *testing.T) {
	for _, k := range []int{2, 3} {
		for _, n := range []int{200, 20000} { // in double-double and not
			d, plain := plantedData(n, 30, k), plantedData(n, 30, k)
			d.Weights, plain.Weights = make([]float64, n), make([]float64, n)
			for i := range n {
				d.Weights[i], plain.Weights[i] = 1, 1
				d.X.Set(i, 1, -7.3)
				d.X.Set(i, 4, 0)
				plain.X.Set(i, 1, 0)
				plain.X.Set(i, 4, 0)
			}
			d.Weights[5], plain.Weights[5] = 0, 0
			d.X.Set(5, 1, 3)
			for _, o := range []Options{{Penalty: L2}, {Penalty: LogF}, {Penalty: L1}, {Penalty: ElasticNet, L1Ratio: 0.5}, {Penalty: L2, Solver: LBFGS}} {
				f := fit(t, d, o)
				for l := range f.Rows {
					if a, b := f.Coef.At(l, 2), f.Coef.At(l, 5); a != 0 || b != 0 {
						t.Errorf("%d rows, %d classes, %v, %v: the coefficients of constant columns are %g and %g", n, k, o.Penalty, o.Solver, a, b)
					}
				}
				near(t, o.Penalty.String(), f.Coef, fit(t, plain, o).Coef, 1e-11)
			}
		}
	}
}

func TestEqualColumnsAreNamed(t *testing.T) {
	d := plantedData(100, 3, 2)
	for i := range 100 {
		d.X.Set(i, 2, d.X.At(i, 0))
	}
	_, err := Fit(context.Background(), d, Options{Penalty: L1, C: 10})
	var no *NotCertifiedError
	if !errors.As(err, &no) || !strings.Contains(no.Why, `the columns "x0" and "x2" are equal`) {
		t.Errorf("%v", err)
	}
	fit(t, d, Options{Penalty: ElasticNet, L1Ratio: 0.5})
	p, err := newProblem(plantedData(100, 3, 2), &Options{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if a, b, found := p.equal(); found {
		t.Errorf("columns %d and %d are equal", a, b)
	}
}

func TestDependence(t *testing.T) {
	for want, change := range map[string]func(row []float64){
		"": func([]float64) {},
		`; drop what is 0 in every row: "x1", "x3"`:                              func(row []float64) { row[1], row[3], row[4] = 0, 0, row[5] },
		`; drop what is the same in every row, as the intercept is: "x2"`:        func(row []float64) { row[2] = 4 },
		`; the columns "x4" and "x5" are equal: drop one`:                        func(row []float64) { row[4] = row[5] },
		`; drop what is 0 in every row: "x0", "x1", "x2", "x3", "x4" and 2 more`: func(row []float64) { clear(row) },
	} {
		d := plantedData(100, 7, 2)
		for i := range 100 {
			change(d.X.RawRowView(i))
		}
		p, err := newProblem(d, &Options{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.dependence(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		_, err = Certify(context.Background(), d, mat.NewDense(1, 8, nil), Options{Solver: LBFGS})
		var none *NoEstimateError
		if want != "" && (!errors.As(err, &none) || none.Status != RankDeficient || none.Aliased == nil) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
