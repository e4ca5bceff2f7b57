package mle

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/trainer"
)

func read(t testing.TB, csv string, o datasets.Options) *datasets.Dataset {
	t.Helper()
	d, err := datasets.Read(strings.NewReader(csv), "test.csv", o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func fit(t testing.TB, d *datasets.Dataset, o Options) *Estimate {
	t.Helper()
	f, err := Fit(context.Background(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func near(t *testing.T, what string, got, want *mat.Dense, tolerance float64) {
	t.Helper()
	if !mat.EqualApprox(got, want, tolerance) {
		t.Errorf("%s:\n%v, want\n%v", what, mat.Formatted(got), mat.Formatted(want))
	}
}

// plantedData draws n rows of d normal features and classes 0 to k−1 from a softmax
// whose coefficients are of size 1.
func plantedData(n, d, k int) *datasets.Dataset {
	src := random.New(5, 1)
	set := &datasets.Dataset{X: mat.NewDense(n, d, nil), Labels: make([]int, n), Schema: &datasets.Schema{Target: "y", Reference: "0"}}
	for j := range d {
		set.Schema.Features = append(set.Schema.Features, datasets.Feature{Name: fmt.Sprint("x", j)})
	}
	w := make([]float64, k*d)
	for i := range w {
		w[i] = src.Norm() / math.Sqrt(float64(d))
	}
	for c := range k {
		set.Schema.Classes = append(set.Schema.Classes, fmt.Sprint(c))
	}
	for i := range n {
		best := math.Inf(-1)
		row := set.X.RawRowView(i)
		for j := range row {
			row[j] = src.Norm()
		}
		for c := range k {
			z := -math.Log(-math.Log(src.Float64())) // Gumbel
			for j, x := range row {
				z += x * w[c*d+j]
			}
			if z > best {
				best, set.Labels[i] = z, c
			}
		}
	}
	return set
}

// Weights, repeated rows and grouped counts are three ways to write the same
// data.
func TestWeightsCountsAndRepeatedRows(t *testing.T) {
	rows, weights, counts := "x,u,y\n", "x,u,w,y\n", "x,u,b,a\n"
	src := random.New(1, 1)
	for i := range 30 {
		x, u := src.Norm(), float64(i%3)
		a, b := 1+i%4, 1+i%3
		rows += strings.Repeat(fmt.Sprintf("%g,%g,a\n", x, u), a) + strings.Repeat(fmt.Sprintf("%g,%g,b\n", x, u), b)
		weights += fmt.Sprintf("%g,%g,%d,a\n%g,%g,%d,b\n%g,%g,0,a\n", x, u, a, x, u, b, 1e6*x, u)
		counts += fmt.Sprintf("%g,%g,%d,%d\n", x, u, b, a)
	}
	for _, o := range []Options{{}, {Penalty: L2, C: 0.7}, {Penalty: LogF}, {NoIntercept: true}, {Penalty: L2, Balanced: true}, {ClassWeight: []float64{2, 0.3}}} {
		one := fit(t, read(t, rows, datasets.Options{Target: []string{"y"}}), o)
		for name, d := range map[string]*datasets.Dataset{
			"weights": read(t, weights, datasets.Options{Target: []string{"y"}, Weights: "w"}),
			"counts":  read(t, counts, datasets.Options{Successes: "b", Failures: "a"}),
		} {
			f := fit(t, d, o)
			near(t, name, f.Coef, one.Coef, 1e-15)
			if o.Penalty == None && o.ClassWeight == nil {
				near(t, "standard errors, "+name, f.StdErr(), one.StdErr(), 1e-15)
			} else if o.Penalty == None {
				near(t, "inverse information, "+name, mat.DenseCopyOf(f.Covariance()), mat.DenseCopyOf(one.Covariance()), 1e-15)
				if f.StdErr() != nil {
					t.Error("a fit with class weights has standard errors")
				}
			} else if f.StdErr() != nil || f.Covariance() != nil {
				t.Errorf("%v: a penalised fit has standard errors", o.Penalty)
			}
			if math.Abs(f.Objective-one.Objective) > 1e-13 || math.Abs(f.LogLik-one.LogLik) > 1e-13 || f.N != one.N || math.Abs(f.Total-one.Total) > 1e-12 {
				t.Errorf("%s: objective %v, log-likelihood %v, n %v; of the rows %v, %v, %v", name, f.Objective, f.LogLik, f.N, one.Objective, one.LogLik, one.N)
			}
		}
	}
}

// Columns in other units have coefficients in other units, also where squares of
// the entries overflow or vanish.
func TestUnits(t *testing.T) {
	d := plantedData(60, 3, 3)
	one := fit(t, d, Options{})
	for _, k := range []float64{0x1p-990, 0x1p990, 0x1p-20} {
		scaled := *d
		scaled.X = mat.DenseCopyOf(d.X)
		for i := range d.Len() {
			scaled.X.Set(i, 1, k*scaled.X.At(i, 1))
		}
		f := fit(t, &scaled, Options{})
		for r := range 2 {
			for j, want := range one.Coef.RawRowView(r) {
				got, se, wantSE := f.Coef.At(r, j), f.StdErr().At(r, j), one.StdErr().At(r, j)
				if j == 2 {
					got *= k
					se *= k
				}
				if got != want || se != wantSE {
					t.Errorf("times %g: coefficient %d is %v ± %v, want %v ± %v", k, j, got, se, want, wantSE)
				}
			}
		}
		if f.Certificate != one.Certificate {
			t.Errorf("times %g: %+v, want %+v", k, f.Certificate, one.Certificate)
		}
	}
	for _, k := range []float64{1e-300, 1e300} { // a penalty sees the units
		d := plantedData(60, 1, 2)
		d.X.Scale(k, d.X)
		f := fit(t, d, Options{Penalty: L2})
		if w := f.Coef.At(0, 1) * k; k > 1 && !(math.Abs(w) > 0.1) || k < 1 && !(math.Abs(w) < 1e-290) {
			t.Errorf("L2, times %g: coefficient %g", k, f.Coef.At(0, 1))
		}
	}
}

// The reference class is a matter of parametrisation.
func TestReferenceClass(t *testing.T) {
	d := plantedData(90, 2, 3)
	one := fit(t, d, Options{})
	for _, reference := range []string{"1", "2"} {
		s := *d.Schema
		s.Reference = reference
		other := *d
		other.Schema = &s
		f := fit(t, &other, Options{})
		if f.Classes[0] != reference || f.LogLik != one.LogLik {
			t.Errorf("reference %s: classes %v, log-likelihood %v, not %v", reference, f.Classes, f.LogLik, one.LogLik)
		}
		for k, class := range f.Classes {
			row := mat.NewDense(1, 3, f.Symmetric().RawRowView(k))
			near(t, reference, row, mat.NewDense(1, 3, one.Symmetric().RawRowView(int(class[0]-'0'))), 1e-15)
		}
	}
}

// The classifier made of an estimate has its coefficients and its likelihood.
func TestClassifier(t *testing.T) {
	for _, o := range []Options{{}, {Penalty: L2}, {NoIntercept: true}} {
		for _, k := range []int{2, 3} {
			d := plantedData(90, 2, k)
			d.Schema.Reference = "1"
			f := fit(t, d, o)
			c, err := f.Classifier()
			if err != nil {
				t.Fatal(err)
			}
			loss, _, err := c.Objective(d, trainer.Loss{})
			if err != nil || math.Abs(loss+f.LogLik) > 1e-12 {
				t.Errorf("%+v, %d classes: the loss is %v and the log-likelihood %v (%v)", o, k, loss, f.LogLik, err)
			}
			if o.Penalty == None && !o.NoIntercept {
				b, err := c.Coefficients(false)
				if err != nil {
					t.Fatal(err)
				}
				near(t, "coefficients", b.Values, f.Coef, 1e-14)
				if _, err := Certify(context.Background(), d, b.Values, o); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// The information is what 340-bit arithmetic says, and the covariance its
// inverse.
func TestInformation(t *testing.T) {
	for _, o := range []Options{{}, {Penalty: L2, C: 3}, {Penalty: LogF}} {
		f := fit(t, plantedData(80, 2, 3), o)
		b := newBigProblem(f.p)
		_, _, h := b.evaluate(bigCoef(f.Coef), true)
		info := f.Information()
		n, _ := info.Dims()
		for i := range n {
			for j := range n {
				want, _ := h[i][j].Float64()
				if f.p.penalty.gauge > 0 && i%f.p.terms == j%f.p.terms {
					continue // whose gauge differs
				}
				if got := info.At(i, j); math.Abs(got-want) > 1e-13*math.Sqrt(info.At(i, i)*info.At(j, j)) {
					t.Errorf("%v: information %d, %d is %v, want %v", o.Penalty, i, j, got, want)
				}
			}
		}
		if c := f.Covariance(); c != nil {
			var product mat.Dense
			product.Mul(c, info)
			for i := range n {
				product.Set(i, i, product.At(i, i)-1)
			}
			if e := mat.Norm(&product, 1); e > 1e-12 {
				t.Errorf("covariance times information is off the identity by %g", e)
			}
		}
	}
}

// Data without an optimum get an error that says why, and no estimate; with a
// penalty they have one.
func TestNothingWithoutCertificate(t *testing.T) {
	for name, c := range map[string]struct {
		csv  string
		want Status
	}{
		"separated":         {"x,y\n1,a\n2,a\n3,b\n4,b\n", Complete},
		"quasi-separated":   {"x,y\n1,a\n2,a\n2,b\n4,b\n", QuasiComplete},
		"constant column":   {"x,u,y\n1,5,a\n2,5,b\n3,5,a\n4,5,b\n", RankDeficient},
		"zero column":       {"x,u,y\n1,0,a\n2,0,b\n3,0,a\n4,0,b\n", RankDeficient},
		"duplicate column":  {"x,u,y\n1,1,a\n2,2,b\n3,3,a\n4,4,b\n", RankDeficient},
		"more terms":        {"x,u,v,y\n1,5,2,a\n2,3,1,b\n3,1,7,a\n", Complete},
		"three, separated":  {"x,y\n1,a\n2,a\n3,b\n4,b\n5,c\n6,c\n", Complete},
		"separated by much": {"x,y\n1e9,a\n2e9,a\n3e9,b\n4e9,b\n", Complete},
	} {
		d := read(t, c.csv, datasets.Options{Target: []string{"y"}})
		f, err := Fit(context.Background(), d, Options{})
		var none *NoEstimateError
		if !errors.As(err, &none) || none.Status != c.want || f.Coef != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, o := range []Options{{Penalty: L2}, {Penalty: L2, C: 1e9}, {Penalty: LogF}} {
			f, err := Fit(context.Background(), d, o)
			if err != nil || !f.Certificate.Holds {
				t.Errorf("%s, %v with C %g: %v", name, o.Penalty, o.C, err)
			}
		}
	}
}

func TestBadInput(t *testing.T) {
	good := func() *datasets.Dataset { return plantedData(20, 2, 2) }
	for want, change := range map[string]func(*datasets.Dataset, *Options){
		`column "x1": a value is NaN`:         func(d *datasets.Dataset, _ *Options) { d.X.Set(3, 1, math.NaN()) },
		`column "x0": a value is +Inf`:        func(d *datasets.Dataset, _ *Options) { d.X.Set(3, 0, math.Inf(-1)) },
		"row 3 has weight -1":                 func(d *datasets.Dataset, _ *Options) { d.Weights = make([]float64, 20); d.Weights[2] = -1 },
		"row 1 has weight NaN":                func(d *datasets.Dataset, _ *Options) { d.Weights = make([]float64, 20); d.Weights[0] = math.NaN() },
		"the weights add to 0":                func(d *datasets.Dataset, _ *Options) { d.Weights = make([]float64, 20) },
		"3 class weights for 2 classes":       func(_ *datasets.Dataset, o *Options) { o.ClassWeight = []float64{1, 2, 3} },
		"class weight -1":                     func(_ *datasets.Dataset, o *Options) { o.ClassWeight = []float64{1, -1} },
		"C is -1":                             func(_ *datasets.Dataset, o *Options) { o.C = -1 },
		"share of the L1 penalty is 2":        func(_ *datasets.Dataset, o *Options) { o.L1Ratio = 2 },
		"given and asked to be balanced":      func(_ *datasets.Dataset, o *Options) { o.ClassWeight, o.Balanced = []float64{1, 1}, true },
		"leave no row with a positive weight": func(_ *datasets.Dataset, o *Options) { o.ClassWeight = []float64{0, 0} },
		"Penalty(77) is no penalty; use none": func(_ *datasets.Dataset, o *Options) { o.Penalty = 77 },
		"Solver(9) is no solver; use auto":    func(_ *datasets.Dataset, o *Options) { o.Solver = 9 },
		"the limit of iterations is -1":       func(_ *datasets.Dataset, o *Options) { o.MaxIterations = -1 },
		"of one class":                        func(d *datasets.Dataset, _ *Options) { d.Schema.Classes = []string{"0"} },
	} {
		d, o := good(), Options{}
		change(d, &o)
		if _, err := Fit(context.Background(), d, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	for _, s := range []string{"ridge", ""} {
		if _, err := ParsePenalty(s); err == nil || !strings.Contains(err.Error(), "use none, l2") {
			t.Errorf("penalty %q: %v", s, err)
		}
	}
	for s := range Solver(len(solverNames)) {
		if got, err := ParseSolver(s.String()); err != nil || got != s {
			t.Errorf("solver %v: %v, %v", s, got, err)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	steps := 0
	_, err := Fit(ctx, plantedData(200, 3, 3), Options{Observer: func(p Progress) {
		if steps++; p.Iteration == 2 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || steps != 3 {
		t.Errorf("%v after %d iterations", err, steps)
	}
	_, err = Fit(context.Background(), plantedData(200, 3, 3), Options{MaxIterations: 1})
	var no *NotCertifiedError
	if !errors.As(err, &no) || no.Iterations != 1 {
		t.Errorf("one iteration: %v", err)
	}
}

// The same bits for any number of processors.
func TestDeterminism(t *testing.T) {
	d := plantedData(3000, 12, 4)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := fit(t, d, Options{})
	runtime.GOMAXPROCS(2)
	two := fit(t, d, Options{})
	if !mat.Equal(one.Coef, two.Coef) || !mat.Equal(one.Covariance(), two.Covariance()) || one.Certificate != two.Certificate {
		t.Error("the fit depends on the number of processors")
	}
}

// A fit of many rows copies blocks of them only. (The products keep a scratch of
// a few megabytes.)
func TestMemory(t *testing.T) {
	d := plantedData(50000, 20, 2)
	least, data := uint64(math.MaxUint64), uint64(8*50000*20)
	for range 4 { // the first fills pools, and a collection may empty them
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		fit(t, d, Options{})
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	if least > data/2 {
		t.Errorf("a fit allocates %d bytes, the data have %d", least, data)
	}
}
