package mle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/reference"
	"github.com/surprisal-ml/surprisal/random"
)

// examine returns what Fit finds about existence.
func examine(t testing.TB, d *datasets.Dataset, o Options) (*Estimate, *Existence) {
	t.Helper()
	f, err := Fit(context.Background(), d, o)
	if none := (*NoEstimateError)(nil); err != nil && !errors.As(err, &none) {
		t.Fatal(err)
	}
	return f, f.Existence
}

// Overlapping data are recognised by the certificate of the fit alone. The table
// has the Newton step at which Stiemke's ratio first proves it.
func TestOverlapIsProvedByNewtonsSteps(t *testing.T) {
	var table strings.Builder
	for id, c := range reference.Files[fitCase](t, "fits") {
		p, err := newProblem(c.load(t), &Options{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		s := newSolver(p, &Options{})
		free := make([]int, p.size())
		for i := range free {
			free[i] = i
		}
		l, first, at := s.limit(p.noContests(), free), -1, 0.0
		s.watch = func(ctx context.Context, pt *point, step []float64) error {
			m, err := l.margins(ctx, pt.theta, step)
			if first < 0 && m.stiemke <= 0.5 {
				first, at = s.iterations-1, m.stiemke
			}
			return err
		}
		if _, err := s.optimum(context.Background(), p.start()); err != nil {
			t.Fatal(id, err)
		}
		fmt.Fprintf(&table, "%-14s s = %.2f at step %d of %d\n", id, at, first, s.iterations)
		if first < 0 || first > patience {
			t.Errorf("%s: step %d of %d", id, first, s.iterations)
		}
		f, x := examine(t, c.load(t), Options{})
		if x.Status != Overlap || f.Coef == nil || !strings.HasPrefix(x.Proof, "the certificate") {
			t.Errorf("%s: %v by %s", id, x.Status, x.Proof)
		}
	}
	t.Log("\n" + table.String())
}

func TestRandomProblemsAgreeWithLinearPrograms(t *testing.T) {
	src := random.New(8, 1)
	seen := map[Status]int{}
	for range 150 {
		d, o := small(src)
		f, x := examine(t, d, o)
		seen[x.Status]++
		p := cmp.Or(f.p, f.limited)
		b := newBrute(t, p)
		won := p.noContests()
		for i, row := range b.rows {
			won.in[b.ids[i]] = b.largest(row) > 1e-6
		}
		dump := func() string {
			return fmt.Sprintf("%v\nlabels %v weights %v options %+v hits %v", mat.Formatted(d.X), d.Labels, d.Weights, o, p.hits)
		}
		if separated := slices.Contains(won.in, true); separated != (x.Direction != nil) {
			t.Fatalf("%v, separated %v:\n%s", x.Status, separated, dump())
		}
		if x.Status == Overlap {
			continue
		}
		a := &separation{p: p, won: won}
		if got, want := x.Separated, a.separated(); x.Direction != nil && !slices.Equal(got, want) {
			t.Fatalf("rows %v are separated, not %v:\n%s", got, want, dump())
		}
		for at := range p.size() {
			unit := make([]float64, p.size())
			unit[at] = 1
			up := b.largest(unit) > 1e-6
			unit[at] = -1
			down := b.largest(unit) > 1e-6
			want := Finite
			switch {
			case up && down:
				want = Either
			case up:
				want = PlusInfinity
			case down:
				want = MinusInfinity
			}
			if got := x.Coefficient[at/p.terms][at%p.terms]; got != want {
				t.Fatalf("%v: parameter %d is %v, not %v:\n%s", x.Status, at, got, want, dump())
			}
			if v := x.FiniteCoef.At(at/p.terms, at%p.terms); math.IsNaN(v) != (want != Finite) {
				t.Fatalf("parameter %d is %v, and its limit %v:\n%s", at, want, v, dump())
			}
		}
	}
	t.Logf("%v", seen)
	for s := Overlap; s <= OneClass; s++ {
		if seen[s] == 0 {
			t.Errorf("no problem is %v", s)
		}
	}
}

// The last resort decides like the Newton steps.
func TestProgramDecidesToo(t *testing.T) {
	ctx := context.Background()
	check := func(name string, d *datasets.Dataset, o Options, want *Existence) {
		p, err := newProblem(d, &o, 0)
		if err != nil {
			t.Fatal(err)
		}
		s := newSolver(p, &o)
		space, err := p.columns(ctx)
		if err != nil {
			t.Fatal(err)
		}
		a := s.separation(space)
		if d.Len() < 15 && a.contested() && len(a.limit.free) > 0 { // in exact arithmetic from the start
			f := &farkas{p: p, each: func(i int, do func(y, k int)) { p.each(a.won, i, do) }, columns: a.limit.free}
			if _, found, err := f.direction(ctx, a.minusSum(), nil); err != nil || found != (want.Direction != nil) {
				t.Errorf("%s: separated %v (%v), but %v", name, found, err, want.Status)
			}
		}
		for a.contested() && len(a.limit.free) > 0 {
			more, err := a.program(ctx)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !more {
				break
			}
			a.limit = s.limit(a.won, a.span.Pivots())
		}
		if a.found != (want.Direction != nil) || a.found && !slices.Equal(a.separated(), want.Separated) {
			t.Errorf("%s: separated %v, but %v", name, a.found, want.Status)
		}
	}
	src := random.New(9, 1)
	for i := range 150 {
		d, o := small(src)
		_, x := examine(t, d, o)
		check(fmt.Sprint("random ", i), d, o, x)
	}
	cases := reference.Files[separationCase](t, "separation")
	for id, c := range cases {
		if d := c.load(t); len(d.Schema.Classes) > 1 {
			_, x := examine(t, d, Options{})
			check(id, d, Options{}, x)
		}
	}
}

// Units change neither the status nor, but for what is reversed, the signs.
func TestExistenceInOtherUnits(t *testing.T) {
	for id, c := range reference.Files[separationCase](t, "separation") {
		if len(c.CoefRows) == 0 {
			continue
		}
		_, want := examine(t, c.load(t), Options{})
		for _, scales := range [][]float64{{1e8, 1e-8}, {1e-150, 1e300, 1}} {
			d := c.load(t)
			n, k := d.X.Dims()
			if k > 12 && len(scales) > 2 {
				continue // numbers of 2000 bits take long
			}
			for j := range k {
				f := scales[j%len(scales)]
				for i := range n {
					d.X.Set(i, j, d.X.At(i, j)*f)
				}
			}
			_, x := examine(t, d, Options{})
			if x.Status != want.Status || fmt.Sprint(x.Coefficient) != fmt.Sprint(want.Coefficient) {
				t.Errorf("%s times %v: %v %v, not %v %v", id, scales, x.Status, x.Coefficient, want.Status, want.Coefficient)
			}
		}
	}
}

func TestWeightsAreRepeatedRows(t *testing.T) {
	src := random.New(10, 1)
	for tried := 0; tried < 25; {
		d, o := small(src)
		if d.Labels == nil || d.Weights == nil {
			continue
		}
		tried++
		var rows []int
		for i, w := range d.Weights {
			for range int(w) {
				rows = append(rows, i)
			}
		}
		repeated := d.Rows(rows)
		repeated.Weights = nil
		f, x := examine(t, d, o)
		g, y := examine(t, repeated, o)
		if x.Status != y.Status || fmt.Sprint(x.Coefficient) != fmt.Sprint(y.Coefficient) || math.Abs(x.SupLogLik-y.SupLogLik) > 1e-12 {
			t.Errorf("weights: %v %v %v\nrepeated: %v %v %v", x.Status, x.Coefficient, x.SupLogLik, y.Status, y.Coefficient, y.SupLogLik)
		}
		if x.Status == Overlap {
			near(t, "coefficients", f.Coef, g.Coef, 1e-9)
		} else if !floats.EqualFunc(x.FiniteSE.RawMatrix().Data, y.FiniteSE.RawMatrix().Data, func(a, b float64) bool {
			return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-9*math.Abs(a)
		}) {
			t.Errorf("standard errors %v and %v", x.FiniteSE, y.FiniteSE)
		}
	}
}

// The classes of one column touch, overlap or leave a gap by the last bit.
func TestTheLastBitDecides(t *testing.T) {
	const edge = 1.7
	for _, c := range []struct {
		above float64 // the least x of class 1
		want  Status
	}{
		{math.Nextafter(edge, 2), Complete},
		{edge, QuasiComplete},
		{math.Nextafter(edge, 1), Overlap},
		{edge + 1e-9, Complete},
		{edge - 1e-9, Overlap},
	} {
		for _, factor := range []float64{1, 0x1p-80, 0x1p600} {
			d := read(t, "x,y\n0,0\n1,0\n1.25,0\n1.7,0\n9,1\n2.5,1\n3,1\n2,1\n", datasets.Options{Target: []string{"y"}})
			d.X.Set(4, 0, c.above)
			d.X.Scale(factor, d.X)
			f, err := Fit(context.Background(), d, Options{})
			if f.Existence == nil {
				t.Errorf("%g: %v", c.above, err)
			} else if f.Existence.Status != c.want {
				t.Errorf("%g·%g: %v (%s), not %v", c.above, factor, f.Existence.Status, f.Existence.Proof, c.want)
			}
		}
	}
}

func TestExaminationIsCancelled(t *testing.T) {
	d := read(t, "x,y\n0,0\n1,0\n2,1\n3,1\n", datasets.Options{Target: []string{"y"}})
	p, err := newProblem(d, &Options{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if x, err := newSolver(p, &Options{}).existence(ctx, p.start()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", x, err)
	}
}

func TestRelations(t *testing.T) {
	d := read(t, "a,b,c,e,g,y\n1,0,2,3,0,0\n0,1,2,-1.5,0,1\n1,0,2,3,0,1\n0,1,2,-1.5,0,0\n0,0,2,0,0,1\n0,0,2,0,0,0\n", datasets.Options{Target: []string{"y"}})
	_, x := examine(t, d, Options{})
	want := []Alias{{"c", "c = 2·(intercept)"}, {"e", "e = 3·a - 3/2·b"}, {"g", "g = 0"}}
	if x.Status != RankDeficient || !slices.Equal(x.Aliased, want) {
		t.Errorf("%v, %v", x.Status, x.Aliased)
	}
	if got := x.MinimumNorm; got == nil || mat.Norm(got, 2) > 1e-8 || math.Abs(x.SupLogLik+6*math.Ln2) > 1e-14 {
		t.Errorf("minimum norm %v, log-likelihood %v", got, x.SupLogLik)
	}
}

// Dependent columns are found before anything is computed in double-double.
func TestDependentColumnsAreFoundEarly(t *testing.T) {
	d := plantedData(3000, 12, 2)
	for i := range d.Len() {
		row := d.X.RawRowView(i)
		row[11] = 2 * row[0]
	}
	p, err := newProblem(d, &Options{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := newSolver(p, &Options{})
	s.exact = exactness{}
	_, err = s.optimum(t.Context(), p.start())
	var uncertified *NotCertifiedError
	if !errors.As(err, &uncertified) || uncertified.Why != "the columns are linearly dependent" || s.exact.gradient {
		t.Errorf("%v, %+v", err, s.exact)
	}
	var none *NoEstimateError
	if _, err := Fit(t.Context(), d, Options{}); !errors.As(err, &none) || len(none.Aliased) != 1 || none.Aliased[0].Relation != "x11 = 2·x0" {
		t.Errorf("%v", err)
	}
}
