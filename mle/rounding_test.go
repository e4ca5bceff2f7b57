package mle

import (
	"context"
	"math"
	"testing"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// The rounding of gradients in float64, measured against double-double, is below
// its bound, and the bound not far above what errors of the same size can do.
func TestNoiseBound(t *testing.T) {
	ctx := context.Background()
	for _, n := range []int{50, 5000} {
		for _, k := range []int{2, 3} {
			for _, offset := range []float64{0, 1e3} {
				d := plantedData(n, 4, k)
				for i := range n { // far from 0, the logits cancel
					d.X.Set(i, 1, d.X.At(i, 1)+offset)
				}
				for _, o := range []Options{{}, {Penalty: L2, C: 0.1}, {Penalty: LogF}} {
					f := fit(t, d, o)
					s := newSolver(f.p, &o)
					m, err := f.p.measure(ctx, s.b, f.theta.Hi)
					if err != nil {
						t.Fatal(err)
					}
					plain, err := f.p.evaluate(ctx, s.b, f.theta.Hi, nil)
					if err != nil {
						t.Fatal(err)
					}
					exact, err := f.p.evaluateExactly(ctx, s.b, dd.Vector{Hi: f.theta.Hi, Lo: make([]float64, f.p.size())}, want{value: true})
					if err != nil {
						t.Fatal(err)
					}
					g := make([]float64, f.p.size())
					for i := range g {
						g[i] = dd.New(plain.grad[i]).Sub(exact.grad.At(i)).Hi
					}
					f.inner.whiten(g)
					bound := s.noise(&m, f.inner, roundoff, s.gradientGamma())
					if e := norm(g); e > bound || bound > 1e6*e {
						t.Errorf("%d rows, %d classes, offset %g, %v: rounding %g, bound %g", n, k, offset, o.Penalty, e, bound)
					}
					e := math.Abs(dd.New(plain.value).Sub(exact.value).Hi)
					if bound := roundoff * (m.objective + 8*plain.value); e > bound || bound > 1e-11*plain.value {
						t.Errorf("%d rows, %d classes, offset %g, %v: error of the objective %g, bound %g", n, k, offset, o.Penalty, e, bound)
					}
				}
			}
		}
	}
}

// The leverage of rows bounds R², and so does the norm of the inverse.
func TestRadiusBounds(t *testing.T) {
	ctx := context.Background()
	for _, k := range []int{2, 3} {
		for _, o := range []Options{{}, {Penalty: L2}, {Penalty: LogF}} {
			f := fit(t, plantedData(100, 3, k), o)
			s := newSolver(f.p, &o)
			exact, err := s.exactRadius(ctx, f.inner)
			if err != nil {
				t.Fatal(err)
			}
			cheap, err := s.cheapRadius(ctx, f.inner)
			if err != nil {
				t.Fatal(err)
			}
			m, err := f.p.measure(ctx, s.b, f.theta.Hi)
			if err != nil {
				t.Fatal(err)
			}
			if exact > cheap || cheap > 30*exact || o.Penalty != LogF && exact > math.Sqrt(m.leverage) {
				t.Errorf("%d classes, %v: R is %g, its bounds %g and %g", k, o.Penalty, exact, cheap, math.Sqrt(m.leverage))
			}
		}
	}
}
