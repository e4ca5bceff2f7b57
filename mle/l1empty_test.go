package mle

import (
	"context"
	"testing"

	"github.com/surprisal-ml/surprisal/datasets"
)

// Without an intercept a strong L1 penalty leaves no parameter at all.
func TestNothingLeft(t *testing.T) {
	for _, name := range []string{"iris2", "iris"} {
		d, err := datasets.Load(name, datasets.Options{})
		if err != nil {
			t.Fatal(err)
		}
		f, err := Fit(context.Background(), d, Options{Penalty: L1, C: 1e-6, NoIntercept: true})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if f.p.support(f.theta.Hi) != nil || !f.Certificate.Holds || f.Certificate.Gap != 0 {
			t.Errorf("%s: coefficients %v, certificate %+v; want zeros and their proof", name, f.Coef.RawMatrix().Data, f.Certificate)
		}
	}
}
