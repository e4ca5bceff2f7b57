package mle

import (
	"context"
	"errors"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
)

// table reads a data set from CSV.
func table(t *testing.T, text string, o datasets.Options) *datasets.Dataset {
	t.Helper()
	d, err := datasets.Read(strings.NewReader(text), "table", o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// curveOf cross-validates with given folds.
func curveOf(t *testing.T, d *datasets.Dataset, o Options, v CVOptions, folds [][]int) *Curve {
	t.Helper()
	v.Folds = len(folds)
	x, err := newCrossValidation(context.Background(), d, o, v)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x.curve(context.Background(), folds)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// alike fails unless two curves are the same up to rounding.
func alike(t *testing.T, what string, got, want *Curve) {
	t.Helper()
	if len(got.Points) != len(want.Points) {
		t.Fatalf("%s: %d points, want %d", what, len(got.Points), len(want.Points))
	}
	for i, pt := range got.Points {
		if w := want.Points[i]; math.Abs(pt.Loss-w.Loss) > 1e-9 || math.Abs(pt.SE-w.SE) > 1e-9 || pt.NonZero != w.NonZero {
			t.Errorf("%s: at C = %g %+v, want %+v", what, pt.C, pt, w)
		}
	}
}

// The curve is what fits of the rows outside each fold predict, one by one.
func TestCrossValidateByHand(t *testing.T) {
	ctx := context.Background()
	for _, name := range []string{"iris", "cancer10"} {
		d, err := datasets.Load(name, datasets.Options{})
		if err != nil {
			t.Fatal(err)
		}
		src := random.New(1, 1)
		d.Weights = make([]float64, d.Len())
		for i := range d.Weights {
			d.Weights[i] = float64(src.Uint64() % 3)
		}
		for _, o := range []Options{{Penalty: L2}, {Penalty: ElasticNet, L1Ratio: 0.7}, {Penalty: L2, NoIntercept: true}} {
			c, err := CrossValidate(ctx, d, o, CVOptions{Grid: []float64{10, 0.1}, Folds: 4, Seed: 7})
			if err != nil {
				t.Fatal(err)
			}
			rows := weighted(d)
			folds := datasets.Folds(rows.Labels, 4, 7)
			for i, strength := range []float64{0.1, 10} {
				o.C = strength
				var sum, total float64
				for k, fold := range folds {
					train := rows.Rows(slices.Concat(slices.Delete(slices.Clone(folds), k, k+1)...))
					fit, err := Fit(ctx, train, o)
					if err != nil {
						t.Fatal(err)
					}
					model, err := fit.Classifier()
					if err != nil {
						t.Fatal(err)
					}
					held, err := model.Evaluate(rows.Rows(fold), false)
					if err != nil {
						t.Fatal(err)
					}
					loss := -float64(held.LogLik) / weightOf(rows, fold)
					sum -= float64(held.LogLik)
					total += weightOf(rows, fold)
					if got := c.Points[i].Folds[k]; math.Abs(got-loss) > 1e-8 {
						t.Errorf("%s, %+v: loss %v in fold %d, want %v", name, o, got, k, loss)
					}
				}
				if got := c.Points[i].Loss; math.Abs(got-sum/total) > 1e-8 {
					t.Errorf("%s, %+v: loss %v, want %v", name, o, got, sum/total)
				}
			}
		}
	}
}

func weightOf(d *datasets.Dataset, rows []int) (sum float64) {
	for _, i := range rows {
		sum += d.Weights[i]
	}
	return sum
}

// A group of trials is as many rows in one fold, a row of weight 0 is none.
func TestCrossValidateCounts(t *testing.T) {
	counts := table(t, "x,yes,no\n1,1,3\n2,0,2\n3,2,2\n4,3,1\n5,4,1\n6,1,0\n", datasets.Options{Successes: "yes", Failures: "no"})
	single := table(t, "x,y\n1,1\n1,0\n1,0\n1,0\n2,0\n2,0\n3,1\n3,1\n3,0\n3,0\n4,1\n4,1\n4,1\n4,0\n5,1\n5,1\n5,1\n5,1\n5,0\n6,1\n", datasets.Options{Target: []string{"y"}})
	weights := table(t, "x,y,w\n1,1,1\n1,0,3\n2,0,2\n3,1,2\n3,0,2\n4,1,3\n4,0,1\n5,1,4\n5,0,1\n6,1,1\n6,0,0\n", datasets.Options{Target: []string{"y"}, Weights: "w"})
	byX := func(d *datasets.Dataset) [][]int {
		folds := make([][]int, 3)
		for i := range d.Len() {
			if d.Weights == nil || d.Weights[i] > 0 {
				k := int(d.X.At(i, 0)) % 3
				folds[k] = append(folds[k], i)
			}
		}
		return folds
	}
	for _, o := range []Options{{Penalty: L2}, {Penalty: L1}} {
		for _, v := range []CVOptions{{}, {Standardize: true}} {
			want := curveOf(t, single, o, v, byX(single))
			alike(t, "counts", curveOf(t, counts, o, v, byX(counts)), want)
			alike(t, "weights", curveOf(t, weights, o, v, byX(weights)), want)
		}
	}
	grouped, err := CrossValidate(context.Background(), counts, Options{Penalty: L2}, CVOptions{Folds: 6})
	if err != nil || len(grouped.Points[0].Folds) != 6 {
		t.Errorf("a group in each fold: %+v, %v", grouped, err)
	}
}

// The loss of several labels is the mean of theirs.
func TestCrossValidateLabels(t *testing.T) {
	const text = "x,z,a,b\n1,3,0,1\n2,1,1,0\n3,4,0,1\n4,1,1,1\n5,5,1,0\n6,9,0,1\n7,2,1,0\n8,6,1,1\n9,5,0,0\n"
	both := table(t, text, datasets.Options{Target: []string{"a", "b"}, Features: []string{"x", "z"}})
	v := CVOptions{Grid: []float64{0.1, 1, 10}}
	got := curveOf(t, both, Options{Penalty: L1}, v, every(9, 3))
	var single []*Curve
	for _, name := range []string{"a", "b"} {
		d := table(t, text, datasets.Options{Target: []string{name}, Features: []string{"x", "z"}})
		single = append(single, curveOf(t, d, Options{Penalty: L1}, v, every(9, 3)))
	}
	for i, pt := range got.Points {
		a, b := single[0].Points[i], single[1].Points[i]
		if math.Abs(pt.Loss-(a.Loss+b.Loss)/2) > 1e-9 || pt.NonZero != a.NonZero+b.NonZero {
			t.Errorf("of two labels %+v, of each %+v and %+v", pt, a, b)
		}
	}
	// Rows of the same labels are spread over the folds.
	if s := strata(both); !slices.Equal(s, []int{0, 1, 0, 2, 1, 0, 1, 2, 3}) {
		t.Errorf("strata %v", s)
	}
}

// The result is the same for any number of processors, and the observer sees
// every fit once.
func TestCrossValidateIsDeterministic(t *testing.T) {
	d, err := datasets.Load("penguins", datasets.Options{Missing: datasets.MissingDrop})
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, o := range []Options{{Penalty: L1}, {Penalty: L2, Balanced: true}} {
		var curves []*Curve
		for _, processors := range []int{1, 4} {
			runtime.GOMAXPROCS(processors)
			seen := 0
			c, err := CrossValidate(context.Background(), d, o, CVOptions{Folds: 5, Grid: []float64{0.1, 1, 10}, Standardize: true, Observer: func(p CVProgress) {
				if seen++; p.Fits != seen || p.Total != 6*3 {
					t.Errorf("progress %+v after %d fits", p, seen)
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			if seen != 6*3 {
				t.Errorf("%d fits observed", seen)
			}
			curves = append(curves, c)
		}
		if !reflect.DeepEqual(curves[0], curves[1]) {
			t.Errorf("%+v\non one processor and\n%+v\non four", curves[0], curves[1])
		}
	}
}

func TestCrossValidateInterrupted(t *testing.T) {
	d, err := datasets.Load("iris", datasets.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []int{0, 1, 17} {
		ctx, cancel := context.WithCancel(context.Background())
		if after == 0 {
			cancel()
		}
		_, err := CrossValidate(ctx, d, Options{Penalty: L1}, CVOptions{Observer: func(p CVProgress) {
			if p.Fits == after {
				cancel()
			}
		}})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted after %d fits: error %v", after, err)
		}
	}
}

func TestRules(t *testing.T) {
	for _, test := range []struct {
		losses       []float64
		se           float64
		least, oneSE int
		what         string
	}{
		{losses: []float64{5, 3, 2, 1, 2}, se: 1, least: 3, oneSE: 2, what: "one standard error above counts"},
		{losses: []float64{5, 3, 2, 1, 2}, se: 0.9, least: 3, oneSE: 3, what: "more does not"},
		{losses: []float64{1, 1, 1}, se: 0, least: 0, oneSE: 0, what: "of equals the strongest penalty"},
		{losses: []float64{3, 2, 1}, se: 9, least: 2, oneSE: 0, what: "all are as good"},
		{losses: []float64{1}, se: 0, least: 0, oneSE: 0, what: "a single point"},
	} {
		c := &Curve{}
		for _, loss := range test.losses {
			c.Points = append(c.Points, CurvePoint{Loss: loss, SE: test.se})
		}
		c.choose()
		if c.Least != test.least || c.OneSE != test.oneSE || c.Choose(Least) != test.least || c.Choose(OneSE) != test.oneSE {
			t.Errorf("%s: least at %d, one standard error at %d; want %d and %d", test.what, c.Least, c.OneSE, test.least, test.oneSE)
		}
	}
	for _, r := range []Rule{Least, OneSE} {
		if got, err := ParseRule(r.String()); err != nil || got != r {
			t.Errorf("%v reads as %v, %v", r, got, err)
		}
	}
	if _, err := ParseRule("best"); err == nil {
		t.Error("best is a rule")
	}
}

// The grid of an L1 penalty begins with the empty model; the second value is
// beyond it. Values are as printed with three digits.
func TestGrid(t *testing.T) {
	for _, name := range []string{"iris2", "iris", "wine"} {
		d, err := datasets.Load(name, datasets.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []Options{{Penalty: L1}, {Penalty: ElasticNet, L1Ratio: 0.1}, {Penalty: L1, NoIntercept: true, Balanced: true}} {
			x, err := newCrossValidation(context.Background(), d, o, CVOptions{Standardize: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range x.grid {
				if c != threeDigits(c) {
					t.Errorf("%v on the grid", c)
				}
			}
			size := len(x.grid)
			x.grid = x.grid[:2]
			all, err := x.path(context.Background(), x.all, nil)
			if err != nil {
				t.Fatal(err)
			}
			if size != gridSize || all.nonzero[0] != 0 || all.nonzero[1] == 0 {
				t.Errorf("%s, %+v: %d points, the first with %d and %d coefficients", name, o, size, all.nonzero[0], all.nonzero[1])
			}
		}
	}
	d, err := datasets.Load("iris2", datasets.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d.X = mat.NewDense(d.Len(), 4, nil) // says nothing
	for _, o := range []Options{{Penalty: L2}, {Penalty: L1}, {Penalty: ElasticNet}} {
		c, err := CrossValidate(context.Background(), d, o, CVOptions{Folds: 2})
		if err != nil {
			t.Fatal(err)
		}
		if first, last := c.Points[0], c.Points[gridSize-1]; first.C != 1e-4 || last.C != 1e4 || last.NonZero != 0 || math.Abs(last.Loss-math.Ln2) > 1e-12 {
			t.Errorf("%v of columns of zeros: from %+v to %+v", o.Penalty, first, last)
		}
	}
	c, err := CrossValidate(context.Background(), d, Options{Penalty: L2}, CVOptions{Grid: []float64{3, 1, 2, 1}})
	if err != nil || len(c.Points) != 3 || c.Points[0].C != 1 || c.Points[2].C != 3 {
		t.Errorf("a grid in disorder: %+v, %v", c, err)
	}
}

// A level that only one fold has is like the reference level to the others.
func TestCrossValidateLackingLevel(t *testing.T) {
	d := table(t, "x,f,y\n1,a,0\n2,a,1\n3,b,0\n4,b,1\n5,a,1\n6,c,1\n7,b,0\n8,b,1\n", datasets.Options{Target: []string{"y"}})
	same := table(t, "x,f,y\n1,a,0\n2,a,1\n3,b,0\n4,b,1\n5,a,1\n6,a,1\n7,b,0\n8,b,1\n", datasets.Options{Target: []string{"y"}})
	folds := [][]int{{0, 1, 2}, {5}, {3, 4, 6, 7}}
	for _, o := range []Options{{Penalty: L2}, {Penalty: L1}, {Penalty: L2, NoIntercept: true}, {Penalty: L1, NoIntercept: true}} {
		for _, v := range []CVOptions{{Grid: []float64{0.1, 1, 10}}, {Grid: []float64{0.1, 1, 10}, Standardize: true}} {
			got, want := curveOf(t, d, o, v, folds), curveOf(t, same, o, v, folds)
			for i, pt := range got.Points {
				if math.Abs(pt.Folds[1]-want.Points[i].Folds[1]) > 1e-9 {
					t.Errorf("%+v: loss %v at C = %g, of the reference level %v", o, pt.Folds[1], pt.C, want.Points[i].Folds[1])
				}
			}
		}
	}
}

func TestCrossValidateErrors(t *testing.T) {
	y := datasets.Options{Target: []string{"y"}}
	d := table(t, "x,y\n1,0\n2,1\n3,0\n4,1\n", y)
	labels := table(t, "x,a,b\n1,0,1\n2,1,0\n3,0,0\n4,1,0\n", datasets.Options{Target: []string{"a", "b"}, Features: []string{"x"}})
	for want, test := range map[string]struct {
		data *datasets.Dataset
		o    Options
		v    CVOptions
	}{
		"without a penalty has no C to choose":          {d, Options{}, CVOptions{}},
		"logf has no strength":                          {d, Options{Penalty: LogF}, CVOptions{}},
		"4 rows with a weight cannot be divided into 1": {d, Options{Penalty: L2}, CVOptions{}},
		"at least 2":                   {d, Options{Penalty: L2}, CVOptions{Folds: 1}},
		"C = -1 on the grid":           {d, Options{Penalty: L2}, CVOptions{Folds: 2, Grid: []float64{1, -1}}},
		"C = NaN on the grid":          {d, Options{Penalty: L2}, CVOptions{Folds: 2, Grid: []float64{1, math.NaN()}}},
		"the grid has no C":            {d, Options{Penalty: L2}, CVOptions{Folds: 2, Grid: []float64{}}},
		"the share of the L1 penalty":  {d, Options{Penalty: ElasticNet, L1Ratio: 2}, CVOptions{Folds: 2}},
		`class "b" has one row`:        {table(t, "x,y\n1,a\n2,b\n3,a\n4,c\n5,c\n", y), Options{Penalty: L2}, CVOptions{Folds: 2}},
		`"1" of label "b" has no rows`: {labels, Options{Penalty: L2}, CVOptions{Folds: 4}},
		"there is 1 row with a weight": {table(t, "x,y,w\n1,0,0\n2,1,1\n", datasets.Options{Target: []string{"y"}, Weights: "w"}), Options{Penalty: L2, NoIntercept: true}, CVOptions{Folds: 2}},
	} {
		_, err := CrossValidate(context.Background(), test.data, test.o, test.v)
		var problem *Error
		if !errors.As(err, &problem) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// A row held out may be so far out that its loss is not a number any more.
func TestCrossValidateOverflow(t *testing.T) {
	d := table(t, "x,y\n1,0\n2,1\n3,1\n", datasets.Options{Target: []string{"y"}})
	p, err := newProblem(d.Rows([]int{0, 1}), &Options{Penalty: L2}, 0)
	if err != nil {
		t.Fatal(err)
	}
	d.X.Set(2, 0, -1e308)
	q, err := p.of(d.Rows([]int{2}), 0)
	if err != nil {
		t.Fatal(err)
	}
	if loss, err := q.lossAt(context.Background(), []float64{0, 1}); err != nil || loss != 1e308 {
		t.Errorf("loss %v, %v", loss, err)
	}
	_, err = q.lossAt(context.Background(), []float64{0, 10})
	var problem *Error
	if !errors.As(err, &problem) || !strings.Contains(err.Error(), "overflows") {
		t.Errorf("error %v", err)
	}
}

// Where a gradient is at the threshold of an L1 penalty to the last digit, no
// certificate can say on which side.
func TestCrossValidateOnTheBrink(t *testing.T) {
	ctx := context.Background()
	d := table(t, "x,z,y\n4,0,1\n5,1,1\n6,1,1\n7,0,0\n8,0,1\n", datasets.Options{Target: []string{"y"}})
	o := Options{Penalty: L1, C: 1}
	var uncertified *NotCertifiedError
	if _, err := Fit(ctx, d, o); !errors.As(err, &uncertified) {
		t.Fatalf("a fit that is not on the brink: %v", err)
	}
	p, err := newProblem(d, &o, 0)
	if err != nil {
		t.Fatal(err)
	}
	theta, err := p.follow(ctx, &o, 1, p.start())
	if err != nil || p.nonzero(theta) != 0 {
		t.Errorf("parameters %v, %v", theta, err)
	}
}
