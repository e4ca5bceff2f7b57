package mle

import (
	"context"
	"fmt"
	"math"
	"os"
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
	Fits      []struct {                    // multilabel
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
		wantCov := c.Certified.Cov
		coef := digits(selected(t, f.Coef, f.Rows, c.CoefRows, f.Terms, c.Terms), c.Certified.Coef)
		se := digits(selected(t, f.StdErr(), f.Rows, c.CoefRows, f.Terms, c.Terms), c.Certified.SE)
		var order []int // of our parameters, as theirs
		for _, name := range c.CoefRows {
			for j := range terms {
				order = append(order, slices.Index(f.Rows, name)*terms+j)
			}
		}
		cov := mat.NewDense(len(order), len(order), nil)
		for i, from := range order {
			for j, at := range order {
				cov.Set(i, j, f.Covariance().At(from, at))
			}
		}
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

// penalty returns the options of a penalised case, and false if it is not of
// the type.
func (c *fitCase) options(t testing.TB) Options {
	t.Helper()
	o := Options{C: c.Model.Penalty.C, L1Ratio: c.Model.Penalty.L1Ratio, Balanced: c.Model.ClassWeight == "balanced"}
	var err error
	if o.Penalty, err = ParsePenalty(c.Model.Penalty.Type); err != nil {
		t.Fatal(err)
	}
	return o
}

// referenceFiles reads a folder that is not part of the repository.
func referenceFiles(t *testing.T, folder string) map[string]fitCase {
	t.Helper()
	if _, err := os.Stat(filepath.Join(reference.Dir(t), folder)); err != nil {
		t.Skip("set REFERENCE_DIR to a reference tree with the folder", folder)
	}
	return reference.Files[fitCase](t, folder)
}

func TestConformancePenalised(t *testing.T) {
	cases := referenceFiles(t, "penalised")
	passed, total := 0, 0
	var table strings.Builder
	fmt.Fprintf(&table, "digits: norm-wise those of the coefficients, and the objective; the best program's in brackets\n%-26s %14s %9s %9s %9s %9s\n", "", "coef", "objective", "gap", "distance", "time")
	for _, id := range sorted(cases) {
		c := cases[id]
		o := c.options(t)
		if o.Penalty != L2 {
			continue
		}
		total++
		start := time.Now()
		f, err := Fit(context.Background(), c.load(t), o)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		elapsed := time.Since(start)
		coef := normDigits(selected(t, f.Coef, f.Rows, c.CoefRows, f.Terms, c.Terms), c.Certified.Coef)
		objective := number(f.Objective, c.Certified.Objective)
		fmt.Fprintf(&table, "%-26s %5.1f (%5.1f)  %9.1f %9.2g %9.2g %9v\n", id, coef, c.peer("coef_normwise"), objective, f.Certificate.Gap, f.Certificate.Distance, elapsed.Round(time.Microsecond))
		if coef < 10 || objective < 12 || coef < c.peer("coef_normwise")-0.31 || !f.Certificate.Holds {
			t.Errorf("%s: %.2f digits of the coefficients, %.2f of the objective", id, coef, objective)
			continue
		}
		passed++
	}
	fmt.Printf("%s: %sconformance: penalised/l2 %d/%d\n", t.Name(), table.String(), passed, total)
}

func TestConformanceMultilabel(t *testing.T) {
	cases := referenceFiles(t, "multilabel")
	passed, total := 0, 0
	for _, id := range sorted(cases) {
		c := cases[id]
		d := c.load(t)
		for _, want := range c.Fits {
			total++
			f, err := Fit(context.Background(), d, Options{Penalty: L2, C: want.C})
			if err != nil {
				t.Errorf("%s: %v", id, err)
				continue
			}
			got := selected(t, f.Coef, f.Rows, c.Data.Labels, f.Terms, c.Terms)
			worst := normDigits(got, want.Certified.Coef)
			fmt.Printf("%s: %s, C = %g: %.1f digits norm-wise\n", t.Name(), id, want.C, worst)
			if worst < 13 || !f.Certificate.Holds {
				t.Errorf("%s, C = %g: %.2f digits", id, want.C, worst)
				continue
			}
			passed++
		}
	}
	fmt.Printf("conformance: multilabel %d/%d\n", passed, total)
}
