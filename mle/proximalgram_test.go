package mle

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/floats"
)

// Without an information matrix the same coefficients are 0, and the others near.
func TestApproach(t *testing.T) {
	for _, k := range []int{2, 3, 5} {
		for _, o := range []Options{{Penalty: L1, C: 0.05}, {Penalty: L1}, {Penalty: ElasticNet, L1Ratio: 0.3, C: 0.2}, {Penalty: L1, C: 0.1, NoIntercept: true}} {
			d := plantedData(500, 12, k)
			for i := range d.Len() {
				d.X.Set(i, 3, 0) // no curvature
				d.X.Set(i, 4, 1e3*d.X.At(i, 4))
			}
			f := fit(t, d, o)
			s := newSolver(f.p, &o)
			theta, err := s.approach(t.Context(), f.p.start())
			if err != nil {
				t.Fatal(err)
			}
			pt, err := f.p.evaluate(t.Context(), s.b, theta, nil)
			if err != nil {
				t.Fatal(err)
			}
			if gap := pt.value - f.Objective; gap > 1e-3 || s.iterations > 40 {
				t.Errorf("%d classes, %+v: %g nats above the optimum after %d steps", k, o, gap, s.iterations)
			}
			different := 0
			for i, w := range f.theta.Hi {
				if (w == 0) != (theta[i] == 0) {
					different++
				}
			}
			if different > 1 {
				t.Errorf("%d classes, %+v: %d coefficients are 0 in one and not in the other", k, o, different)
			}
		}
	}
}

// The curvature along the last step is that which was measured.
func TestGramModelSecant(t *testing.T) {
	o := Options{Penalty: ElasticNet, L1Ratio: 0.5}
	p, err := newProblem(plantedData(300, 6, 4), &o, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := newSolver(p, &o)
	m, err := s.gramModel(t.Context(), p.start())
	if err != nil {
		t.Fatal(err)
	}
	pt, err := p.evaluate(t.Context(), s.b, p.start(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range remembered + 3 {
		theta := make([]float64, p.size())
		for i := range theta {
			theta[i] = 0.1 * math.Cos(float64(i*i+n*i))
		}
		next, err := p.evaluate(t.Context(), s.b, theta, nil)
		if err != nil {
			t.Fatal(err)
		}
		step := floats.SubTo(make([]float64, len(theta)), theta, pt.theta)
		change := floats.SubTo(make([]float64, len(theta)), smooth(next, m.threshold), smooth(pt, m.threshold))
		m.learn(step, change)
		// As after a sweep that went from 0 to the step.
		m.start, m.w = make([]float64, len(step)), step
		m.inner = make([]float64, m.rank)
		clear(m.along)
		clear(m.sum)
		for i, v := range step {
			j := i % p.terms
			row := m.gram[j*p.terms : (j+1)*p.terms]
			floats.AddScaled(m.along[i-j:i-j+p.terms], v, row)
			floats.AddScaled(m.sum, v, row)
			floats.AddScaled(m.inner, v, m.psi[i*m.rank:(i+1)*m.rank])
		}
		for i, want := range change {
			if got := m.slope(i); math.Abs(got-want) > 1e-9*norm(change) {
				t.Fatalf("step %d: the product with the step is %g at %d, the change %g", n, got, i, want)
			}
		}
		pt = next
	}
}

// So many parameters that their information is computed near the optimum only.
func TestL1OfManyParameters(t *testing.T) {
	d := plantedData(300, 700, 3)
	f := fit(t, d, Options{Penalty: L1, C: 0.1})
	if f.p.size() <= manyParameters || !f.Certificate.Holds || f.Certificate.Distance > 1e-8 || f.Passes > 100 {
		t.Errorf("%d parameters, distance %g, %g passes", f.p.size(), f.Certificate.Distance, f.Passes)
	}
}
