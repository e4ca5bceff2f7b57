package mle

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"

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

// small is a random problem of small whole numbers, and separated in part more
// often than not.
func small(src *random.Source) (*datasets.Dataset, Options) {
	n, d := 3+int(src.Uint64()%8), 1+int(src.Uint64()%3)
	noise := []uint64{2, 5, 16}[src.Uint64()%3] // of its reciprocal
	kinds := int(src.Uint64() % 4)
	set := &datasets.Dataset{X: mat.NewDense(n, d, nil), Schema: &datasets.Schema{Target: "y", Reference: "0"}}
	for j := range d {
		set.Schema.Features = append(set.Schema.Features, datasets.Feature{Name: fmt.Sprint("x", j)})
		span := []uint64{2, 3, 7}[src.Uint64()%3]
		for i := range n {
			set.X.Set(i, j, float64(src.Uint64()%span)-1)
		}
		if j > 0 && src.Uint64()%3 == 0 { // a dependent column
			for i := range n {
				set.X.Set(i, j, 1-2*set.X.At(i, 0))
			}
		}
	}
	weight := func() float64 { return float64(src.Uint64() % 4) }
	if kinds == 0 { // grouped counts
		set.Schema.Successes, set.Schema.Failures = "s", "f"
		set.Schema.Target, set.Schema.Reference = "", ""
		set.Y, set.Weights = mat.NewDense(n, 1, nil), make([]float64, n)
		for i := range n {
			s, f := weight(), weight()
			if v := set.X.At(i, 0); v > 0 && noise > 2 {
				f = 0
			} else if v < 0 && noise > 2 {
				s = 0
			}
			if set.Weights[i] = s + f; s+f > 0 {
				set.Y.Set(i, 0, s/(s+f))
			}
		}
		set.Weights[0] = 1
		return set, Options{NoIntercept: src.Uint64()%4 == 0}
	}
	classes := 2 + kinds/2
	for c := range classes {
		set.Schema.Classes = append(set.Schema.Classes, fmt.Sprint(c))
	}
	set.Labels = make([]int, n)
	for i := range n {
		score := set.X.At(i, 0) + float64(src.Uint64()%2)
		set.Labels[i] = min(classes-1, int(math.Max(0, score)))
		if src.Uint64()%noise == 0 {
			set.Labels[i] = int(src.Uint64() % uint64(classes))
		}
	}
	if src.Uint64()%3 == 0 {
		set.Weights = make([]float64, n)
		for i := range n {
			set.Weights[i] = weight()
		}
		set.Weights[0] = 1
	}
	return set, Options{NoIntercept: src.Uint64()%4 == 0}
}

// brute holds what linear programs over the box |V| ≤ 1 say of the directions
// that lower no margin.
type brute struct {
	t    *testing.T
	size int
	rows [][]float64 // contests
	ids  []int
}

func newBrute(t *testing.T, p *problem) *brute {
	b := &brute{t: t, size: p.size()}
	e := p.exactRows()
	for i := range p.rows() {
		p.each(p.noContests(), i, func(y, k int) {
			a, d := make([]float64, p.size()), p.terms
			for j, v := range e.row(i) {
				if y > 0 {
					a[(y-1)*d+j] = v
				}
				if k > 0 {
					a[(k-1)*d+j] = -v
				}
			}
			b.rows, b.ids = append(b.rows, a), append(b.ids, i*p.classes+k)
		})
	}
	return b
}

// largest returns the maximum of c·V.
func (b *brute) largest(c []float64) float64 {
	// V = w − 1 with w + t = 2, and a·w − s = a·1.
	m, n := len(b.rows), b.size
	a := mat.NewDense(m+n, 2*n+m, nil)
	rhs, cost := make([]float64, m+n), make([]float64, 2*n+m)
	for j := range n {
		a.Set(j, j, 1)
		a.Set(j, n+j, 1)
		rhs[j] = 2
		cost[j] = -c[j]
	}
	for i, row := range b.rows {
		for j, v := range row {
			a.Set(n+i, j, v)
		}
		a.Set(n+i, 2*n+i, -1)
		rhs[n+i] = floats.Sum(row)
	}
	value, _, err := lp.Simplex(cost, a, rhs, 1e-10, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return -value - floats.Sum(c)
}

func TestRandomProblemsAgreeWithLinearPrograms(t *testing.T) {
	src := random.New(8, 1)
	seen := map[Status]int{}
	for range 150 {
		d, o := small(src)
		f, x := examine(t, d, o)
		seen[x.Status]++
		b := newBrute(t, f.p)
		won := f.p.noContests()
		for i, row := range b.rows {
			won.in[b.ids[i]] = b.largest(row) > 1e-6
		}
		dump := func() string {
			return fmt.Sprintf("%v\nlabels %v weights %v options %+v hits %v", mat.Formatted(d.X), d.Labels, d.Weights, o, f.p.hits)
		}
		if separated := slices.Contains(won.in, true); separated != (x.Direction != nil) {
			t.Fatalf("%v, separated %v:\n%s", x.Status, separated, dump())
		}
		if x.Status == Overlap {
			continue
		}
		a := &separation{p: f.p, won: won}
		if got, want := x.Separated, a.separated(); x.Direction != nil && !slices.Equal(got, want) {
			t.Fatalf("rows %v are separated, not %v:\n%s", got, want, dump())
		}
		if x.Direction != nil && !x.Exact {
			t.Errorf("not verified:\n%s", dump())
		}
		for at := range f.p.size() {
			unit := make([]float64, f.p.size())
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
			if got := x.Coefficient[at/f.p.terms][at%f.p.terms]; got != want {
				t.Fatalf("%v: parameter %d is %v, not %v:\n%s", x.Status, at, got, want, dump())
			}
			if v := x.FiniteCoef.At(at/f.p.terms, at%f.p.terms); math.IsNaN(v) != (want != Finite) {
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
