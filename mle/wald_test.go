package mle

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// factorData has a number, a factor of three levels, and a column of weights.
func factorData(t testing.TB, classes int) *datasets.Dataset {
	t.Helper()
	src := random.New(7, uint64(classes))
	csv := "x,f,w,y\n"
	for i := range 120 {
		level := i % 3
		x := src.Norm()
		y := int(math.Floor(src.Float64()*float64(classes) + 0.4*x + 0.3*float64(level)))
		csv += fmt.Sprintf("%g,%c,%d,%c\n", x, "abc"[level], i%4, "pqrs"[min(max(y, 0), classes-1)])
	}
	return read(t, csv, datasets.Options{Target: []string{"y"}, Weights: "w"})
}

// Of one coefficient the joint test is z²; of a factor it does not depend on the
// level that is the reference.
func TestWaldTests(t *testing.T) {
	ctx := context.Background()
	for _, o := range []WaldOptions{{}, {Robust: HC0}} {
		f := fit(t, factorData(t, 2), Options{})
		table, err := f.Wald(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		tests, err := f.WaldTests(ctx, o)
		if err != nil || len(tests) != 2 || tests[0].Name != "x" || tests[1].Name != "f" || tests[0].DF != 1 || tests[1].DF != 2 {
			t.Fatal(err, tests)
		}
		if z := table.Z.At(0, 1); math.Abs(tests[0].Statistic-z*z) > 1e-13*z*z || math.Abs(tests[0].P-table.P.At(0, 1)) > 1e-13*tests[0].P {
			t.Errorf("%+v, z = %v, p = %v", tests[0], z, table.P.At(0, 1))
		}
		// By contrasts with another reference level: b' = Kb.
		cov, err := f.covariances(ctx, o.Robust, 0)
		if err != nil {
			t.Fatal(err)
		}
		b1, b2 := f.Coef.At(0, 2)-f.Coef.At(0, 3), -f.Coef.At(0, 3)
		v11, v12, v22 := cov(2, 2).Hi, cov(2, 3).Hi, cov(3, 3).Hi
		c11, c12, c22 := v11-2*v12+v22, v22-v12, v22
		want := (c22*b1*b1 - 2*c12*b1*b2 + c11*b2*b2) / (c11*c22 - c12*c12)
		if math.Abs(tests[1].Statistic-want) > 1e-12*want {
			t.Errorf("%+v, want %v", tests[1], want)
		}
		three, err := fit(t, factorData(t, 3), Options{}).WaldTests(ctx, o)
		if err != nil || three[0].DF != 2 || three[1].DF != 4 {
			t.Error(err, three)
		}
	}
}

func TestRatios(t *testing.T) {
	f := fit(t, factorData(t, 3), Options{})
	table, err := f.Wald(context.Background(), WaldOptions{Level: 0.9})
	if err != nil {
		t.Fatal(err)
	}
	r := table.Ratios()
	z := math.Log(r.High.At(1, 2)/r.Ratio.At(1, 2)) / table.StdErr.At(1, 2)
	if math.Abs(z-1.6448536269514722) > 1e-13 || math.Abs(math.Log(r.Ratio.At(1, 2)*r.Ratio.At(1, 2)/r.Low.At(1, 2)/r.High.At(1, 2))) > 1e-13 {
		t.Errorf("%v %v", table, r)
	}
}

// The symmetric parametrisation does not depend on the reference class.
func TestSymmetricWald(t *testing.T) {
	d := factorData(t, 3)
	var first *Table
	for _, reference := range []string{"p", "r"} {
		other, schema := *d, *d.Schema
		schema.Reference = reference
		other.Schema = &schema
		f := fit(t, &other, Options{})
		for _, r := range []Robust{ModelBased, HC0} {
			table, err := f.Wald(context.Background(), WaldOptions{Symmetric: true, Robust: r})
			if err != nil {
				t.Fatal(err)
			}
			if r == HC0 {
				continue
			}
			near(t, "coefficients", table.Coef, f.Symmetric(), 0)
			if first == nil {
				first = table
				continue
			}
			for i, class := range table.Rows {
				for k, name := range first.Rows {
					if class == name && (math.Abs(table.StdErr.At(i, 1)-first.StdErr.At(k, 1)) > 1e-16 || math.Abs(table.Coef.At(i, 1)-first.Coef.At(k, 1)) > 1e-15) {
						t.Errorf("%s: %v ± %v, with another reference %v ± %v", class, table.Coef.At(i, 1), table.StdErr.At(i, 1), first.Coef.At(k, 1), first.StdErr.At(k, 1))
					}
				}
			}
		}
	}
}

// What has no meaning is refused, with the reason.
func TestRefusedInference(t *testing.T) {
	ctx := context.Background()
	d := factorData(t, 2)
	few := read(t, "x,y\n1,a\n2,b\n3,a\n", datasets.Options{Target: []string{"y"}})
	labels := read(t, "x,a,b\n1,0,1\n2,1,0\n3,0,1\n4,1,1\n5,0,0\n6,1,0\n", datasets.Options{Target: []string{"a", "b"}})
	all := func(f *Estimate, o WaldOptions) map[string]error {
		errs := map[string]error{}
		_, errs["Wald"] = f.Wald(ctx, o)
		_, errs["WaldTests"] = f.WaldTests(ctx, o)
		_, errs["LikelihoodRatioTests"] = f.LikelihoodRatioTests(ctx)
		_, errs["Profile"] = f.Profile(ctx, 0, 0, o.Level)
		_, errs["Summary"] = f.Summary(ctx)
		_, errs["HauckDonner"] = f.HauckDonner(ctx)
		return errs
	}
	for _, c := range []struct {
		name    string
		f       *Estimate
		o       WaldOptions
		refused string
		why     string
	}{
		{"penalised", fit(t, d, Options{Penalty: L2}), WaldOptions{}, "Wald WaldTests LikelihoodRatioTests Profile Summary HauckDonner", "penalised fit"},
		{"class weights", fit(t, d, Options{Balanced: true}), WaldOptions{}, "Wald WaldTests LikelihoodRatioTests Profile Summary HauckDonner", "class weights"},
		{"class weights, robust", fit(t, d, Options{Balanced: true}), WaldOptions{Robust: HC0}, "LikelihoodRatioTests Profile Summary HauckDonner", "class weights"},
		{"class weights of 1", fit(t, d, Options{ClassWeight: []float64{1, 1}}), WaldOptions{}, "", ""},
		{"level", fit(t, d, Options{}), WaldOptions{Level: 95}, "Wald Profile", "level"},
		{"parameters", fit(t, d, Options{}), WaldOptions{MaxParameters: 3}, "Wald WaldTests", "4×4"},
		{"labels", fit(t, labels, Options{}), WaldOptions{}, "WaldTests Profile HauckDonner", "each of Labels"},
	} {
		for what, err := range all(c.f, c.o) {
			if refused := strings.Contains(" "+c.refused+" ", " "+what+" "); (err != nil) != refused || refused && !strings.Contains(err.Error(), c.why) {
				t.Errorf("%s, %s: %v", c.name, what, err)
			}
		}
	}
	if _, err := fit(t, few, Options{}).Sandwich(ctx, HC1); err != nil {
		t.Error(err)
	}
	if _, err := fit(t, read(t, "x,y\n1,a\n2,b\n", datasets.Options{Target: []string{"y"}}), Options{NoIntercept: true}).Sandwich(ctx, HC0); err != nil {
		t.Error(err)
	}
	f := fit(t, d, Options{})
	for _, misuse := range []func(){
		func() { _, _ = f.Sandwich(ctx, ModelBased) },
		func() { _, _ = f.Profile(ctx, 1, 0, 0) },
		func() { _, _ = f.Profile(ctx, 0, 4, 0) },
	} {
		func() {
			defer func() {
				var usage *tensor.UsageError
				if err, ok := recover().(error); !ok || !errors.As(err, &usage) {
					t.Errorf("panic %v", err)
				}
			}()
			misuse()
		}()
	}
	table, err := fit(t, labels, Options{}).Wald(ctx, WaldOptions{})
	if err != nil || len(table.Rows) != 2 || table.P.At(1, 1) != 0 && !(table.P.At(1, 1) > 0) {
		t.Error(err, table)
	}
	for _, name := range []string{"none", "hc0", "hc1"} {
		if r, err := ParseRobust(name); err != nil || r.String() != name {
			t.Error(r, err)
		}
	}
}

// The likelihood of several labels is the product of theirs.
func TestLabelsTogether(t *testing.T) {
	ctx := context.Background()
	labels := read(t, "x,u,a,b\n1,0.3,0,1\n2,0.1,1,0\n3,0.9,0,1\n4,0.2,1,1\n5,0.8,0,0\n6,0.5,1,0\n7,0.6,0,1\n2.5,0.7,1,1\n", datasets.Options{Target: []string{"a", "b"}})
	f := fit(t, labels, Options{})
	all, err := f.Summary(ctx)
	if err != nil {
		t.Fatal(err)
	}
	tests, err := f.LikelihoodRatioTests(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var loglik, ratio, statistic float64
	for _, label := range f.Labels {
		s, err := label.Summary(ctx)
		if err != nil {
			t.Fatal(err)
		}
		ratio += s.Ratio.Statistic
		loglik += s.LogLik
		each, err := label.LikelihoodRatioTests(ctx)
		if err != nil {
			t.Fatal(err)
		}
		statistic += each[1].Statistic
	}
	if math.Abs(all.LogLik-loglik) > 1e-13 || math.Abs(all.Ratio.Statistic-ratio) > 1e-13 || all.Ratio.DF != 4 || all.Parameters != 6 {
		t.Errorf("%+v; log-likelihood %g, ratio %g", all, loglik, ratio)
	}
	// With two degrees of freedom the tail is e^(−x/2).
	if u := tests[1]; u.DF != 2 || math.Abs(u.Statistic-statistic) > 1e-13 || math.Abs(u.P-math.Exp(-statistic/2)) > 1e-14 {
		t.Errorf("%+v, statistic %g", u, statistic)
	}
}
