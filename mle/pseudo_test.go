package mle

import (
	"context"
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
)

func summary(t *testing.T, f *Estimate) *Summary {
	t.Helper()
	s, err := f.Summary(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Pearson's X² and the deviance of counts by their definitions.
func TestPearsonOfCounts(t *testing.T) {
	d := read(t, "x,b,a\n1,3,4\n2,5,0\n-1,0,7\n0.5,2,2\n3,0,0\n", datasets.Options{Successes: "b", Failures: "a"})
	f := fit(t, d, Options{})
	s := summary(t, f)
	fitted, err := f.Fitted(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var pearson, deviance, binomial float64
	for i, n := range d.Weights {
		y, p := n*d.Y.At(i, 0), fitted.At(i, 1)
		pearson += (y - n*p) * (y - n*p) / (n * p * (1 - p))
		for _, v := range [][2]float64{{y, p}, {n - y, 1 - p}} {
			if v[0] > 0 {
				deviance += 2 * v[0] * math.Log(v[0]/(n*v[1]))
			}
		}
		binomial += logBinomial(n, y)
	}
	for _, v := range [][2]float64{{s.Pearson, pearson}, {s.Deviance, deviance}, {s.Binomial, binomial}} {
		if math.Abs(v[0]-v[1]) > 1e-13*v[1] {
			t.Errorf("%v, want %v", v[0], v[1])
		}
	}
	if s.Rows != 4 || s.DFResidual != 2 || s.N != 23 || math.Abs(logBinomial(5, 2)-math.Log(10)) > 1e-15 {
		t.Errorf("%+v", s)
	}
}

// Counts need not be whole numbers: halves have the likelihood of the whole ones,
// halved.
func TestHalvesOfCounts(t *testing.T) {
	whole := read(t, "x,b,a\n1,3,4\n2,5,1\n-1,1,7\n0.5,2,2\n", datasets.Options{Successes: "b", Failures: "a"})
	halves := read(t, "x,b,a\n1,1.5,2\n2,2.5,0.5\n-1,0.5,3.5\n0.5,1,1\n", datasets.Options{Successes: "b", Failures: "a"})
	f, g := fit(t, whole, Options{}), fit(t, halves, Options{})
	near(t, "coefficients", g.Coef, f.Coef, 1e-14)
	var se mat.Dense
	se.Scale(math.Sqrt2, f.StdErr())
	near(t, "standard errors", g.StdErr(), &se, 1e-14)
	a, b := summary(t, f), summary(t, g)
	for _, v := range [][2]float64{{2 * b.LogLik, a.LogLik}, {2 * b.Deviance, a.Deviance}, {2 * b.Pearson, a.Pearson}, {2 * b.N, a.N}, {b.Binomial, 0}} {
		if math.Abs(v[0]-v[1]) > 1e-13*math.Abs(v[1]) {
			t.Errorf("%v, want %v", v[0], v[1])
		}
	}
	separated := read(t, "x,b,a\n1,0.25,0\n2,0.5,0\n-1,0,0.125\n", datasets.Options{Successes: "b", Failures: "a"})
	var none *NoEstimateError
	if _, err := Fit(t.Context(), separated, Options{}); !errors.As(err, &none) || none.Status != Complete {
		t.Errorf("separated: %v", err)
	}
}

// Of single observations Pearson's X² is Σ c(1−p)/p at the classes observed.
func TestPearsonOfRows(t *testing.T) {
	for _, k := range []int{2, 3} {
		d := factorData(t, k)
		f := fit(t, d, Options{})
		fitted, err := f.Fitted(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		var want float64
		for i, class := range d.Labels { // the reference is the first
			p := fitted.At(i, class)
			want += d.Weights[i] * (1 - p) / p
		}
		s := summary(t, f)
		if math.Abs(s.Pearson-want) > 1e-12*want || s.Deviance != -2*s.LogLik || s.Binomial != 0 || s.Rows != 90 {
			t.Errorf("X² = %v, want %v; %+v", s.Pearson, want, s)
		}
	}
}

// Probabilities and statistics in float64 are those in double-double, rounded.
func TestRowsInFloat64(t *testing.T) {
	for _, k := range []int{2, 3} {
		f := fit(t, factorData(t, k), Options{})
		p, b := f.p, f.p.newBlock()
		var exact []float64
		if err := f.eachRow(context.Background(), func(_ int, e *exactRow) {
			for k := range e.p {
				exact = append(exact, e.p[k].Hi, e.q[k].Hi)
			}
			for _, r := range e.residual[p.first:] {
				exact = append(exact, r.Hi)
			}
		}); err != nil {
			t.Fatal(err)
		}
		var rounded []float64
		e := newExactRow(p)
		for from := 0; p.load(b, from); from += b.n {
			p.linear(b, f.theta.Hi)
			p.respond(b)
			for i := range b.n {
				p.roundedRow(e, b, i)
				for k := range e.p {
					rounded = append(rounded, e.p[k].Hi, e.q[k].Hi)
				}
				for _, r := range e.residual[p.first:] {
					rounded = append(rounded, r.Hi)
				}
			}
		}
		near(t, "rows", mat.NewDense(1, len(rounded), rounded), mat.NewDense(1, len(exact), exact), 1e-14)
	}
}
