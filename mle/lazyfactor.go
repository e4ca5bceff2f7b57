package mle

import (
	"context"
	"math"
	"sync"
)

// lazyFactor is the factor of the information of a fit that did not need it. It
// is computed when something first asks, which for many parameters takes far
// longer than the fit.
type lazyFactor struct {
	s     *solver
	theta []float64

	once sync.Once
	f    factor
}

func (l *lazyFactor) get() factor {
	l.once.Do(func() {
		ctx, n := context.Background(), len(l.theta)
		pt, err := l.s.p.evaluate(ctx, l.s.b, l.theta, make([]float64, n*n))
		if err == nil {
			l.f, err = l.s.factorise(ctx, &pt)
		}
		if err != nil {
			l.f = &noFactor{n}
		}
	})
	return l.f
}

func (l *lazyFactor) solve(g []float64)    { l.get().solve(g) }
func (l *lazyFactor) whiten(g []float64)   { l.get().whiten(g) }
func (l *lazyFactor) scale() []float64     { return l.get().scale() }
func (l *lazyFactor) inverseNorm() float64 { return l.get().inverseNorm() }
func (l *lazyFactor) rounding() float64    { return l.get().rounding() }

// noFactor stands for the factor of a matrix that is singular in float64: all
// that is computed with it is NaN.
type noFactor struct{ n int }

func (f *noFactor) solve(g []float64) {
	for i := range g {
		g[i] = math.NaN()
	}
}
func (f *noFactor) whiten(g []float64) { f.solve(g) }
func (f *noFactor) scale() []float64 {
	s := make([]float64, f.n)
	f.solve(s)
	return s
}
func (f *noFactor) inverseNorm() float64 { return math.NaN() }
func (f *noFactor) rounding() float64    { return math.NaN() }
