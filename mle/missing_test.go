package mle

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/trainer"
)

// threshold returns data of two classes that one column separates.
func threshold() *datasets.Dataset {
	d := gaussian(6, 1)
	for i := range 6 {
		d.X.Set(i, 0, float64(i))
		d.Labels[i] = i / 3
	}
	return d
}

// No method may panic on the estimate that comes with a NoEstimateError, and those
// that return a matrix return nil.
func TestMethodsWithoutEstimate(t *testing.T) {
	oneClass := threshold()
	oneClass.Schema.Classes, oneClass.Labels = []string{"a"}, make([]int, 6)
	for name, d := range map[string]*datasets.Dataset{"separated": threshold(), "one class": oneClass} {
		f, err := Fit(context.Background(), d, Options{})
		var none *NoEstimateError
		if !errors.As(err, &none) || f == nil {
			t.Fatalf("%s: %v", name, err)
		}
		callMethods(t, name, f)
	}
}

// callMethods calls all methods of an estimate without coefficients.
func callMethods(t *testing.T, name string, f *Estimate) {
	v := reflect.ValueOf(f)
	for i := range v.NumMethod() {
		method := v.Type().Method(i).Name
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("%s: %s panics: %v", name, method, r)
				}
			}()
			m := v.Method(i)
			in := make([]reflect.Value, m.Type().NumIn())
			for j := range in {
				in[j] = reflect.Zero(m.Type().In(j))
				if j == 0 && in[j].Kind() == reflect.Interface {
					in[j] = reflect.ValueOf(context.Background())
				}
				if method == "Sandwich" && j == 1 {
					in[j] = reflect.ValueOf(HC0)
				}
			}
			out := m.Call(in)
			switch last := out[len(out)-1]; {
			case len(out) == 1 && !last.IsNil():
				t.Errorf("%s: %s returns something", name, method)
			case len(out) == 2 && last.IsNil() && method != "Profile" && method != "LikelihoodRatioTests": // of limits where separated
				t.Errorf("%s: %s returns no error", name, method)
			}
		}()
	}
}

// A separated label does not take the others with it.
func TestLabelsOfWhichOneIsSeparated(t *testing.T) {
	ctx := context.Background()
	d := gaussian(100, 2)
	names := []string{"a", "separated", "c"}
	d.Y, d.Schema.Target, d.Schema.Reference, d.Schema.Classes = mat.NewDense(100, 3, nil), "", "", nil
	for k, name := range names {
		d.Schema.Labels = append(d.Schema.Labels, datasets.Label{Name: name, Negative: "0", Positive: "1"})
		for i, v := range d.Labels {
			switch {
			case k == 1 && d.X.At(i, 0) > 0, k == 0 && v == 1, k == 2 && i%3 == 0:
				d.Y.Set(i, k, 1)
			}
		}
	}
	d.Labels = nil
	f, err := Fit(ctx, d, Options{})
	var none *NoEstimateError
	if !errors.As(err, &none) || none.Status != Complete || !strings.Contains(err.Error(), `label "separated"`) {
		t.Fatal(err)
	}
	if f == nil || len(f.Labels) != 3 || f.Coef != nil {
		t.Fatalf("%+v", f)
	}
	for k, label := range f.Labels {
		if exists := k != 1; exists != (label.Coef != nil) || exists != label.Existence.Exists() || label.Rows[0] != names[k] {
			t.Errorf("label %s: %v, %v", names[k], label.Coef, label.Existence)
		}
	}
	callMethods(t, "labels", f)
}

// Coefficients are not measured against an optimum that does not exist, wherever
// they are.
func TestInferenceSeparated(t *testing.T) {
	ctx, d := context.Background(), threshold()
	for _, slope := range []float64{0, 1, 30, 1000} {
		var none *NoEstimateError
		c, err := trainer.NewClassifier(d.Schema, nil, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		c.Net.Layers[0].Weight.Value.Set(0, 0, slope)
		c.Net.Layers[0].Bias.Value.Set(0, 0, -2.5*slope)
		f, err := Inference(ctx, c, d)
		if !errors.As(err, &none) || none.Status != Complete || none.Direction == nil {
			t.Errorf("inference at slope %g: %v", slope, err)
		}
		callMethods(t, "inference", f)
	}
}

// No penalty keeps the intercept of a class without rows finite.
func TestPenalisedWithoutClass(t *testing.T) {
	for _, classes := range []int{2, 3} {
		d := gaussian(30, 2)
		d.Schema.Classes = []string{"a", "b", "c"}[:classes]
		for i := range d.Labels {
			d.Labels[i] = i % (classes - 1)
		}
		missing := strconv.Quote(d.Schema.Classes[classes-1])
		for _, penalty := range []Penalty{L2, L1, ElasticNet, LogF} {
			o := Options{Penalty: penalty, L1Ratio: 0.5}
			_, err := Fit(context.Background(), d, o)
			var problem *Error
			if !errors.As(err, &problem) || !strings.Contains(err.Error(), missing) {
				t.Errorf("%d classes, %v: %v", classes, penalty, err)
			}
			o.NoIntercept = true
			if _, err := Fit(context.Background(), d, o); err != nil {
				t.Errorf("%d classes, %v without intercept: %v", classes, penalty, err)
			}
			o.NoIntercept, o.ClassWeight = false, []float64{1, 0, 1}[:classes]
			d.Labels[0] = classes - 1
			if _, err := Fit(context.Background(), d, o); !errors.As(err, &problem) || !strings.Contains(err.Error(), `"b"`) {
				t.Errorf("%d classes, %v, class weight 0: %v", classes, penalty, err)
			}
			d.Labels[0] = 0
		}
	}
}

// Of more columns than are examined, those that are plainly to blame are named.
func TestManyParametersDependent(t *testing.T) {
	for want, spoil := range map[string]func(d *datasets.Dataset, i int){
		`drop what is 0 in every row: "x7"`:                func(d *datasets.Dataset, i int) { d.X.Set(i, 7, 0) },
		`drop what is the same in every row, as the inter`: func(d *datasets.Dataset, i int) { d.X.Set(i, 8, 3) },
		`the columns "x4" and "x9" are equal`:              func(d *datasets.Dataset, i int) { d.X.Set(i, 9, d.X.At(i, 4)) },
		`of each relation: x9 = 2·x4. Fit`:                 func(d *datasets.Dataset, i int) { d.X.Set(i, 9, 2*d.X.At(i, 4)) },
	} {
		d := gaussian(350, largestExamined/4)
		d.Schema.Classes = []string{"a", "b", "c", "d", "e"}
		for i := range d.Labels {
			d.Labels[i] = i % 5
			spoil(d, i)
		}
		_, err := Fit(context.Background(), d, Options{Solver: Newton})
		var uncertified *NotCertifiedError
		if !errors.As(err, &uncertified) || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q: %v", want, err)
		}
	}
}

// What is out of the reach of the arithmetic is not said to be separated.
func TestOutOfReach(t *testing.T) {
	d := gaussian(4, 1)
	for i, v := range []float64{-1e300, 1e300, -1, 1} {
		d.X.Set(i, 0, v)
	}
	d.Labels = []int{0, 1, 1, 0}
	f, err := Fit(context.Background(), d, Options{})
	var uncertified *NotCertifiedError
	if !errors.As(err, &uncertified) || f.Existence == nil || !f.Existence.Exists() {
		t.Fatal(err)
	}
	if strings.Contains(err.Error(), "probably") || !strings.Contains(err.Error(), "exists") {
		t.Error(err)
	}
}
