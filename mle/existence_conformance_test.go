package mle

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/internal/reference"
)

// separationCase is a file of reference/separation.
type separationCase struct {
	fitCase
	Truth struct {
		Status      string
		Dimension   int `json:"recession_cone_dimension"`
		Coefficient [][]string
		SupLogLik   *float64 `json:"sup_loglik"`
		LogLik      *float64
		FinitePart  struct {
			Coef, SE     [][]*float64
			NotSeparated *int `json:"rows_not_separated"`
		} `json:"finite_part"`
		MinimumNorm []float64 `json:"minimum_norm_coef"`
	}
}

func optional(v [][]*float64) [][]float64 {
	m := make([][]float64, len(v))
	for i, row := range v {
		for _, x := range row {
			if x == nil {
				m[i] = append(m[i], math.NaN())
			} else {
				m[i] = append(m[i], *x)
			}
		}
	}
	return m
}

// finiteDigits is digits, but NaN has to match NaN.
func finiteDigits(t testing.TB, got *mat.Dense, want [][]float64) float64 {
	for i, row := range want {
		for j, w := range row {
			if math.IsNaN(w) != math.IsNaN(got.At(i, j)) {
				t.Errorf("entry %d, %d is %v, not %v", i, j, got.At(i, j), w)
				return 0
			}
			if math.IsNaN(w) {
				row[j] = 0
				got.Set(i, j, 0)
			}
		}
	}
	return digits(got, want)
}

func TestConformanceSeparation(t *testing.T) {
	cases := reference.Files[separationCase](t, "separation")
	passed := 0
	var table strings.Builder
	fmt.Fprintf(&table, "digits of the worst entry\n%-22s %-15s %7s %7s %6s %6s %6s %9s\n", "", "status", "signs", "either", "sup", "coef", "se", "time")
	for _, id := range sorted(cases) {
		ok := true
		t.Run(id, func(t *testing.T) {
			c := cases[id]
			d := c.load(t)
			start := time.Now()
			f, err := Fit(context.Background(), d, Options{})
			elapsed := time.Since(start)
			var none *NoEstimateError
			if errors.As(err, &none) {
				err = nil
			}
			if err != nil {
				t.Fatal(err)
			}
			x := f.Existence
			want := c.Truth
			if x.Status.String() != want.Status || x.Exists() != (none == nil) {
				t.Fatalf("%v (%s), not %s", x.Status, x.Proof, want.Status)
			}
			fmt.Fprintf(&table, "%-22s %-15v", id, x.Status)
			if want.Coefficient != nil && x.Status != Overlap {
				same, either, total := 0, 0, 0
				for i, row := range want.Coefficient {
					at := slices.Index(f.Rows, c.CoefRows[i])
					for j, w := range row {
						total++
						got := x.Coefficient[at][j].String()
						if got == w {
							same++
						} else {
							t.Errorf("%s of %s is %s, not %s", c.Terms[j], c.CoefRows[i], got, w)
						}
						if w == "either" {
							either++
						}
					}
				}
				fmt.Fprintf(&table, " %3d/%3d %7d", same, total, either)
			}
			if want.SupLogLik != nil {
				sup := number(x.SupLogLik, *want.SupLogLik)
				fmt.Fprintf(&table, " %6.1f", sup)
				if sup < 13 {
					t.Errorf("supremum %v, not %v", x.SupLogLik, *want.SupLogLik)
				}
			}
			if want.FinitePart.Coef != nil {
				coef := finiteDigits(t, selected(t, x.FiniteCoef, f.Rows, c.CoefRows, f.Terms, c.Terms), optional(want.FinitePart.Coef))
				se := finiteDigits(t, selected(t, x.FiniteSE, f.Rows, c.CoefRows, f.Terms, c.Terms), optional(want.FinitePart.SE))
				fmt.Fprintf(&table, " %6.1f %6.1f", coef, se)
				if coef < 13 || se < 13 {
					t.Errorf("%.1f digits of the finite part, %.1f of its standard errors", coef, se)
				}
				if got := d.Len() - len(x.Separated); got != *want.FinitePart.NotSeparated {
					t.Errorf("%d rows are not separated, not %d", got, *want.FinitePart.NotSeparated)
				}
			}
			if want.MinimumNorm != nil {
				if got := digits(x.MinimumNorm, [][]float64{want.MinimumNorm}); got < 13 || number(x.SupLogLik, *want.LogLik) < 13 {
					t.Errorf("%.1f digits of the minimum norm, log-likelihood %v", got, x.SupLogLik)
				}
			}
			fmt.Fprintf(&table, "  %v\n", elapsed.Round(10*time.Microsecond))
			ok = !t.Failed()
		})
		if ok {
			passed++
		}
	}
	fmt.Printf("%s: %sconformance: separation %d/%d\n", t.Name(), table.String(), passed, len(cases))
}
