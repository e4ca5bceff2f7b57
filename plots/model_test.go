package plots

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/trainer"
)

// Contours of a plane through a field are straight, of a cone circles that close.
func TestContour(t *testing.T) {
	at := func(lo, hi float64, n int) func(float64) float64 {
		return func(i float64) float64 { return lo + (hi-lo)*(i+0.5)/float64(n) }
	}
	p := &plane{columns: 80, rows: 60, classes: 2, x: at(-2, 2, 80), y: at(-2, 2, 60), logits: mat.NewDense(4800, 1, nil)}
	fill := func(f func(x, y float64) float64) {
		for j := range p.rows {
			for i := range p.columns {
				p.logits.Set(j*p.columns+i, 0, f(p.x(float64(i)), p.y(float64(j))))
			}
		}
	}
	fill(func(x, y float64) float64 { return 3*x - 2*y + 0.1 })
	xs, ys := p.contour(0)
	lines := 0
	for i := range xs {
		if math.IsNaN(xs[i]) {
			lines++
		} else if r := 3*xs[i] - 2*ys[i] + 0.1; math.Abs(r) > 1e-12 {
			t.Errorf("(%v, %v) is off the line by %v", xs[i], ys[i], r)
		}
	}
	if lines != 1 || len(xs) < 80 {
		t.Errorf("%d lines of %d points", lines, len(xs))
	}
	fill(func(x, y float64) float64 { return math.Hypot(x, y) - 1 })
	xs, ys = p.contour(0)
	n := len(xs) - 1 // before the NaN
	if xs[0] != xs[n-1] || ys[0] != ys[n-1] {
		t.Error("the circle is open")
	}
	for i := range n {
		if r := math.Hypot(xs[i], ys[i]); math.Abs(r-1) > 2e-3 {
			t.Errorf("radius %v", r)
		}
	}
	fill(func(x, y float64) float64 { return x * y }) // a saddle has two branches
	xs, _ = p.contour(0)
	lines = 0
	for _, x := range xs {
		if math.IsNaN(x) {
			lines++
		}
	}
	if lines != 2 {
		t.Errorf("a saddle has %d lines", lines)
	}
	fill(func(x, _ float64) float64 { return []float64{math.NaN(), math.Inf(1), math.Inf(-1)}[int(x+2)%3] })
	if xs, _ = p.contour(0); len(xs) == 0 {
		t.Error("no line between infinite margins")
	}
}

// model returns an untrained network for a data set.
func model(t *testing.T, d *datasets.Dataset) *trainer.Classifier {
	t.Helper()
	c, err := trainer.NewClassifier(d.Schema, datasets.MeasureScaling(d.X, d.Weights), []int{4}, activation.Tanh{}, random.New(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func read(t *testing.T, table string, o datasets.Options) *datasets.Dataset {
	t.Helper()
	d, err := datasets.Read(strings.NewReader(table), "table.csv", o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestBoundary(t *testing.T) {
	y := datasets.Options{Target: []string{"y"}}
	for name, c := range map[string]struct {
		table string
		o     datasets.Options
		want  []string
	}{
		"two":     {"kg,m,y\n1,2,a\n3,5,b\n2,2,a\n", y, []string{"kg →", "↑ m", "probability of b, 0 to 1", "probability 1/2", "a"}},
		"three":   {"kg,m,y\n1,2,a\n3,5,b\n2,2,c\n", y, []string{"a", "b", "c", "where the most probable class changes"}},
		"grouped": {"kg,m,s,f\n1,2,3,1\n3,5,1,7\n", datasets.Options{Successes: "s", Failures: "f"}, []string{"rows of mostly s", "rows of mostly f"}},
		"flat":    {"kg,m,y\n1,2,a\n1,2,b\n", y, []string{"kg →"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := read(t, c.table, c.o)
			f, err := Boundary(model(t, d), d)
			has(t, drawn(t, f, err), append(c.want, "Decision boundary, and rows of table.csv")...)
		})
	}
	for why, c := range map[string]struct {
		table string
		o     datasets.Options
	}{
		"has 3 features":         {"a,b,c,y\n1,2,3,x\n2,3,4,z\n", y},
		"has 1 feature;":         {"a,y\n1,x\n2,z\n", y},
		"b is not a number":      {"a,b,y\n1,no,x\n2,yes,z\n", y},
		"several labels":         {"a,b,y,z\n1,2,0,1\n2,3,1,0\n", datasets.Options{Target: []string{"y", "z"}}},
		"too far apart":          {"a,b,y\n1,1,x\n2,2,z\n", y},
		"8 classes are more":     {"a,b,y\n1,1,a\n2,2,b\n3,3,c\n4,4,d\n5,5,e\n6,6,f\n7,7,g\n8,8,h\n", y},
		"there are no rows":      {"a,b,y\n1,1,a\n2,2,b\n", y},
		"the model has 4 featur": {"a,b,c,d,y\n1,1,1,1,a\n2,2,2,2,b\n", y},
	} {
		d := read(t, c.table, c.o)
		m := model(t, d)
		switch why {
		case "there are no rows":
			d = d.Rows(nil)
		case "too far apart":
			d.X.SetCol(0, []float64{-1.7e308, 1.7e308})
		}
		_, err := Boundary(m, d)
		refused(t, err, why)
	}
}

func TestCoefficients(t *testing.T) {
	table := &CoefficientTable{
		Rows: []string{"b"}, Terms: []string{"(intercept)", "small", "large", "rising", "falling", "either", "unknown"},
		Values: mat.NewDense(1, 7, []float64{99, 0.5, -3, math.NaN(), math.NaN(), math.NaN(), math.NaN()}),
		Low:    mat.NewDense(1, 7, []float64{98, 0.4, math.Inf(-1), math.NaN(), math.NaN(), math.NaN(), math.NaN()}),
		High:   mat.NewDense(1, 7, []float64{100, 0.6, -1, math.NaN(), math.NaN(), math.NaN(), math.NaN()}),
		Level:  0.9, Unit: "metre",
		Signs: [][]mle.Sign{{mle.Finite, mle.Finite, mle.Finite, mle.PlusInfinity, mle.MinusInfinity, mle.Either, mle.Finite}},
	}
	f, err := Coefficients(table)
	texts := drawn(t, f, err)
	has(t, texts, "+∞", "−∞", "±∞", "change of the log-odds per metre →", "infinite: the likelihood grows for ever")
	if !strings.Contains(f.Title, "90 % confidence intervals (1 not determined by the data are left out)") {
		t.Errorf("title %q", f.Title)
	}
	if got := fmt.Sprint(f.Y.Categories); got != "[rising falling either large small]" {
		t.Errorf("terms %s", got)
	}

	table.Scale = []float64{1, 100, 1, 1, 1, 1, 1} // small is large in other units
	table.Of, table.Against = "lengths.csv", "a"
	if f, err = Coefficients(table); err != nil || !strings.HasPrefix(f.Title, "Coefficients of lengths.csv, b against a, with 90 %") || !strings.HasSuffix(f.X.Label, "per metre: coefficient × that deviation") {
		t.Errorf("%q, %q, %v", f.Title, f.X.Label, err)
	}
	if f, err = Coefficients(table); err != nil || f.Y.Categories[3] != "small" {
		t.Errorf("%v, %v", f.Y.Categories, err)
	}
	for _, m := range f.Marks {
		if m.Kind == figure.Dots && (m.X[0] != 50 || m.X[1] != -3) {
			t.Errorf("values %v", m.X)
		}
	}
}

func TestManyCoefficients(t *testing.T) {
	const rows, terms = 3, 1000
	table := &CoefficientTable{Values: mat.NewDense(rows, terms, nil), Unit: "unit"}
	for k := range rows {
		table.Rows = append(table.Rows, fmt.Sprintf("class %d", k))
	}
	for j := range terms {
		table.Terms = append(table.Terms, fmt.Sprintf("term %d", j))
		for k := range rows {
			table.Values.Set(k, j, math.Sin(float64(1+j*rows+k)))
		}
	}
	table.Values.Set(2, 123, -50)
	f, err := Coefficients(table)
	drawn(t, f, err)
	if f.Title != "Coefficients: the 40 largest of 3000" || len(f.Y.Categories) != 40 || f.Y.Categories[0] != "term 123 · class 2" {
		t.Errorf("%q, %d coefficients, the first %q", f.Title, len(f.Y.Categories), f.Y.Categories[0])
	}

	one := func(value float64, sign mle.Sign) *CoefficientTable {
		return &CoefficientTable{Rows: []string{"b"}, Terms: []string{"x"}, Values: mat.NewDense(1, 1, []float64{value}), Signs: [][]mle.Sign{{sign}}}
	}
	_, err = Coefficients(one(math.NaN(), mle.Finite))
	refused(t, err, "no coefficient is determined")
	_, err = Coefficients(one(math.NaN(), mle.PlusInfinity))
	refused(t, err, "every coefficient is infinite")
	_, err = Coefficients(&CoefficientTable{Rows: []string{"b"}, Terms: []string{"(intercept)"}, Values: mat.NewDense(1, 1, nil)})
	refused(t, err, "no features")
	for _, v := range []float64{0, 1e-300, 1e300} {
		f, err := Coefficients(one(v, mle.Finite))
		drawn(t, f, err)
	}
}
