package mle

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/internal/reference"
)

// inferenceCase is what a file of reference/fits says of inference.
type inferenceCase struct {
	Classes   []string
	Certified struct {
		SE, Z, P   [][]float64
		Low        [][]float64 `json:"ci_low"`
		High       [][]float64 `json:"ci_high"`
		LogLik     float64
		Null       float64 `json:"loglik_null"`
		Binomial   float64 `json:"loglik_binomial"` // of grouped counts
		AIC, BIC   float64
		McFadden   float64 `json:"mcfadden_r2"`
		CoxSnell   float64 `json:"cox_snell_r2"`
		Nagelkerke float64 `json:"nagelkerke_r2"`
		LRStat     float64 `json:"lr_stat"`
		LRDF       int     `json:"lr_df"`
		LRP        float64 `json:"lr_p"`
		N          float64
		Rows       int
		DFModel    int     `json:"df_model"`
		DFResidual float64 `json:"df_resid"`
		Deviance   float64
		NullDev    float64 `json:"null_deviance"`
		Symmetric  struct{ Coef, SE [][]float64 }
		Fitted     [][]float64 `json:"fitted_first20"`
		Parameters int
	}
}

// All numbers are right to 15 digits, but the log-likelihood with binomial
// coefficients, which nearly cancels its other part.
func TestConformanceInference(t *testing.T) {
	ctx := context.Background()
	cases, more := reference.Files[fitCase](t, "fits"), reference.Files[inferenceCase](t, "fits")
	passed := 0
	var table strings.Builder
	for i, id := range sorted(cases) {
		c, want := cases[id], more[id].Certified
		f := fit(t, c.load(t), Options{})
		w, err := f.Wald(ctx, WaldOptions{})
		if err != nil {
			t.Fatal(id, err)
		}
		symmetric, err := f.Wald(ctx, WaldOptions{Symmetric: true})
		if err != nil {
			t.Fatal(id, err)
		}
		s, err := f.Summary(ctx)
		if err != nil {
			t.Fatal(id, err)
		}
		fitted, err := f.Fitted(ctx)
		if err != nil {
			t.Fatal(id, err)
		}
		wald := func(m *mat.Dense, want [][]float64) float64 {
			return digits(selected(t, m, f.Rows, c.CoefRows, f.Terms, c.Terms), want)
		}
		classes := more[id].Classes
		binomial := 16.0
		if f.grouped() {
			binomial = number(s.LogLik+s.Binomial, want.Binomial)
		}
		all := []struct {
			name   string
			digits float64
		}{
			{"se", wald(w.StdErr, want.SE)}, {"z", wald(w.Z, want.Z)}, {"p", wald(w.P, want.P)},
			{"low", wald(w.Low, want.Low)}, {"high", wald(w.High, want.High)},
			{"sym", digits(selected(t, symmetric.Coef, f.Classes, classes, f.Terms, c.Terms), want.Symmetric.Coef)},
			{"symse", digits(selected(t, symmetric.StdErr, f.Classes, classes, f.Terms, c.Terms), want.Symmetric.SE)}, // none for two classes
			{"null", number(s.Null, want.Null)}, {"dev", number(s.Deviance, want.Deviance)}, {"nulld", number(s.NullDeviance, want.NullDev)},
			{"aic", number(s.AIC, want.AIC)}, {"bic", number(s.BIC, want.BIC)},
			{"R²", min(number(s.McFadden, want.McFadden), number(s.CoxSnell, want.CoxSnell), number(s.Nagelkerke, want.Nagelkerke))},
			{"lr", number(s.Ratio.Statistic, want.LRStat)}, {"lr p", number(s.Ratio.P, want.LRP)},
			{"binom", binomial},
			{"fitted", digits(firstUsed(f, fitted, classes), want.Fitted)},
		}
		if i == 0 {
			fmt.Fprintf(&table, "digits of the worst entry\n%-14s", "")
			for _, v := range all {
				fmt.Fprintf(&table, "%6s", v.name)
			}
			table.WriteString("\n")
		}
		fmt.Fprintf(&table, "%-14s", id)
		ok := true
		for _, v := range all {
			fmt.Fprintf(&table, "%6.1f", v.digits)
			bar := 15.0
			if v.name == "binom" {
				bar = 13
			}
			if v.digits < bar {
				ok = false
				t.Errorf("%s: %s has %.2f digits", id, v.name, v.digits)
			}
		}
		table.WriteString("\n")
		if s.N != want.N || s.Rows != want.Rows || s.DFModel != want.DFModel || s.Ratio.DF != want.LRDF || s.DFResidual != want.DFResidual || s.Parameters != want.Parameters {
			t.Errorf("%s: %+v", id, s)
			ok = false
		}
		if ok {
			passed++
		}
	}
	fmt.Printf("%s: %sconformance: inference %d/%d\n", t.Name(), table.String(), passed, len(cases))
}

// firstUsed returns the probabilities of the first 20 rows that have a weight.
func firstUsed(f *Estimate, fitted *mat.Dense, classes []string) *mat.Dense {
	var rows []float64
	for i := 0; i < f.p.rows() && len(rows) < 20*len(classes); i++ {
		for _, class := range classes {
			if f.p.w(i) > 0 {
				rows = append(rows, fitted.At(i, slices.Index(f.Classes, class)))
			}
		}
	}
	return mat.NewDense(len(rows)/len(classes), len(classes), rows)
}
