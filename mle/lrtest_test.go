package mle

import (
	"context"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/reference"
)

// without returns d without a feature.
func without(d *datasets.Dataset, name string) *datasets.Dataset {
	other, schema := *d, *d.Schema
	schema.Features = nil
	var columns []int
	at := 0
	for _, f := range d.Schema.Features {
		width := max(1, len(f.Levels)-1)
		if f.Name != name {
			schema.Features = append(schema.Features, f)
			for j := range width {
				columns = append(columns, at+j)
			}
		}
		at += width
	}
	other.Schema = &schema
	other.X = mat.NewDense(d.Len(), len(columns), nil)
	for j, from := range columns {
		other.X.SetCol(j, mat.Col(nil, from, d.X))
	}
	return &other
}

// The test of a feature compares with a fit without its columns.
func TestLikelihoodRatioTests(t *testing.T) {
	ctx := context.Background()
	sets := map[string]*datasets.Dataset{"factor": factorData(t, 2), "factor, 3 classes": factorData(t, 3)}
	for id, c := range reference.Files[fitCase](t, "fits") {
		if !slices.Contains([]string{"anes96", "fair", "fgl-4"}, id) { // for time
			sets[id] = c.load(t)
		}
	}
	for name, d := range sets {
		f := fit(t, d, Options{})
		tests, err := f.LikelihoodRatioTests(ctx)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, test := range tests {
			if test.Name != d.Schema.Features[i].Name {
				t.Errorf("%s: test %d is of %s", name, i, test.Name)
			}
			if d.Schema.Width() == 1 {
				s, err := f.Summary(ctx)
				if err != nil || math.Abs(s.Ratio.Statistic-test.Statistic) > 1e-13*test.Statistic {
					t.Errorf("%s: %+v alone, %+v all (%v)", name, test, s.Ratio, err)
				}
				continue
			}
			g := fit(t, without(d, test.Name), Options{})
			want := 2 * (f.LogLik - g.LogLik)
			if math.Abs(test.Statistic-want) > 1e-12*want+8*roundoff*math.Abs(f.LogLik) || test.DF != f.p.size()-g.p.size() {
				t.Errorf("%s without %s: %v with %d degrees of freedom, by refitting %v", name, test.Name, test.Statistic, test.DF, want)
			}
		}
	}
}

// Without an intercept the null model has equal probabilities, and features are
// tested as elsewhere; the last feature against nothing.
func TestNoInterceptTests(t *testing.T) {
	ctx := context.Background()
	d := plantedData(90, 1, 3)
	f := fit(t, d, Options{NoIntercept: true})
	s, err := f.Summary(ctx)
	if err != nil {
		t.Fatal(err)
	}
	tests, err := f.LikelihoodRatioTests(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if want := -90 * math.Log(3); math.Abs(s.Null-want) > 1e-13 || s.DFModel != 2 || math.Abs(tests[0].Statistic-s.Ratio.Statistic) > 1e-12 {
		t.Errorf("null %v, want %v; %+v, %+v", s.Null, want, s.Ratio, tests)
	}
}

// Tests in float64 agree with those in double-double.
func TestInferenceInFloat64(t *testing.T) {
	ctx := context.Background()
	for _, k := range []int{2, 3} {
		d := plantedData(300, 3, k)
		f := fit(t, d, Options{})
		rounded := *f
		var ok bool
		pt, err := f.p.evaluate(ctx, f.p.newBlock(), f.theta.Hi, make([]float64, f.p.size()*f.p.size()))
		if err != nil {
			t.Fatal(err)
		}
		if rounded.inner, ok = newCholesky(pt.info, f.p.size(), 1e-15); !ok {
			t.Fatal("no factor")
		}
		wide, err := f.Wald(ctx, WaldOptions{})
		if err != nil {
			t.Fatal(err)
		}
		narrow, err := rounded.Wald(ctx, WaldOptions{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "standard errors", narrow.StdErr, wide.StdErr, 1e-13)
		near(t, "p", narrow.P, wide.P, 1e-12)
		s := f.solver()
		s.exact.gradient = false
		best, err := s.hold(1).minimise(ctx, f.p.start())
		if err != nil {
			t.Fatal(err)
		}
		exact, err := f.solver().hold(1).minimise(ctx, f.p.start())
		if err != nil || math.Abs(best.loss.Sub(exact.loss).Hi) > best.rounding || best.rounding > 1e-11 {
			t.Errorf("loss %v ± %g, in double-double %v (%v)", best.loss, best.rounding, exact.loss, err)
		}
	}
}

// Tests, which take as long as fits, are announced.
func TestLikelihoodRatioTestsObserved(t *testing.T) {
	var seen []int
	f := fit(t, factorData(t, 2), Options{Observer: func(p Progress) {
		if p.Tests > 0 {
			seen = append(seen, p.Test, p.Tests)
		}
	}})
	tests, err := f.LikelihoodRatioTests(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var want []int
	for i := range tests {
		want = append(want, i+1, len(tests))
	}
	if !slices.Equal(seen, want) {
		t.Errorf("tests %d, want %d", seen, want)
	}
}
