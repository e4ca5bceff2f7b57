package main

import (
	"math"
	"slices"
	"testing"
)

func TestConformanceSeparation(t *testing.T) {
	conformance(t, "separation", func(t *testing.T, c *referenceCase, dir string) {
		var flags []string
		if len(c.CoefRows) > 0 {
			flags = []string{"--reference", c.ReferenceClass}
		}
		got, want := c.fit(t, dir, flags...), &c.Truth
		if got.Status != want.Status || (got.Coef != nil) != (want.Status == "overlap") {
			t.Fatalf("status %q with coefficients %v; want %q", got.Status, got.Coef, want.Status)
		}
		if want.Status == "overlap" {
			return
		}
		supremum := want.SupLogLik
		if supremum == nil {
			supremum = want.LogLik
		}
		if d := math.Abs(*got.SupLogLik - *supremum); d > 1e-9*max(1, math.Abs(*supremum)) {
			t.Errorf("supremum %g, want %g", *got.SupLogLik, *supremum)
		}
		if want.MinimumNorm != nil {
			if d := digits(got.arranged(t, got.MinimumNorm, c), [][]float64{want.MinimumNorm}); d < 9 {
				t.Errorf("minimum norm: %.1f digits", d)
			}
		}
		if want.Coefficient == nil {
			return
		}
		got.compareSigns(t, c)
		got.compareFinite(t, c)
	})
}

func (a *estimateAnswer) compareSigns(t *testing.T, c *referenceCase) {
	for k, row := range c.Truth.Coefficient {
		for j, w := range row {
			at := slices.Index(a.CoefRows, c.CoefRows[k])
			if s := a.Coefficient[at][slices.Index(a.Terms, c.Terms[j])]; s != w {
				t.Errorf("%s of %s: %s, want %s", c.Terms[j], c.CoefRows[k], s, w)
			}
		}
	}
	if len(a.Direction) != len(c.CoefRows) {
		t.Errorf("separating direction %v", a.Direction)
	}
}

func (a *estimateAnswer) compareFinite(t *testing.T, c *referenceCase) {
	part := func(m, want [][]*float64) {
		for k, row := range want {
			for j, w := range row {
				x := m[slices.Index(a.CoefRows, c.CoefRows[k])][slices.Index(a.Terms, c.Terms[j])]
				switch {
				case (x == nil) != (w == nil):
					t.Errorf("finite part of %s of %s: %v, want %v", c.Terms[j], c.CoefRows[k], x, w)
				case w != nil && math.Abs(*x-*w) > 1e-8*math.Abs(*w)+1e-30: // a 0 has the noise of 320 bits
					t.Errorf("finite part of %s of %s: %g, want %g", c.Terms[j], c.CoefRows[k], *x, *w)
				}
			}
		}
	}
	part(a.FinitePart.Coef, c.Truth.FinitePart.Coef)
	part(a.FinitePart.SE, c.Truth.FinitePart.SE)
}
