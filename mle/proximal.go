package mle

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
)

// proximal minimises f, whose penalty has absolute values, by the proximal
// Newton method: a step goes towards the minimum of
//
//	g·(w−θ) + ½(w−θ)ᵀH(w−θ) + Σ λⱼ|wⱼ|
//
// where g and H are the derivatives of f without the absolute values. It ends
// where the support stands still and a step moves the logits by less than
// rounding matters, and leaves the last digits to Newton's method on the support.
//
// Source: Lee, Sun, Saunders, "Proximal Newton-type methods for minimizing
// composite functions" (SIAM J. Optim. 24, 2014).
func (s *solver) proximal(ctx context.Context, theta []float64) ([]float64, error) {
	p, n := s.p, s.p.size()
	info := make([]float64, n*n)
	pt, err := p.evaluate(ctx, s.b, theta, info)
	if err != nil {
		return nil, err
	}
	thresholds := p.thresholds()
	for {
		if !isFinite(pt.value) {
			return nil, &NotCertifiedError{s.iterations, "the objective is not finite"}
		}
		m := newModel(p, pt.theta, smooth(pt, thresholds), pt.info, thresholds)
		m.minimise()
		length := m.length()
		s.observe(pt.value, length)
		if length < 1e-9 {
			return m.w, nil
		}
		if s.iterations >= s.maxIterations() {
			return nil, s.outOfSteps(length)
		}
		s.iterations++
		next, ok, err := s.searchFrom(ctx, &pt, m)
		if err != nil {
			return nil, err
		}
		if !ok {
			return pt.theta, nil
		}
		pt = next
	}
}

// thresholds returns the weight λⱼ of |θⱼ| in the objective, by parameter.
func (p *problem) thresholds() []float64 {
	l := make([]float64, p.size())
	p.coefficients(func(i int, s float64) { l[i] = p.penalty.lasso * s })
	return l
}

// smooth returns the gradient at pt without the absolute values.
func smooth(pt point, thresholds []float64) []float64 {
	g := slices.Clone(pt.grad)
	for i, v := range pt.theta {
		g[i] -= thresholds[i] * sign(v)
	}
	return g
}

// sign returns −1, 0 or 1.
func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// searchFrom goes from pt towards the minimum of the model as far as f falls by
// 1e-4 of what the model promises.
func (s *solver) searchFrom(ctx context.Context, pt *point, m *model) (point, bool, error) {
	promise := floats.Dot(m.g, m.move())
	for i, w := range m.w {
		promise += m.threshold[i] * (math.Abs(w) - math.Abs(m.start[i]))
	}
	noise := 4 * s.gamma() * math.Abs(pt.value)
	theta := slices.Clone(m.w)
	for t := 1.0; t > 1e-10; t /= 2 {
		if t < 1 {
			for i, v := range m.start {
				theta[i] = v + t*(m.w[i]-v)
			}
		}
		next, err := s.p.evaluate(ctx, s.b, theta, pt.info)
		if err != nil {
			return next, false, err
		}
		if next.value <= pt.value+1e-4*t*promise+noise {
			return next, true, nil
		}
	}
	return *pt, false, nil
}

// model is the quadratic model of a proximal Newton step, and its minimiser.
type model struct {
	p                      *problem
	start, g, h, threshold []float64

	w  []float64
	hd []float64 // H(w − start)
}

func newModel(p *problem, start, g, h, threshold []float64) *model {
	return &model{p: p, start: start, g: g, h: h, threshold: threshold, w: slices.Clone(start), hd: make([]float64, len(start))}
}

func (m *model) move() []float64 {
	return floats.SubTo(make([]float64, len(m.w)), m.w, m.start)
}

// length returns the norm of the move in the metric of H.
func (m *model) length() float64 { return math.Sqrt(max(0, floats.Dot(m.move(), m.hd))) }

// minimise finds the minimum by coordinate descent until the signs of w settle,
// and then by solving for w with those signs. Coordinate descent alone would
// end at few digits where columns are nearly collinear.
func (m *model) minimise() {
	const limit = 10000
	wait := 1 // sweeps to the next attempt to solve
	for sweep := range limit {
		signs := m.signs()
		change := m.sweep()
		if change < 1e-14 {
			return
		}
		if sweep >= wait && slices.Equal(signs, m.signs()) {
			if m.solve() {
				return
			}
			wait = 2*sweep + 1
		}
	}
}

func (m *model) signs() []float64 {
	s := make([]float64, len(m.w))
	for i, w := range m.w {
		s[i] = sign(w)
	}
	return s
}

// sweep minimises over each coordinate in turn and returns the largest change,
// in the metric of H.
func (m *model) sweep() (largest float64) {
	n := len(m.w)
	for j, w := range m.w {
		a := m.h[j*n+j]
		if !(a > 0) {
			continue
		}
		to := shrink(a*w-m.g[j]-m.hd[j], m.threshold[j]) / a
		if to == w {
			continue
		}
		m.w[j] = to
		blas64.Axpy(to-w, vector(m.h[j*n:(j+1)*n]), vector(m.hd))
		largest = max(largest, math.Abs(to-w)*math.Sqrt(a))
	}
	return largest
}

// shrink moves x towards 0 by l.
func shrink(x, l float64) float64 {
	switch {
	case x > l:
		return x - l
	case x < -l:
		return x + l
	}
	return 0
}

// solve replaces w by the minimum with the signs that w has, if there they are
// the same and that is the minimum of the model.
func (m *model) solve() bool {
	n := len(m.w)
	var at []int
	d := make([]float64, n) // w − start, first of what is 0
	for i, w := range m.w {
		if w != 0 || m.threshold[i] == 0 {
			at = append(at, i)
		} else {
			d[i] = -m.start[i]
		}
	}
	// What is flat keeps the sum that it has at w.
	flat, info, sums := m.p.flat(m.w), m.h, make([]float64, n)
	if flat != nil {
		info = slices.Clone(m.h)
		move := m.move()
		for _, j := range flat {
			m.p.hold(info, j)
			sum := m.p.gauge(j) * m.p.classSum(move, j)
			for i := j; i < n; i += m.p.terms {
				sums[i] = sum
			}
		}
	}
	f, ok := choleskyOn(info, n, at, 0)
	if !ok {
		return false
	}
	h := blas64.General{Rows: n, Cols: n, Stride: n, Data: m.h}
	hd := make([]float64, n)
	blas64.Gemv(blas.NoTrans, 1, h, vector(d), 0, vector(hd))
	part := make([]float64, len(at))
	for k, i := range at {
		part[k] = sums[i] - (m.g[i] + hd[i] + m.threshold[i]*sign(m.w[i]))
	}
	f.solve(part)
	w := make([]float64, n)
	for k, i := range at {
		d[i] = part[k]
		w[i] = m.start[i] + part[k]
		if m.threshold[i] > 0 && sign(w[i]) != sign(m.w[i]) {
			return false
		}
	}
	blas64.Gemv(blas.NoTrans, 1, h, vector(d), 0, vector(hd))
	for i, v := range w {
		if v == 0 && m.threshold[i] > 0 && math.Abs(m.g[i]+hd[i]) > m.threshold[i] {
			return false
		}
	}
	m.w, m.hd = w, hd
	return true
}
