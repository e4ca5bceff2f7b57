package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/internal/reference"
)

// referenceCase is a file of fits, penalised, separation or multilabel.
type referenceCase struct {
	Data struct {
		CSV                 string
		X, Labels           []string
		Y, Weight           string
		Successes, Failures string
		MultiplyXBy         float64 `json:"multiply_x_by"`
	}
	Classes        []string
	ReferenceClass string   `json:"reference_class"`
	CoefRows       []string `json:"coef_rows"`
	Terms          []string
	Model          struct {
		ClassWeight string `json:"class_weight"`
		Penalty     struct {
			Type    string
			C       float64
			L1Ratio float64 `json:"l1_ratio"`
		}
	}
	Certified struct {
		Coef, SE, Z, P, Cov [][]float64
		Low                 [][]float64 `json:"ci_low"`
		High                [][]float64 `json:"ci_high"`
		Symmetric           struct{ Coef, SE [][]float64 }
		LogLik              float64
		LogLikNull          float64 `json:"loglik_null"`
		AIC, BIC, Deviance  float64
		NullDeviance        float64           `json:"null_deviance"`
		McFadden            float64           `json:"mcfadden_r2"`
		CoxSnell            float64           `json:"cox_snell_r2"`
		Nagelkerke          float64           `json:"nagelkerke_r2"`
		LRStat              float64           `json:"lr_stat"`
		LRDF                float64           `json:"lr_df"`
		LRP                 float64           `json:"lr_p"`
		DFResid             float64           `json:"df_resid"`
		Objective           *reference.Number `json:"objective_sklearn"`
		Condition           float64           `json:"condition_information_scaled"`
	}
	Agreement map[string]map[string]float64 `json:"agreement_digits"`
	Truth     struct {
		Status      string
		Coefficient [][]string
		SupLogLik   *float64    `json:"sup_loglik"`
		LogLik      *float64    // of deficient rank
		MinimumNorm []float64   `json:"minimum_norm_coef"`
		FinitePart  finiteTruth `json:"finite_part"`
	}
	Fits []struct {
		C         float64
		Certified struct{ Coef [][]float64 }
	}
}

type finiteTruth struct{ Coef, SE [][]*float64 }

// estimateAnswer is the contract of fit --json for fits by likelihood.
type estimateAnswer struct {
	Status   string
	Terms    []string
	CoefRows []string `json:"coef_rows"`
	Classes  []string

	Coef, SE, Z, P, Cov [][]float64
	Low                 [][]float64 `json:"ci_low"`
	High                [][]float64 `json:"ci_high"`
	Symmetric           struct{ Coef, SE [][]float64 }
	Certificate         struct{ Holds bool }

	Objective, LogLik  float64
	LogLikNull         float64 `json:"loglik_null"`
	AIC, BIC, Deviance float64
	NullDeviance       float64 `json:"null_deviance"`
	McFadden           float64 `json:"mcfadden_r2"`
	CoxSnell           float64 `json:"cox_snell_r2"`
	Nagelkerke         float64 `json:"nagelkerke_r2"`
	LRStat             float64 `json:"lr_stat"`
	LRDF               float64 `json:"lr_df"`
	LRP                float64 `json:"lr_p"`
	DFResid            float64 `json:"df_resid"`

	Coefficient [][]string
	Direction   [][]float64 `json:"separating_direction"`
	SupLogLik   *float64    `json:"sup_loglik"`
	FinitePart  finiteTruth `json:"finite_part"`
	MinimumNorm [][]float64 `json:"minimum_norm_coef"`
}

// fit runs the command line for a case, with more flags.
func (c *referenceCase) fit(t *testing.T, dir string, flags ...string) estimateAnswer {
	t.Helper()
	args := []string{c.table(t, dir), "--features", strings.Join(c.Data.X, ",")}
	switch {
	case c.Data.Successes != "":
		args = append(args, "--successes", c.Data.Successes, "--failures", c.Data.Failures)
	case c.Data.Labels != nil:
		args = append(args, "--target", strings.Join(c.Data.Labels, ","))
	default:
		args = append(args, "--target", c.Data.Y)
	}
	if c.Data.Weight != "" {
		args = append(args, "--weights", c.Data.Weight)
	}
	return fitResult[estimateAnswer](t, append(args, flags...)...)
}

// table returns the path of the data, multiplied where the case asks for it.
func (c *referenceCase) table(t *testing.T, dir string) string {
	t.Helper()
	path, k := filepath.Join(dir, c.Data.CSV), c.Data.MultiplyXBy
	if k == 0 || k == 1 {
		return path
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for j, name := range rows[0] {
			if slices.Contains(c.Data.X, name) {
				x, err := strconv.ParseFloat(row[j], 64)
				if err != nil {
					t.Fatal(err)
				}
				row[j] = strconv.FormatFloat(x*k, 'g', -1, 64)
			}
		}
	}
	path = filepath.Join(t.TempDir(), "multiplied.csv")
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// conformance runs all cases of a folder of the reference tree through the command
// line, and prints how many passed.
func conformance(t *testing.T, folder string, check func(t *testing.T, c *referenceCase, dir string)) {
	dir, err := filepath.Abs(reference.Dir(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, folder)); err != nil {
		t.Skipf("the reference tree has no %s; REFERENCE_DIR names a complete one", folder)
	}
	cases := reference.Files[referenceCase](t, folder)
	passed := 0
	for id, c := range cases {
		if t.Run(id, func(t *testing.T) { check(t, &c, dir) }) {
			passed++
		}
	}
	fmt.Printf("conformance: cli/%s %d/%d\n", folder, passed, len(cases))
}

// arranged returns the rows and columns of a matrix of the answer in the order of
// a case. Grouped counts have one row, of whatever name.
func (a *estimateAnswer) arranged(t *testing.T, m [][]float64, c *referenceCase) [][]float64 {
	t.Helper()
	var rows [][]float64
	for k := range m {
		if len(c.CoefRows) > 1 || len(m) > 1 {
			k = slices.Index(a.CoefRows, c.CoefRows[k])
		}
		var row []float64
		for _, term := range c.Terms {
			j := slices.Index(a.Terms, term)
			if k < 0 || j < 0 {
				t.Fatalf("rows %q and terms %q; want %q and %q", a.CoefRows, a.Terms, c.CoefRows, c.Terms)
			}
			row = append(row, m[k][j])
		}
		rows = append(rows, row)
	}
	return rows
}

// arrangedCov returns the covariance in the order of a case.
func (a *estimateAnswer) arrangedCov(c *referenceCase) [][]float64 {
	var at []int
	for k := range a.CoefRows {
		if len(a.CoefRows) > 1 {
			k = slices.Index(a.CoefRows, c.CoefRows[k])
		}
		for _, term := range c.Terms {
			at = append(at, k*len(a.Terms)+slices.Index(a.Terms, term))
		}
	}
	var rows [][]float64
	for _, i := range at {
		var row []float64
		for _, j := range at {
			row = append(row, a.Cov[i][j])
		}
		rows = append(rows, row)
	}
	return rows
}
