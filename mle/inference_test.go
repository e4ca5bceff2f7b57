package mle

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/trainer"
)

// Coefficients that are not the maximum have Wald's table and a certificate, and
// no likelihood-ratio tests.
func TestInferenceOfNetwork(t *testing.T) {
	ctx := context.Background()
	for _, k := range []int{2, 3} {
		d := factorData(t, k)
		schema := *d.Schema
		schema.Reference = schema.Classes[k-1]
		d.Schema = &schema
		want := fit(t, d, Options{})
		c, err := want.Classifier()
		if err != nil {
			t.Fatal(err)
		}
		f, err := Inference(ctx, c, d)
		if err != nil {
			t.Fatal(err)
		}
		a, err := f.Wald(ctx, WaldOptions{})
		if err != nil {
			t.Fatal(err)
		}
		b, _ := want.Wald(ctx, WaldOptions{})
		for i, m := range a.columns() {
			near(t, "column of the table", *m, *b.columns()[i], 1e-12)
		}
		if !f.Certificate.Holds || f.Certificate.Gap > 1e-25 || math.Abs(f.LogLik-want.LogLik) > 1e-12 {
			t.Errorf("%+v", f.Certificate)
		}
		tests, err := f.LikelihoodRatioTests(ctx)
		if err != nil || len(tests) != 2 {
			t.Error(err)
		}

		c.Net.Layers[0].Bias.Value.Set(0, 0, c.Net.Layers[0].Bias.Value.At(0, 0)+0.1)
		if f, err = Inference(ctx, c, d); err != nil {
			t.Fatal(err)
		}
		if gap := want.LogLik - f.LogLik; !(f.Certificate.Gap >= gap && f.Certificate.Gap < 1.42*gap) {
			t.Errorf("the bound is %g, the gap %g", f.Certificate.Gap, gap)
		}
		if _, err := f.LikelihoodRatioTests(ctx); err == nil {
			t.Error("likelihood ratios of coefficients that are not the maximum")
		}
		if _, err := f.Wald(ctx, WaldOptions{}); err != nil {
			t.Error(err)
		}
	}
}

func TestInferenceRefused(t *testing.T) {
	ctx := context.Background()
	d := factorData(t, 2)
	deep, err := trainer.NewClassifier(d.Schema, nil, []int{3}, activation.Tanh{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	flat, err := trainer.NewClassifier(factorData(t, 3).Schema, nil, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*trainer.Classifier{deep, flat} {
		var bad *Error
		if _, err := Inference(ctx, c, d); !errors.As(err, &bad) {
			t.Error(err)
		}
	}
}

// The information in closed form is the Hessian of the engine: without the
// parameters of the reference class, which a softmax has too many.
func TestInformationIsHessian(t *testing.T) {
	for name, d := range map[string]*datasets.Dataset{
		"two": factorData(t, 2), "four": factorData(t, 4), "blocks": plantedData(1100, 5, 3),
		"counts": read(t, "x,b,a\n1,3,4\n2,5,0\n-1,0,7\n0.5,2,2\n", datasets.Options{Successes: "b", Failures: "a"}),
	} {
		f := fit(t, d, Options{})
		c, err := f.Classifier()
		if err != nil {
			t.Fatal(err)
		}
		h := newCurvature(c, d)
		var all mat.SymDense
		autograd.Hessian(&all, h.tape, h.params, h.blocks...)
		// The weight is terms×outputs, then the bias; ours are rows of terms, the
		// intercept first.
		outputs := c.Outputs()
		place := func(i int) int {
			k := slices.Index(outputs, f.Rows[i/f.p.terms])
			if j := i % f.p.terms; j > 0 {
				return (j-1)*len(outputs) + k
			}
			return (f.p.terms-1)*len(outputs) + k
		}
		info := f.Information()
		largest := mat.Max(info)
		for i := range f.p.size() {
			for j := range f.p.size() {
				if got, want := info.At(i, j), all.At(place(i), place(j)); math.Abs(got-want) > 1e-13*largest {
					t.Errorf("%s: information %d, %d is %v, the Hessian %v", name, i, j, got, want)
				}
			}
		}
	}
}

// Lanczos's method finds eigenvalues of the full Hessian, within its bounds.
func TestSpectrum(t *testing.T) {
	ctx := context.Background()
	d := factorData(t, 3)
	c, err := trainer.NewClassifier(d.Schema, datasets.MeasureScaling(d.X, d.Weights), []int{9}, activation.Tanh{}, random.New(3, 0))
	if err != nil {
		t.Fatal(err)
	}
	c.Net.Dropout = 0.5 // is left out
	full, err := HessianSpectrum(ctx, c, d, SpectrumOptions{})
	if err != nil || !full.All || len(full.Values) != full.Parameters || full.Parameters != 66 {
		t.Fatal(full, err)
	}
	if full.Values[0] >= 0 {
		t.Error("the Hessian at random weights has no negative eigenvalue")
	}
	for _, steps := range []int{20, 60, 1000} {
		some, err := HessianSpectrum(ctx, c, d, SpectrumOptions{Dense: 1, Steps: steps})
		if err != nil || some.All || len(some.Values) == 0 {
			t.Fatal(some, err)
		}
		for i, v := range some.Values {
			nearest := math.Inf(1)
			for _, w := range full.Values {
				nearest = min(nearest, math.Abs(v-w))
			}
			if nearest > some.Errors[i]+full.Errors[0] {
				t.Errorf("%d steps: %v ± %g is %g away from an eigenvalue", steps, v, some.Errors[i], nearest)
			}
		}
		last := full.Parameters - 1
		if top := some.Values[len(some.Values)-1]; math.Abs(top-full.Values[last]) > 1e-6*top {
			t.Errorf("%d steps: the largest eigenvalue is %v, found %v", steps, full.Values[last], top)
		}
	}
	c.Net.Layers[0].Weight.Value.Set(0, 0, math.NaN())
	for _, dense := range []int{1, 1000} {
		if _, err := HessianSpectrum(ctx, c, d, SpectrumOptions{Dense: dense}); err == nil {
			t.Error("a spectrum of NaN")
		}
	}
	if _, err := HessianSpectrum(ctx, c, factorData(t, 2), SpectrumOptions{}); err == nil {
		t.Error("data of other classes")
	}
}

// In a softmax over all classes, and along units that do nothing, the likelihood
// is flat.
func TestSpectrumOfFlatDirections(t *testing.T) {
	d := factorData(t, 3)
	c, err := fit(t, d, Options{}).Classifier()
	if err != nil {
		t.Fatal(err)
	}
	s, err := HessianSpectrum(context.Background(), c, d, SpectrumOptions{})
	if err != nil {
		t.Fatal(err)
	}
	zero := 0
	for i, v := range s.Values {
		if math.Abs(v) <= s.Errors[i] {
			zero++
		}
	}
	if zero != 4 || s.Values[0] < -s.Errors[0] {
		t.Errorf("%v", s)
	}
}

// Labels, grouped counts and models without an intercept come back as they were.
func TestInferenceOfOtherModels(t *testing.T) {
	ctx := context.Background()
	labels := read(t, "x,a,b\n1,0,1\n2,1,0\n3,0,1\n4,1,1\n5,0,0\n6,1,0\n", datasets.Options{Target: []string{"a", "b"}})
	counts := read(t, "x,b,a\n1,3,4\n2,5,1\n-1,1,7\n0.5,2,2\n", datasets.Options{Successes: "b", Failures: "a"})
	for name, want := range map[string]*Estimate{
		"labels": fit(t, labels, Options{}), "counts": fit(t, counts, Options{}),
		"no intercept": fit(t, counts, Options{NoIntercept: true}),
	} {
		c, err := want.Classifier()
		if err != nil {
			t.Fatal(err)
		}
		d := counts
		if name == "labels" {
			d = labels
		}
		f, err := Inference(ctx, c, d)
		if err != nil {
			t.Fatal(name, err)
		}
		a, err := f.Wald(ctx, WaldOptions{})
		if err != nil {
			t.Fatal(name, err)
		}
		b, err := want.Wald(ctx, WaldOptions{})
		if err != nil {
			t.Fatal(name, err)
		}
		if !slices.Equal(a.Rows, b.Rows) || !slices.Equal(a.Terms, b.Terms) || !f.Certificate.Holds {
			t.Errorf("%s: rows %v, terms %v", name, a.Rows, a.Terms)
		}
		near(t, name, a.StdErr, b.StdErr, 1e-13)
		near(t, name, a.P, b.P, 1e-13)
	}
}
