package mle

import (
	"context"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
)

// slopeOf is se·dz/dw of coefficient j by differences of the log of se², which is
// that of the information at the coefficients moved along the column of the
// covariance.
func slopeOf(t *testing.T, f *Estimate, j int) float64 {
	t.Helper()
	along := make([]float64, f.p.size())
	along[j] = 1
	f.inner.solve(along)
	w := f.theta.Hi[j]
	logVariance := func(h float64) float64 {
		g := *f
		g.theta.Hi = moved(f.theta.Hi, along, j, w+h)
		var inverse mat.Dense
		if err := inverse.Inverse(g.Information()); err != nil {
			t.Fatal(err)
		}
		return math.Log(inverse.At(j, j))
	}
	h := 0.005 * math.Sqrt(along[j])
	slope := (8*(logVariance(h)-logVariance(-h)) - (logVariance(2*h) - logVariance(-2*h))) / (12 * h)
	return 1 - w/2*slope
}

func TestHauckDonner(t *testing.T) {
	ctx := context.Background()
	iris, err := datasets.Load("iris2", datasets.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Nearly separated: one success below, one failure above.
	csv := "x,y\n0,1\n1,0\n"
	near := read(t, csv+strings.Repeat("0,0\n1,1\n", 40), datasets.Options{Target: []string{"y"}})
	for i, d := range []*datasets.Dataset{factorData(t, 3), iris, near} {
		f := fit(t, d, Options{})
		slope, err := f.HauckDonner(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for j := range f.p.size() {
			got, want := slope.At(j/f.p.terms, j%f.p.terms), slopeOf(t, f, j)
			if math.Abs(got-want) > 1e-7*(1+math.Abs(want)) {
				t.Errorf("set %d, coefficient %d: %g, by differences %g", i, j, got, want)
			}
		}
		if min := mat.Min(slope); (i > 0) != (min < 0) {
			t.Errorf("set %d: the least slope is %g", i, min)
		}
	}
}
