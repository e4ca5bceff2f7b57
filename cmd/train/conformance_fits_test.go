package main

import (
	"fmt"
	"math"
	"testing"
)

func TestConformanceFits(t *testing.T) {
	conformance(t, "fits", func(t *testing.T, c *referenceCase, dir string) {
		var flags []string
		if c.Data.Successes == "" {
			flags = []string{"--reference", c.ReferenceClass}
		}
		got, want := c.fit(t, dir, flags...), &c.Certified
		bars := map[string]float64{"coef": 10, "se": 9, "z": 8, "p": 8, "low": 8, "high": 8, "cov": 8, "loglik": 13}
		if want.Condition >= 1e6 {
			best := func(key string) float64 { return min(c.best(key), 15-math.Log10(want.Condition)/2) }
			bars = map[string]float64{"coef": best("coef"), "se": best("se"), "loglik": 12}
		}
		measures := [][]float64{{got.LogLik, got.LogLikNull, got.AIC, got.BIC, got.Deviance, got.NullDeviance, got.LRStat, got.LRDF, got.DFResid}}
		certified := [][]float64{{want.LogLik, want.LogLikNull, want.AIC, want.BIC, want.Deviance, want.NullDeviance, want.LRStat, want.LRDF, want.DFResid}}
		shares := [][]float64{{got.McFadden, got.CoxSnell, got.Nagelkerke, got.LRP}}
		d := map[string]float64{
			"coef": digits(got.arranged(t, got.Coef, c), want.Coef), "se": digits(got.arranged(t, got.SE, c), want.SE),
			"z": digits(got.arranged(t, got.Z, c), want.Z), "p": digits(got.arranged(t, got.P, c), want.P),
			"low": digits(got.arranged(t, got.Low, c), want.Low), "high": digits(got.arranged(t, got.High, c), want.High),
			"cov": normDigits(got.arrangedCov(c), want.Cov), "loglik": digits(measures, certified),
		}
		for name, bar := range bars {
			if d[name] < bar {
				t.Errorf("%s: %.1f digits, want %.1f", name, d[name], bar)
			}
		}
		if n := digits(shares, [][]float64{{want.McFadden, want.CoxSnell, want.Nagelkerke, want.LRP}}); n < 9 {
			t.Errorf("pseudo-R² and p: %.1f digits", n)
		}
		got.compareSymmetric(t, c)
		if got.Status != "overlap" || !got.Certificate.Holds {
			t.Errorf("status %q, certificate %v", got.Status, got.Certificate)
		}
	})
}

// best returns the digits of the best program.
func (c *referenceCase) best(key string) (best float64) {
	for _, d := range c.Agreement {
		best = max(best, d[key])
	}
	return best
}

// normDigits is the number of correct digits of the largest entry.
func normDigits(got, want [][]float64) float64 {
	worst, largest := 0.0, 0.0
	for k, row := range want {
		for j, w := range row {
			worst, largest = max(worst, math.Abs(got[k][j]-w)), max(largest, math.Abs(w))
		}
	}
	return min(16, -math.Log10(worst/largest))
}

func TestConformancePenalised(t *testing.T) {
	conformance(t, "penalised", func(t *testing.T, c *referenceCase, dir string) {
		p := c.Model.Penalty
		flags := []string{"--penalty", p.Type, "--C", fmt.Sprint(p.C)}
		if p.Type == "elasticnet" {
			flags = append(flags, "--l1-ratio", fmt.Sprint(p.L1Ratio))
		}
		if c.Model.ClassWeight != "" {
			flags = append(flags, "--class-weight", c.Model.ClassWeight)
		}
		got, want := c.fit(t, dir, flags...), &c.Certified
		if d := digits([][]float64{{got.Objective}}, [][]float64{{float64(*want.Objective)}}); d < 12 {
			t.Errorf("objective: %.1f digits", d)
		}
		coef := got.arranged(t, got.Coef, c)
		if p.Type == "l2" {
			if d := normDigits(coef, want.Coef); d < 10 {
				t.Errorf("coefficients: %.1f digits of the largest", d)
			}
			return
		}
		for k, row := range want.Coef {
			for j, w := range row {
				if x := coef[k][j]; (x == 0) != (w == 0) || math.Abs(x-w) > 1e-8 {
					t.Errorf("coefficient %d, %d is %g, want %g", k, j, x, w)
				}
			}
		}
	})
}

func TestConformanceMultilabel(t *testing.T) {
	conformance(t, "multilabel", func(t *testing.T, c *referenceCase, dir string) {
		c.CoefRows = c.Data.Labels
		for _, f := range c.Fits {
			got := c.fit(t, dir, "--penalty", "l2", "--C", fmt.Sprint(f.C))
			c.Terms = append([]string{"(intercept)"}, c.Data.X...)
			if d := normDigits(got.arranged(t, got.Coef, c), f.Certified.Coef); d < 10 {
				t.Errorf("C = %g: %.1f digits", f.C, d)
			}
		}
	})
}

// compareSymmetric checks the rows that add to 0.
func (a *estimateAnswer) compareSymmetric(t *testing.T, c *referenceCase) {
	t.Helper()
	want := &c.Certified.Symmetric
	if c.Data.Successes != "" || c.Certified.Condition >= 1e6 {
		return
	}
	classes := estimateAnswer{CoefRows: a.Classes, Terms: a.Terms}
	as := referenceCase{CoefRows: c.Classes, Terms: c.Terms}
	if d := digits(classes.arranged(t, a.Symmetric.Coef, &as), want.Coef); d < 10 {
		t.Errorf("symmetric coefficients: %.1f digits", d)
	}
	if want.SE == nil {
		return
	}
	if d := digits(classes.arranged(t, a.Symmetric.SE, &as), want.SE); d < 9 {
		t.Errorf("symmetric standard errors: %.1f digits", d)
	}
}
