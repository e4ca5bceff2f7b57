package mle

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
)

// decimals returns data whose columns are written with few digits: row makes the
// cells of a row of two numbers with two digits.
func decimals(t *testing.T, names string, n int, row func(a, b float64) string, class func(i int, a, b float64) int) *datasets.Dataset {
	t.Helper()
	src := random.New(3, 9)
	var s strings.Builder
	fmt.Fprintf(&s, "%s,y\n", names)
	for i := range n {
		a, b := math.Round(1+src.Float64()*48)/100, math.Round(1+src.Float64()*48)/100
		fmt.Fprintf(&s, "%s,%d\n", row(a, b), class(i, a, b))
	}
	return read(t, s.String(), datasets.Options{Target: []string{"y"}})
}

func alternating(i int, a, b float64) int { return (i*i/3 + i) % 2 }

// What R calls NA: columns whose decimals are dependent, though the float64 numbers
// nearest to them are not.
func TestDependentDecimals(t *testing.T) {
	for name, c := range map[string]struct {
		names    string
		row      func(a, b float64) string
		relation string
		free     string // the terms with a limit
	}{
		"composition": {"a,b,c", func(a, b float64) string { return fmt.Sprintf("%.2f,%.2f,%.2f", a, b, 1-a-b) }, "c = (intercept) - a - b", ""},
		"percentages": {"a,b,c", func(a, b float64) string {
			return fmt.Sprintf("%.1f,%.1f,%.1f", 10*a, 10*b, 100-10*a-10*b)
		}, "c = 100·(intercept) - a - b", ""},
		"temperature": {"c,f,u", func(a, b float64) string { return fmt.Sprintf("%.1f,%.2f,%.2f", 100*a, 180*a+32, b) }, "f = 32·(intercept) + 1.8·c", "u"},
		"units":       {"mg,g,u", func(a, b float64) string { return fmt.Sprintf("%.0f,%.3f,%.2f", 1000*a, a, b) }, "g = 0.001·mg", "(intercept) u"},
		"pounds":      {"lb,kg,u", func(a, b float64) string { return fmt.Sprintf("%.0f,%.8f,%.2f", 100*a, 100*a*0.45359237, b) }, "kg = 0.45359237·lb", "(intercept) u"},
		"sum":         {"x,u,s", func(a, b float64) string { return fmt.Sprintf("%.2f,%.2f,%.2f", a, b, a+2*b) }, "s = x + 2·u", "(intercept)"},
		"thirds":      {"x,u,m", func(a, b float64) string { return fmt.Sprintf("%v,%v,%v", a, b, (a+b)/3) }, "m = 1/3·x + 1/3·u", "(intercept)"},
		"difference":  {"x,u,d", func(a, b float64) string { return fmt.Sprintf("%.2f,%.2f,%.2f", 1000+a, 1000+b, a-b) }, "d = x - u", "(intercept)"},
		"logarithms":  {"x,u,l", func(a, b float64) string { return fmt.Sprintf("%v,%v,%v", math.Log2(a), b, math.Log10(a)) }, "l = 0.30103·x", "(intercept) u"},
		"exact too":   {"x,z,s", func(a, b float64) string { return fmt.Sprintf("%.2f,%.2f,%.2f", a, a, 0.1+3*a) }, "s = 0.1·(intercept) + 3·x", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := decimals(t, c.names, 120, c.row, alternating)
			f, x := examine(t, d, Options{})
			if x.Status != RankDeficient {
				t.Fatalf("%v", x.Status)
			}
			if got := x.Aliased[0].Relation; got != c.relation+" up to rounding" {
				t.Errorf("relation %q", got)
			}
			var free []string
			for j, sign := range x.Coefficient[0] {
				if sign == Finite {
					free = append(free, f.Terms[j])
				}
				if (sign == Finite) != !math.IsNaN(x.FiniteCoef.At(0, j)) {
					t.Errorf("%s: %v, limit %g", f.Terms[j], sign, x.FiniteCoef.At(0, j))
				}
			}
			if strings.Join(free, " ") != c.free {
				t.Errorf("with a limit: %q", free)
			}
			compareWithout(t, d, f, x)
		})
	}
}

// compareWithout compares what was found with the fit of the columns that are left.
func compareWithout(t *testing.T, d *datasets.Dataset, f *Estimate, x *Existence) {
	t.Helper()
	rest := d
	for _, a := range x.Aliased {
		rest = without(rest, a.Term)
	}
	want := fit(t, rest, Options{})
	if math.Abs(x.SupLogLik-want.LogLik) > 1e-12*math.Abs(want.LogLik) {
		t.Errorf("maximum %.17g, want %.17g", x.SupLogLik, want.LogLik)
	}
	at := map[string]int{}
	for j, term := range want.Terms {
		at[term] = j
	}
	for j, term := range f.Terms {
		i, err := f.Profile(context.Background(), 0, j, 0)
		if x.Coefficient[0][j] != Finite {
			if err != nil || !math.IsInf(i.Low, -1) || !math.IsInf(i.High, 1) {
				t.Errorf("profile of %s: %v, %v", term, i, err)
			}
			continue
		}
		k := at[term]
		if got := x.FiniteCoef.At(0, j); number(got, want.Coef.At(0, k)) < 10 {
			t.Errorf("%s: %.17g, want %.17g", term, got, want.Coef.At(0, k))
		}
		if got := x.FiniteSE.At(0, j); number(got, want.StdErr().At(0, k)) < 10 {
			t.Errorf("se of %s: %.17g, want %.17g", term, got, want.StdErr().At(0, k))
		}
		same, err2 := want.Profile(context.Background(), 0, k, 0)
		if err != nil || err2 != nil || number(i.Low, same.Low) < 8 || number(i.High, same.High) < 8 {
			t.Errorf("profile of %s: %v, want %v; %v %v", term, i, same, err, err2)
		}
	}
	// A column in a relation with others that are left tests nothing.
	tests, err := f.LikelihoodRatioTests(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		j := slices.Index(f.Terms, test.Name)
		if related := x.Coefficient[0][j] != Finite; related != (test.DF == 0) || related && test.Statistic != 0 {
			t.Errorf("%+v, of a term that is %v", test, x.Coefficient[0][j])
		}
	}
	// The shortest coefficients give the same logits as the others.
	var a, b mat.Dense
	a.Mul(d.X, x.MinimumNorm.Slice(0, 1, 1, len(f.Terms)).T())
	b.Mul(rest.X, want.Coef.Slice(0, 1, 1, len(want.Terms)).T())
	shift := want.Coef.At(0, 0) - x.MinimumNorm.At(0, 0)
	for i := range d.Len() {
		if diff := a.At(i, 0) - b.At(i, 0) - shift; math.Abs(diff) > 1e-8 {
			t.Fatalf("row %d: logits differ by %g", i, diff)
		}
	}
	embedded := 0.0
	for _, v := range want.Coef.RawRowView(0) {
		embedded += v * v
	}
	if n := mat.Norm(x.MinimumNorm, 2); n*n > embedded*(1+1e-9) {
		t.Errorf("norm² %g, without the column %g", n*n, embedded)
	}
}

func TestDependentDecimalsThatSeparate(t *testing.T) {
	d := decimals(t, "a,b,c", 80,
		func(a, b float64) string { return fmt.Sprintf("%.2f,%.2f,%.2f", a, b, 1-a-b) },
		func(_ int, a, b float64) int {
			if a > 0.2 {
				return 1
			}
			return 0
		})
	f, x := examine(t, d, Options{})
	if x.Status != Complete || len(x.Aliased) != 1 || x.Direction.At(0, 3) != 0 {
		t.Fatalf("%v, %v, direction %v", x.Status, x.Aliased, mat.Formatted(x.Direction))
	}
	if f.Coef != nil || len(x.Separated) != d.Len() {
		t.Errorf("%d rows are separated", len(x.Separated))
	}
}

// Near relations that the values contradict are none.
func TestNearlyDependentColumns(t *testing.T) {
	for name, c := range map[string]struct {
		row  func(a, b float64) string
		says string // where no maximum is found
	}{
		"whole numbers": {func(a, b float64) string { return fmt.Sprintf("%.0f,%.2f", 1e15+math.Round(a*2), b) }, "x = 1e+15·(intercept), but for"},
		"noise of 1e-15": {func(a, b float64) string {
			return fmt.Sprintf("%v,%v", a+1, a+1+1e-15*math.Round(10*b))
		}, "z = x, but for"},
		"noise of 1e-10": {func(a, b float64) string { return fmt.Sprintf("%v,%v", a+1, a+1+1e-10*b) }, ""},
	} {
		d := decimals(t, "x,z", 100, c.row, alternating)
		_, err := Fit(context.Background(), d, Options{})
		var none *NoEstimateError
		switch {
		case errors.As(err, &none):
			t.Errorf("%s: %v", name, err)
		case c.says == "" && err != nil, c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

func TestL1NamesDependentDecimals(t *testing.T) {
	d := decimals(t, "a,b,c,e", 120, func(a, b float64) string {
		return fmt.Sprintf("%.2f,%.2f,%.2f,%.2f", a, b, a*b, 1-a-b-math.Round(100*a*b)/100)
	}, func(i int, a, b float64) int {
		if a*a+b > 0.3 != (i%5 == 0) {
			return 1
		}
		return 0
	})
	for _, c := range []float64{0.1, 1, 10, 100, 1000} {
		_, err := Fit(context.Background(), d, Options{Penalty: L1, C: c})
		if err != nil && !strings.Contains(err.Error(), "e = (intercept) - a - b - c up to rounding") {
			t.Errorf("C = %g: %v", c, err)
		}
	}
}

func TestSimpleNumbers(t *testing.T) {
	for _, c := range []struct {
		x, within, fraction, decimal float64
	}{
		{0.333333333, 1e-6, 1. / 3, 0.333333},
		{-0.99999999999, 1e-9, -1, -1},
		{1.8000000000004, 1e-9, 1.8, 1.8},
		{1e-12, 1e-9, 0, 0},
		{1e15, 1e3, 1e15, 1e15},
		{-459.67, 1e-9, -459.67, -459.67},
	} {
		if got := fraction(c.x, c.within); got != c.fraction {
			t.Errorf("fraction near %v: %v", c.x, got)
		}
		if got := decimal(c.x, c.within); got != c.decimal {
			t.Errorf("decimal near %v: %v", c.x, got)
		}
	}
}
