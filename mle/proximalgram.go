package mle

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// gramModel is the quadratic model of a proximal quasi-Newton step of a problem
// of many parameters, for which the information would take long. Its curvature is
//
//	M = (I − 11ᵀ/K)⊗G + ridge
//
// with the Gram matrix G of [kronecker], corrected by what the last steps told
// of it, as in L-BFGS: B = M − ΨC⁻¹Ψᵀ, where Ψ = [MS Y] has columns for steps S
// and changes Y of the gradient.
//
// Source: Byrd, Nocedal and Schnabel, "Representations of quasi-Newton matrices
// and their use in limited memory methods" (Math. Programming 63, 1994), theorem
// 2.3; Scheinberg and Tang, "Practical inexact proximal quasi-Newton method with
// global complexity analysis" (Math. Programming 160, 2016).
type gramModel struct {
	p         *problem
	gram      []float64 // G, times the factor of the likelihood
	threshold []float64 // λⱼ, by parameter

	steps, changes, images [][]float64 // S, Y and MS
	psi, phi               []float64   // Ψ and ΨC⁻¹, a row for each parameter
	rank                   int         // their columns

	// Of a step: where it starts, ∇f there without the absolute values, where it
	// ends, and the products of the way with G (a row for each logit, and their
	// sum) and with Ψ.
	start, g, w []float64
	along, sum  []float64
	inner       []float64
}

// gramModel returns the model for steps from about theta.
func (s *solver) gramModel(ctx context.Context, theta []float64) (*gramModel, error) {
	p := s.p
	pt, err := p.pass(ctx, s.b, theta, ask{variance: meanVariance})
	if err != nil {
		return nil, err
	}
	m := &gramModel{p: p, threshold: p.thresholds(), along: make([]float64, p.size()), sum: make([]float64, p.terms)}
	if m.gram, err = p.gram(ctx, pt.variance); err != nil {
		return nil, err
	}
	floats.Scale(p.c, m.gram)
	return m, nil
}

// ridge returns that of parameter i.
func (m *gramModel) ridge(i int) float64 {
	if m.p.isIntercept(i) {
		return 0
	}
	u := m.p.unscale(i)
	return m.p.penalty.ridge * u * u
}

// multiply returns M·v.
func (m *gramModel) multiply(v []float64) []float64 {
	p, d := m.p, m.p.terms
	out := make([]float64, len(v))
	gram := tensor.Matrix{Rows: d, Cols: d, Stride: d, Data: m.gram}
	tensor.Gemm(tensor.N, tensor.N, 1, p.matrix(v), gram, 0, p.matrix(out))
	mean := make([]float64, d)
	for i, x := range out {
		mean[i%d] += x / float64(p.classes)
	}
	for i := range out {
		out[i] += m.ridge(i)*v[i] - mean[i%d]
	}
	return out
}

// learn takes up a step and the change of the gradient along it.
func (m *gramModel) learn(step, change []float64) {
	if !(floats.Dot(step, change) > 0) {
		return
	}
	m.steps, m.changes, m.images = append(m.steps, step), append(m.changes, change), append(m.images, m.multiply(step))
	if len(m.steps) > remembered {
		m.steps, m.changes, m.images = m.steps[1:], m.changes[1:], m.images[1:]
	}
	n := len(m.steps)
	c := mat.NewDense(2*n, 2*n, nil)
	for i := range n {
		for j := range n {
			c.Set(i, j, floats.Dot(m.steps[i], m.images[j]))
			if sy := floats.Dot(m.steps[i], m.changes[j]); i > j {
				c.Set(i, n+j, sy)
				c.Set(n+j, i, sy)
			} else if i == j {
				c.Set(n+i, n+i, -sy)
			}
		}
	}
	var inverse mat.Dense
	if inverse.Inverse(c) != nil { // steps that are nearly dependent
		m.steps, m.changes, m.images, m.rank = nil, nil, nil, 0
		return
	}
	m.rank = 2 * n
	m.psi = make([]float64, len(step)*m.rank)
	for i := range step {
		row := m.psi[i*m.rank:]
		for k := range n {
			row[k], row[n+k] = m.images[k][i], m.changes[k][i]
		}
	}
	m.phi = make([]float64, len(m.psi))
	as := func(data []float64) tensor.Matrix {
		return tensor.Matrix{Rows: len(step), Cols: m.rank, Stride: m.rank, Data: data}
	}
	tensor.Gemm(tensor.N, tensor.N, 1, as(m.psi), inverse.RawMatrix(), 0, as(m.phi))
}

// minimise sets m.w to about the minimum of the model at pt, by sweeps over the
// coordinates, most of them over those that are not 0.
func (m *gramModel) minimise(pt *point) {
	const sweeps, accuracy = 400, 1e-3
	m.start, m.g, m.w = pt.theta, smooth(*pt, m.threshold), slices.Clone(pt.theta)
	clear(m.along)
	clear(m.sum)
	m.inner = make([]float64, m.rank)
	first := m.sweep(func(int) bool { return true })
	for n := 1; n < sweeps; n++ {
		moved := m.sweep(func(i int) bool { return m.w[i] != 0 || m.threshold[i] == 0 })
		if moved > accuracy*first {
			continue
		}
		if m.sweep(func(int) bool { return true }) <= accuracy*first {
			return
		}
	}
}

// slope returns element i of B·(w − start).
func (m *gramModel) slope(i int) float64 {
	v := m.along[i] - m.sum[i%m.p.terms]/float64(m.p.classes) + m.ridge(i)*(m.w[i]-m.start[i])
	if m.rank > 0 {
		v -= floats.Dot(m.phi[i*m.rank:(i+1)*m.rank], m.inner)
	}
	return v
}

// sweep minimises over each coordinate of some in turn and returns the largest
// change, in the metric of B.
func (m *gramModel) sweep(some func(i int) bool) (largest float64) {
	d, r := m.p.terms, m.rank
	for i, w := range m.w {
		if !some(i) {
			continue
		}
		j := i % d
		a := m.gram[j*d+j]*(1-1/float64(m.p.classes)) + m.ridge(i)
		if r > 0 {
			a -= floats.Dot(m.psi[i*r:(i+1)*r], m.phi[i*r:(i+1)*r])
		}
		if !(a > 0) {
			continue
		}
		to := shrink(a*w-m.g[i]-m.slope(i), m.threshold[i]) / a
		if to == w {
			continue
		}
		t := to - w
		m.w[i] = to
		row := m.gram[j*d : (j+1)*d]
		floats.AddScaled(m.along[i-j:i-j+d], t, row)
		floats.AddScaled(m.sum, t, row)
		if r > 0 {
			floats.AddScaled(m.inner, t, m.psi[i*r:(i+1)*r])
		}
		largest = max(largest, math.Abs(t)*math.Sqrt(a))
	}
	return largest
}

// way returns w − start, its norm in the metric of B, and by how much f falls on
// it to first order, with the absolute values.
func (m *gramModel) way() (move []float64, length, promise float64) {
	move = floats.SubTo(make([]float64, len(m.w)), m.w, m.start)
	square := 0.0
	for i, v := range move {
		square += v * m.slope(i)
		promise += m.g[i]*v + m.threshold[i]*(math.Abs(m.w[i])-math.Abs(m.start[i]))
	}
	return move, math.Sqrt(max(0, square)), promise
}

// approach goes from theta to near the optimum of an objective with an L1 penalty
// without an information matrix: the coefficients that are 0 there are mostly
// known then. It ends where a step is short, where the last few were no shorter
// than those before, or where nothing lower is found.
func (s *solver) approach(ctx context.Context, theta []float64) ([]float64, error) {
	const near, most, slow = 1e-4, 300, 5
	shortest, since := math.Inf(1), 0
	m, err := s.gramModel(ctx, theta)
	if err != nil {
		return nil, err
	}
	pt, err := s.p.evaluate(ctx, s.b, theta, nil)
	for range most {
		if err != nil {
			return nil, err
		}
		m.minimise(&pt)
		move, length, promise := m.way()
		s.observe(pt.value, length)
		if since++; length < shortest {
			shortest, since = length, 0
		}
		if length < near || since > slow || !isFinite(pt.value) {
			break
		}
		if s.iterations >= s.maxIterations() {
			return nil, s.outOfSteps(length)
		}
		s.iterations++
		s.cheap++
		next, ok, e := s.along(ctx, &pt, move, promise)
		if !ok || e != nil {
			err = e
			break
		}
		m.learn(floats.SubTo(make([]float64, len(move)), next.theta, pt.theta),
			floats.SubTo(make([]float64, len(move)), smooth(next, m.threshold), m.g))
		pt = next
	}
	return pt.theta, err
}

// along goes from pt along a way as far as f falls by 1e-4 of the promise.
func (s *solver) along(ctx context.Context, pt *point, move []float64, promise float64) (point, bool, error) {
	noise := 4 * s.gamma() * math.Abs(pt.value)
	for t := 1.0; t > 1e-10; t /= 2 {
		theta := floats.AddScaledTo(make([]float64, len(move)), pt.theta, t, move)
		next, err := s.p.evaluate(ctx, s.b, theta, nil)
		if err != nil {
			return next, false, err
		}
		if next.value <= pt.value+1e-4*t*promise+noise {
			return next, true, nil
		}
	}
	return *pt, false, nil
}
