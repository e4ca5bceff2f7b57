package mle

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/internal/reference"
)

// heldDeviance returns 2·(f(w) − least) at the best w for the free parameters, with
// the others at theirs of theta but j at v, in 340 bits.
func (b *bigProblem) heldDeviance(theta []float64, free []int, j int, v float64, least *big.Float) float64 {
	var w []*big.Float
	for i, x := range theta {
		w = append(w, newBig(x*b.p.unscale(i)))
	}
	w[j] = newBig(v)
	for range 3 {
		_, g, h := b.evaluate(w, true)
		info, grad := make([][]*big.Float, len(free)), make([]*big.Float, len(free))
		for i, from := range free {
			grad[i] = g[from]
			for _, at := range free {
				info[i] = append(info[i], h[from][at])
			}
		}
		for i, step := range solveBig(info, grad) {
			w[free[i]].Sub(w[free[i]], step)
		}
	}
	f, _, _ := b.evaluate(w, false)
	d, _ := f.Sub(f, least).Float64()
	return 2 * d
}

// At both ends the likelihood ratio is the quantile, in 340 bits.
func TestProfile(t *testing.T) {
	ctx := context.Background()
	sets := map[string]*Estimate{
		"two":   fit(t, plantedData(60, 2, 2), Options{}),
		"three": fit(t, plantedData(80, 1, 3), Options{}),
		"bare":  fit(t, plantedData(60, 2, 2), Options{NoIntercept: true}),
		"one":   fit(t, plantedData(60, 1, 2), Options{NoIntercept: true}),
	}
	for id, c := range reference.Files[fitCase](t, "fits") {
		if id == "iris2" {
			sets[id] = fit(t, c.load(t), Options{})
		}
	}
	for name, f := range sets {
		exact := newBigProblem(f.p)
		least, _, _ := exact.evaluate(exact.optimum(f.Coef, f.Low), false)
		for j := range f.p.size() {
			row, column := j/f.p.terms, j%f.p.terms
			for _, level := range []float64{0, 0.5} {
				i, err := f.Profile(ctx, row, column, level)
				if err != nil {
					t.Fatal(name, j, err)
				}
				if level == 0 {
					level = 0.95
				}
				z := quantile(level).Float64()
				for _, v := range []float64{i.Low, i.High} {
					h := f.solver().hold(j)
					at, err := h.minimise(ctx, moved(f.theta.Hi, nil, j, v/f.p.unscale(j)))
					if err != nil {
						t.Fatal(name, j, err)
					}
					if d := exact.heldDeviance(at.theta, h.free, j, v, least); math.Abs(d-z*z) > 1e-13*z*z {
						t.Errorf("%s, coefficient %d, level %g: the likelihood ratio at %v is %v, not %v", name, j, level, v, d, z*z)
					}
				}
				if w := f.Coef.At(row, column); !(i.Low < w && w < i.High) {
					t.Errorf("%s, coefficient %d: %v not in %v", name, j, w, i)
				}
			}
		}
	}
}

// Of infinite coefficients of separated data intervals have one end. Where the
// likelihood ratio is the quantile, in 340 bits, is checked with the rows left out
// that the other columns separate, which are none in one case and some in others.
func TestProfileOfSeparatedData(t *testing.T) {
	ctx := context.Background()
	z := quantile(0.95).Float64()
	found, refused := 0, 0
	for id, c := range referenceFiles(t, "separation") {
		f, err := Fit(ctx, c.load(t), Options{})
		var no *NoEstimateError
		if !errors.As(err, &no) || no.Coefficient == nil {
			continue
		}
		p, g := f.limited, *f
		g.p = p
		for at := range f.Rows {
			for column, sign := range no.Coefficient[at] {
				i, err := f.Profile(ctx, at, column, 0)
				if err != nil {
					refused++
					t.Errorf("%s, coefficient %d, %d: %v", id, at, column, err)
					continue
				}
				found++
				low, high := math.IsInf(i.Low, -1), math.IsInf(i.High, 1)
				if low != (sign == MinusInfinity || sign == Either) || high != (sign == PlusInfinity || sign == Either) {
					t.Errorf("%s: coefficient %d, %d is %v, its interval %v", id, at, column, sign, i)
				}
				if p.rows() > 100 {
					continue
				}
				j := at*p.terms + column
				for _, v := range []float64{i.Low, i.High} {
					if math.IsInf(v, 0) {
						continue
					}
					h, err := g.holdInLimit(ctx, at, column)
					if err != nil {
						t.Fatal(err)
					}
					best, err := h.minimise(ctx, moved(make([]float64, p.size()), nil, j, v/p.unscale(j)))
					if err != nil {
						t.Fatal(id, err)
					}
					exact := newBigProblem(h.s.p)
					if d := exact.heldDeviance(best.theta, h.free, j, v, newBig(-no.SupLogLik)); math.Abs(d-z*z) > 1e-12 {
						t.Errorf("%s, coefficient %d, %d: the likelihood ratio at %v is %v, not %v", id, at, column, v, d, z*z)
					}
				}
			}
		}
	}
	fmt.Printf("%s: %d intervals, %d refused\n", t.Name(), found, refused)
}

// Every coefficient of the reference fits has an interval, menarche-poly's with
// numbers from 1e-3 to 1e4 and a condition of 1e12 included.
func TestProfileOfFits(t *testing.T) {
	ctx := context.Background()
	z := quantile(0.95).Float64()
	for id, c := range reference.Files[fitCase](t, "fits") {
		f := fit(t, c.load(t), Options{})
		if f.p.informationWork() > 3e5 {
			continue // for time
		}
		for j := range f.p.size() {
			i, err := f.Profile(ctx, j/f.p.terms, j%f.p.terms, 0)
			if err != nil {
				t.Errorf("%s: %v", id, err)
				continue
			}
			for _, v := range []float64{i.Low, i.High} {
				along := make([]float64, f.p.size())
				along[j] = 1
				f.inner.solve(along)
				at, err := f.solver().hold(j).minimise(ctx, moved(f.theta.Hi, along, j, v/f.p.unscale(j)))
				if err != nil {
					t.Errorf("%s, coefficient %d held at %g: %v", id, j, v, err)
				} else if ratio := 2 * (at.loss.Hi + f.LogLik); math.Abs(ratio-z*z) > 1e-12*(1+f.Objective) {
					t.Errorf("%s, coefficient %d: the likelihood ratio at %g is %v", id, j, v, ratio)
				}
			}
		}
	}
}

// Where the log-likelihood is only known in float64 the ends are as good as that.
func TestProfileInFloat64(t *testing.T) {
	ctx := context.Background()
	f := fit(t, plantedData(300, 3, 2), Options{})
	s := f.solver()
	s.exact.gradient = false
	z := quantile(0.95).Float64()
	want, err := f.Profile(ctx, 0, 2, 0)
	if err != nil {
		t.Fatal(err)
	}
	c := profile{h: s.hold(2), j: 2, top: dd.New(-f.LogLik), level: z}
	at, err := c.h.minimise(ctx, moved(f.theta.Hi, nil, 2, f.theta.Hi[2]+0.1))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.end(ctx, at, bracket{inner: f.theta.Hi[2], outer: math.Inf(1), reach: 0.3})
	if err != nil || math.Abs(got*f.p.unscale(2)-want.High) > 1e-12*want.High {
		t.Errorf("%v, in double-double %v (%v)", got*f.p.unscale(2), want.High, err)
	}
}
