package mle

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/reference"
)

// fitCase is a file of reference/fits or reference/penalised.
type fitCase struct {
	Data struct {
		CSV                 string
		X, Labels           []string
		Y, Weight           string
		Successes, Failures string
		MultiplyXBy         float64 `json:"multiply_x_by"`
	}
	ReferenceClass string   `json:"reference_class"`
	CoefRows       []string `json:"coef_rows"`
	Terms          []string
	Model          struct {
		ClassWeight string `json:"class_weight"`
		Penalty     *struct {
			Type    string
			C       float64
			L1Ratio float64 `json:"l1_ratio"`
		}
	}
	Certified struct {
		Coef, SE, Cov [][]float64
		LogLik        float64
		Objective     float64 `json:"objective_sklearn"`
		Condition     float64 `json:"condition_information_scaled"`
	}
	Agreement map[string]map[string]float64 `json:"agreement_digits"`
	Fits      []struct { // multilabel
		C         float64
		Certified struct {
			Coef      [][]float64
			Objective []float64
		}
	}
}

func (c *fitCase) load(t testing.TB) *datasets.Dataset {
	t.Helper()
	o := datasets.Options{
		Features: c.Data.X, Weights: c.Data.Weight, Successes: c.Data.Successes, Failures: c.Data.Failures, Target: c.Data.Labels,
	}
	if c.Data.Y != "" {
		o.Target, o.Reference = []string{c.Data.Y}, c.ReferenceClass
	}
	d, err := datasets.Load(filepath.Join(reference.Dir(t), c.Data.CSV), o)
	if err != nil {
		t.Fatal(err)
	}
	if k := c.Data.MultiplyXBy; k != 0 && k != 1 {
		d.X.Scale(k, d.X)
	}
	return d
}

// peer returns the digits of the best program.
func (c *fitCase) peer(key string) (best float64) {
	for _, digits := range c.Agreement {
		best = max(best, digits[key])
	}
	return best
}

// digits returns −log10 of the relative error of the worst entry, at most 16.
func digits(got *mat.Dense, want [][]float64) float64 {
	worst := 16.0
	for i, row := range want {
		for j, w := range row {
			if math.Abs(w) < 1e-30 { // a 0 with the noise of 320 bits
				w = 0
			}
			e := math.Abs(got.At(i, j) - w)
			if w != 0 {
				e /= math.Abs(w)
			}
			if e != 0 {
				worst = min(worst, -math.Log10(e))
			}
		}
	}
	return worst
}

func normDigits(got *mat.Dense, want [][]float64) float64 {
	worst, largest := 0.0, 0.0
	for i, row := range want {
		for j, w := range row {
			worst, largest = max(worst, math.Abs(got.At(i, j)-w)), max(largest, math.Abs(w))
		}
	}
	return min(16, -math.Log10(worst/largest))
}

func number(got, want float64) float64 {
	return digits(mat.NewDense(1, 1, []float64{got}), [][]float64{{want}})
}

// selected returns the rows and columns of m by name.
func selected(t testing.TB, m *mat.Dense, haveRows, rows, haveTerms, terms []string) *mat.Dense {
	t.Helper()
	s := mat.NewDense(len(rows), len(terms), nil)
	for i, r := range rows {
		for j, term := range terms {
			from, at := slices.Index(haveRows, r), slices.Index(haveTerms, term)
			if from < 0 || at < 0 {
				t.Fatalf("no coefficient %s of %s among %v, %v", term, r, haveRows, haveTerms)
			}
			s.Set(i, j, m.At(from, at))
		}
	}
	return s
}

func TestConformanceFits(t *testing.T) {
	cases := reference.Files[fitCase](t, "fits")
	passed := 0
	var table strings.Builder
	fmt.Fprintf(&table, "digits of the worst entry, those of the best program in brackets\n%-14s %13s %13s %6s %13s %9s %9s %9s\n", "", "coef", "se", "cov", "loglik", "gap", "distance", "time")
	for _, id := range sorted(cases) {
		c := cases[id]
		d := c.load(t)
		start := time.Now()
		f, err := Fit(context.Background(), d, Options{})
		elapsed := time.Since(start)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		rows, terms := f.Coef.Dims()
		cov, wantCov := mat.DenseCopyOf(f.Covariance()), c.Certified.Cov
		coef := digits(selected(t, f.Coef, f.Rows, c.CoefRows, f.Terms, c.Terms), c.Certified.Coef)
		se := digits(selected(t, f.StdErr(), f.Rows, c.CoefRows, f.Terms, c.Terms), c.Certified.SE)
		covariance := digits(cov, wantCov)
		if rows*terms != len(wantCov) {
			t.Errorf("%s: %d parameters, not %d", id, rows*terms, len(wantCov))
		}
		loglik := number(f.LogLik, c.Certified.LogLik)
		fmt.Fprintf(&table, "%-14s %5.1f (%5.1f) %5.1f (%5.1f) %6.1f %5.1f (%5.1f) %9.2g %9.2g %9v\n", id,
			coef, c.peer("coef"), se, c.peer("se"), covariance, loglik, c.peer("loglik"), f.Certificate.Gap, f.Certificate.Distance, elapsed.Round(time.Microsecond))
		ok := f.Certificate.Holds
		for key, v := range map[string]float64{"coef": coef, "se": se, "loglik": loglik} {
			if v < 13 || v < c.peer(key)-0.31 { // one ULP is 15.65 to 15.95 digits, and counts as right
				ok = false
				t.Errorf("%s: %s has %.2f digits, the best program %.2f", id, key, v, c.peer(key))
			}
		}
		if ok {
			passed++
		}
	}
	fmt.Printf("%s: %sconformance: fits %d/%d\n", t.Name(), table.String(), passed, len(cases))
}

func sorted[T any](m map[string]T) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
