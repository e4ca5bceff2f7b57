package mle

import (
	"context"
	"errors"
	"math"
	"testing"
)

// Of data without an estimate the tests compare suprema: those of fits of the data
// without the columns of the feature.
func TestLikelihoodRatioTestsOfSeparatedData(t *testing.T) {
	ctx := context.Background()
	compared := 0
	for id, c := range referenceFiles(t, "separation") {
		d := c.load(t)
		f, err := Fit(ctx, d, Options{})
		var none *NoEstimateError
		if !errors.As(err, &none) || f.limited == nil || d.Len() > 200 {
			continue
		}
		tests, err := f.LikelihoodRatioTests(ctx)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		for _, test := range tests {
			if test.DF < 0 || test.Statistic < 0 || !(test.P >= 0 && test.P <= 1) {
				t.Errorf("%s: %+v", id, test)
			}
			if len(d.Schema.Features) == 1 || test.DF == 0 {
				continue
			}
			g, err := Fit(ctx, without(d, test.Name), Options{})
			loglik := g.LogLik
			if errors.As(err, &none) {
				loglik = none.SupLogLik
			} else if err != nil {
				t.Fatal(id, err)
			}
			if want := 2 * (f.Existence.SupLogLik - loglik); math.Abs(test.Statistic-want) > 1e-12*(1+want) {
				t.Errorf("%s: without %s twice the difference is %v, not %v", id, test.Name, want, test.Statistic)
			}
			compared++
		}
	}
	if compared < 10 {
		t.Errorf("only %d tests were compared", compared)
	}
}

// A column that repeats another has nothing to test, and nothing left to explain.
func TestLikelihoodRatioTestOfADependentColumn(t *testing.T) {
	d := plantedData(40, 2, 2)
	for i := range d.Len() {
		d.X.Set(i, 1, 2*d.X.At(i, 0))
	}
	f, x := examine(t, d, Options{})
	tests, err := f.LikelihoodRatioTests(context.Background())
	if err != nil || x.Status != RankDeficient {
		t.Fatal(x.Status, err)
	}
	for _, test := range tests {
		if test.DF != 0 || test.Statistic != 0 || test.P != 1 {
			t.Errorf("%+v", test)
		}
	}
}
