package mle

import (
	"context"
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/tensor"
)

// timesPower returns a copy of d with column j times 2^e.
func timesPower(d *datasets.Dataset, j, e int) *datasets.Dataset {
	scaled := *d
	scaled.X = mat.DenseCopyOf(d.X)
	for i := range d.Len() {
		scaled.X.Set(i, j, math.Ldexp(d.X.At(i, j), e))
	}
	return &scaled
}

// Powers of two in the units of a column change its coefficients, standard errors
// and intervals by the same powers, also where variances are beyond float64, and
// nothing else.
func TestVariancesBeyondFloat64(t *testing.T) {
	ctx := context.Background()
	for _, classes := range []int{2, 3} {
		base := classesData(5, 150, 3, classes)
		for _, e := range []int{-1000, -700, 900} {
			d := timesPower(base, 1, e)
			f, g := fit(t, base, Options{}), fit(t, d, Options{})
			for _, o := range []WaldOptions{{}, {Robust: HC0}, {Symmetric: true}} {
				a, err := f.Wald(ctx, o)
				b, err2 := g.Wald(ctx, o)
				if err != nil || err2 != nil {
					t.Fatal(err, err2)
				}
				compareScaled(t, a, b, e)
				one, _ := f.WaldTests(ctx, o)
				two, err := g.WaldTests(ctx, o)
				if err != nil || number(two[1].Statistic, one[1].Statistic) < 11 {
					t.Errorf("2^%d: %v, want %v; %v", e, two, one, err)
				}
			}
			for j := range f.Coef.RawMatrix().Data {
				r, c := j/len(f.Terms), j%len(f.Terms)
				shift := 0
				if c == 2 {
					shift = -e
				}
				if got, want := g.StdErr().At(r, c), math.Ldexp(f.StdErr().At(r, c), shift); number(got, want) < 11 {
					t.Errorf("2^%d: standard error %g, want %g", e, got, want)
				}
			}
			one, err := f.HauckDonner(ctx)
			two, err2 := g.HauckDonner(ctx)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			near(t, "slopes of z²", two, one, 1e-9)
			if far, err := Certify(ctx, d, g.Coef, Options{}); err != nil || !far.Holds || far.Distance > 1e-10 {
				t.Errorf("2^%d: %+v, %v", e, far, err)
			}
			moved := mat.DenseCopyOf(g.Coef)
			moved.Set(0, 2, 3*moved.At(0, 2))
			if far, err := Certify(ctx, d, moved, Options{}); err != nil || !isFinite(far.Distance) || far.Distance < 0.01 {
				t.Errorf("2^%d: away from the optimum: %+v, %v", e, far, err)
			}
		}
	}
}

func compareScaled(t *testing.T, a, b *Table, e int) {
	t.Helper()
	for k := range a.Rows {
		for j := range a.Terms {
			shift := 0
			if j == 2 {
				shift = -e
			}
			for _, m := range []struct {
				what      string
				one, same *mat.Dense
				shift     int
			}{
				{"coefficient", a.Coef, b.Coef, shift}, {"standard error", a.StdErr, b.StdErr, shift},
				{"low", a.Low, b.Low, shift}, {"high", a.High, b.High, shift}, {"z", a.Z, b.Z, 0}, {"p", a.P, b.P, 0},
			} {
				want := math.Ldexp(m.one.At(k, j), m.shift)
				if got := m.same.At(k, j); number(got, want) < 10 {
					t.Errorf("2^%d: %s of %s: %g, want %g", e, m.what, a.Terms[j], got, want)
				}
			}
		}
	}
}

// A coefficient beyond float64 is no estimate, whatever the certificate of the
// scaled one.
func TestCoefficientsBeyondFloat64(t *testing.T) {
	base := classesData(5, 150, 3, 2)
	for _, e := range []int{-1040, 1021} {
		d := timesPower(base, 1, e)
		f, err := Fit(context.Background(), d, Options{})
		var problem *Error
		if !errors.As(err, &problem) || problem.Column != d.Schema.Terms()[1] {
			t.Errorf("2^%d: %v", e, err)
		}
		if f.Coef != nil || f.Certificate.Holds {
			t.Errorf("2^%d: %v, %+v", e, f.Coef, f.Certificate)
		}
		if _, err := Fit(context.Background(), d, Options{Penalty: L2}); err != nil && !errors.As(err, &problem) {
			t.Errorf("2^%d: %v", e, err)
		}
	}
}

// The same of what stays finite where data are separated.
func TestFinitePartsBeyondFloat64(t *testing.T) {
	d := read(t, "x,s,y\n1,0,0\n2,0,1\n3,0,0\n4,0,1\n2,0,0\n5,0,1\n1,1,1\n2,1,1\n", datasets.Options{Target: []string{"y"}})
	_, one := examine(t, d, Options{})
	_, two := examine(t, timesPower(d, 0, -1000), Options{})
	if one.Status != QuasiComplete || two.Status != QuasiComplete {
		t.Fatal(one.Status, two.Status)
	}
	if got, want := two.FiniteSE.At(0, 1), math.Ldexp(one.FiniteSE.At(0, 1), 1000); number(got, want) < 11 {
		t.Errorf("standard error %g, want %g", got, want)
	}
	var problem *Error
	if _, err := Fit(context.Background(), timesPower(d, 0, -1040), Options{}); !errors.As(err, &problem) || problem.Column != "x" {
		t.Error(err)
	}
}

func TestStrengthWithoutPenalty(t *testing.T) {
	d := classesData(5, 50, 2, 2)
	var problem *Error
	if _, err := Fit(context.Background(), d, Options{C: 3}); !errors.As(err, &problem) {
		t.Error(err)
	}
}

func TestCertifyWithoutCoefficients(t *testing.T) {
	defer func() {
		if _, ok := recover().(*tensor.UsageError); !ok {
			t.Error("no usage error")
		}
	}()
	_, _ = Certify(context.Background(), classesData(5, 50, 2, 2), nil, Options{})
}
