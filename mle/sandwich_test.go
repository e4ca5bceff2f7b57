package mle

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
)

// scores returns the score of every row, the derivative of its −log p by the
// coefficients, and its weights, by their definition.
func scores(f *Estimate, d *datasets.Dataset) (*mat.Dense, []float64) {
	fitted, err := f.Fitted(context.Background())
	if err != nil {
		panic(err)
	}
	n, terms := d.Len(), len(f.Terms)
	s := mat.NewDense(n, len(f.Rows)*terms, nil)
	for i := range n {
		x := append([]float64{1}, d.X.RawRowView(i)...)
		for k := range f.Rows {
			r := fitted.At(i, k+1)
			if d.Schema.Classes[d.Labels[i]] == f.Rows[k] {
				r--
			}
			for j, v := range x {
				s.Set(i, k*terms+j, r*v)
			}
		}
	}
	return s, d.Weights
}

// The sandwich is H⁻¹(Σ c·a²·ssᵀ)H⁻¹, term by term, for frequencies c and class
// weights a.
func TestSandwich(t *testing.T) {
	ctx := context.Background()
	for _, classes := range []int{2, 3} {
		d := factorData(t, classes)
		for _, o := range []Options{{}, {Balanced: true}, {ClassWeight: []float64{2, 0.5, 1}[:classes]}} {
			f := fit(t, d, o)
			s, c := scores(f, d)
			a := o.ClassWeight
			n, size := s.Dims()
			var bread, middle mat.Dense
			middle.ReuseAs(size, size)
			if o.Balanced {
				totals := make(map[string]float64)
				for i, class := range d.Labels {
					totals[d.Schema.Classes[class]] += c[i]
				}
				for _, class := range f.Classes {
					a = append(a, f.N/float64(classes)/totals[class])
				}
			}
			for i := range n {
				weight := c[i]
				if a != nil {
					v := a[d.Labels[i]] // classes are sorted, the first is the reference
					weight *= v * v
				}
				var outer mat.Dense
				outer.Outer(weight, s.RowView(i), s.RowView(i))
				middle.Add(&middle, &outer)
			}
			if err := bread.Inverse(f.Information()); err != nil {
				t.Fatal(err)
			}
			var want mat.Dense
			want.Product(&bread, &middle, &bread)
			got, err := f.Sandwich(ctx, HC0)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "HC0", mat.DenseCopyOf(got), &want, 1e-13*mat.Max(got))
			want.Scale(f.N/(f.N-float64(size)), &want)
			if got, err = f.Sandwich(ctx, HC1); err != nil {
				t.Fatal(err)
			}
			near(t, "HC1", mat.DenseCopyOf(got), &want, 1e-13*mat.Max(got))
			table, err := f.Wald(ctx, WaldOptions{Robust: HC1})
			if err != nil {
				t.Fatal(err)
			}
			if se := table.StdErr.At(0, 1); math.Abs(se-math.Sqrt(want.At(1, 1))) > 1e-13 {
				t.Errorf("robust standard error %g, want %g", se, math.Sqrt(want.At(1, 1)))
			}
		}
	}
}

// The sandwich of grouped counts is that of the same trials one by one.
func TestSandwichOfCounts(t *testing.T) {
	rows, counts := "x,y\n", "x,b,a\n"
	for i := range 6 {
		x := fmt.Sprint(float64(i*i) / 7)
		rows += strings.Repeat(x+",b\n", i+1) + strings.Repeat(x+",a\n", 7-i)
		counts += fmt.Sprintf("%s,%d,%d\n", x, i+1, 7-i)
	}
	one := fit(t, read(t, rows, datasets.Options{Target: []string{"y"}}), Options{})
	two := fit(t, read(t, counts, datasets.Options{Successes: "b", Failures: "a"}), Options{})
	a, err := one.Sandwich(context.Background(), HC1)
	if err != nil {
		t.Fatal(err)
	}
	b, err := two.Sandwich(context.Background(), HC1)
	if err != nil || !mat.EqualApprox(a, b, 1e-14) {
		t.Errorf("%v\n%v\n%v", err, mat.Formatted(a), mat.Formatted(b))
	}
}
