package trainer

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
)

func read(t *testing.T, csv string, o datasets.Options) *datasets.Dataset {
	t.Helper()
	d, err := datasets.Read(strings.NewReader(csv), "test.csv", o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A multilabel model is as many logistic regressions as it has labels, and its
// mean loss is the mean of theirs.
func TestLabelsAreIndependentRegressions(t *testing.T) {
	csv := "x,u,l1,l2,l3,l4\n"
	src := random.New(1, 1)
	for range 60 {
		x, u := src.Norm(), src.Norm()
		csv += fmt.Sprint(x, ",", u)
		for k := range 4 {
			label := 0
			if float64(k)*x-u+2*src.Norm() > 0 {
				label = 1
			}
			csv += fmt.Sprint(",", label)
		}
		csv += "\n"
	}
	all := read(t, csv, datasets.Options{Target: []string{"l1", "l2", "l3", "l4"}})
	c, result := fitLinear(t, all)
	if result.Reason != Converged {
		t.Fatalf("four labels: %v after %d steps, gradient %g", result.Reason, len(result.History), result.MaxGradient)
	}
	b, err := c.Coefficients(false)
	if err != nil {
		t.Fatal(err)
	}
	var sum, null float64
	for k, label := range []string{"l1", "l2", "l3", "l4"} {
		one := read(t, csv, datasets.Options{Target: []string{label}, Features: []string{"x", "u"}})
		single, _ := fitLinear(t, one)
		s, err := single.Coefficients(false)
		if err != nil {
			t.Fatal(err)
		}
		for j := range b.Terms {
			if got, want := b.Values.At(k, j), s.Values.At(0, j); math.Abs(got-want) > 1e-8*(1+math.Abs(want)) {
				t.Errorf("%s, %s: %g together, %g alone", label, b.Terms[j], got, want)
			}
		}
		objective, weight, err := single.Objective(one, Loss{})
		if err != nil {
			t.Fatal(err)
		}
		sum += objective / weight / 4
		null += NullLogLik(one)
	}
	objective, weight, err := c.Objective(all, Loss{})
	if err != nil {
		t.Fatal(err)
	}
	quality, err := c.Evaluate(all, false)
	if err != nil {
		t.Fatal(err)
	}
	last := result.History[len(result.History)-1].Loss
	for name, got := range map[string]float64{"objective": objective / weight, "log-loss": float64(quality.LogLoss), "history": last} {
		if math.Abs(got-sum) > 1e-12 {
			t.Errorf("%s %g, the mean of the single losses is %g", name, got, sum)
		}
	}
	if got := NullLogLik(all); math.Abs(got-null) > 1e-12 {
		t.Errorf("null log-likelihood %g, the sum of the single ones is %g", got, null)
	}
}

// Weights, repeated rows and grouped counts are three ways to write the same
// data.
func TestTotalsOfWeightsAndCounts(t *testing.T) {
	tables := map[string]*datasets.Dataset{
		"rows":    read(t, "x,y\n1,a\n1,b\n1,b\n2,a\n2,a\n2,b\n", datasets.Options{Target: []string{"y"}}),
		"weights": read(t, "x,w,y\n1,1,a\n1,2,b\n2,2,a\n2,1,b\n", datasets.Options{Target: []string{"y"}, Weights: "w"}),
		"counts":  read(t, "x,b,a\n1,2,1\n2,1,2\n", datasets.Options{Successes: "b", Failures: "a"}),
	}
	for name, d := range tables {
		if got := ClassTotals(d); got[0] != 3 || got[1] != 3 {
			t.Errorf("%s: class totals %v, want 3 and 3", name, got)
		}
		if got := TotalWeight(d); got != 6 {
			t.Errorf("%s: total weight %g, want 6", name, got)
		}
		if got, want := NullLogLik(d), -6*math.Ln2; math.Abs(got-want) > 1e-15*6 {
			t.Errorf("%s: null log-likelihood %g, want %g", name, got, want)
		}
	}
}

// Balanced weights make the classes count the same, whichever is the reference.
func TestBalanced(t *testing.T) {
	for _, reference := range []string{"a", "b"} {
		d := read(t, "x,y\n1,a\n2,b\n3,b\n4,b\n", datasets.Options{Target: []string{"y"}, Reference: reference})
		c, err := NewClassifier(d.Schema, nil, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		weights := c.Balanced(d)
		for k, class := range c.Classes() {
			if want := map[string]float64{"a": 2, "b": 2.0 / 3}[class]; weights[k] != want {
				t.Errorf("reference %s: weight %g of class %s, want %g", reference, weights[k], class, want)
			}
		}
		if _, weight, err := c.Objective(d, Loss{ClassWeight: weights}); err != nil || math.Abs(weight-4) > 1e-15 {
			t.Errorf("reference %s: total weight %g, want 4 (%v)", reference, weight, err)
		}
	}
}

// The three forms of the coefficients describe one model.
func TestCoefficientForms(t *testing.T) {
	d, err := datasets.Load("penguins", datasets.Options{Reference: "Chinstrap"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewClassifier(d.Schema, datasets.MeasureScaling(d.X, nil), nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := Accelerated(c, d, Loss{}, 0, 50)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := New(c, d, nil, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tr.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	b, err := c.Coefficients(false)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(b.Rows, " ") != "Adelie Gentoo" {
		t.Errorf("rows %q", b.Rows)
	}
	standardized, err := c.Coefficients(true)
	if err != nil {
		t.Fatal(err)
	}
	for j := range b.Terms {
		reference := b.Symmetric.At(1, j)
		if sum := b.Symmetric.At(0, j) + reference + b.Symmetric.At(2, j); math.Abs(sum) > 1e-12 {
			t.Errorf("%s: symmetric coefficients add to %g", b.Terms[j], sum)
		}
		for row, class := range []int{0, 2} {
			if got, want := b.Values.At(row, j), b.Symmetric.At(class, j)-reference; math.Abs(got-want) > 1e-12 {
				t.Errorf("%s, %s: %g, difference of the symmetric ones %g", b.Rows[row], b.Terms[j], got, want)
			}
			if j == 0 {
				continue
			}
			if got, want := standardized.Values.At(row, j), b.Values.At(row, j)*c.Scaling.Scale[j-1]; math.Abs(got-want) > 1e-12 {
				t.Errorf("%s, %s: standardised %g, want %g", b.Rows[row], b.Terms[j], got, want)
			}
		}
	}
}
