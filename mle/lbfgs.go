package mle

import "gonum.org/v1/gonum/floats"

// memory is the limited-memory BFGS approximation of the inverse of ∇²f: the
// metric of a factor, corrected by what the last steps told of the curvature.
//
// Source: Nocedal, "Updating quasi-Newton matrices with limited storage" (Math.
// Comp. 35, 1980). With a factor of a Gram matrix of the data it is L-BFGS in
// whitened columns, without a copy of them: that took a tenth of the passes of
// plain L-BFGS.
//
// It is not gonum's optimize.LBFGS because that has no metric, and its line
// searches compare values of f, which near the optimum agree in all digits
// long before the gradient does.
type memory struct {
	steps, changes [][]float64 // of the parameters and of the gradient
	products       []float64   // step·change
}

// remembered is the number of steps that a memory holds.
const remembered = 12

// add remembers a step and the change of the gradient along it, unless the
// curvature along it was not positive.
func (m *memory) add(step, change []float64) {
	product := floats.Dot(step, change)
	if !(product > 0) {
		return
	}
	m.steps, m.changes, m.products = append(m.steps, step), append(m.changes, change), append(m.products, product)
	if len(m.steps) > remembered {
		m.steps, m.changes, m.products = m.steps[1:], m.changes[1:], m.products[1:]
	}
}

// solve replaces g by an approximation of (∇²f)⁻¹g, where f solves in the metric
// that is corrected.
func (m *memory) solve(g []float64, f factor) {
	weights := make([]float64, len(m.steps))
	for i := len(m.steps) - 1; i >= 0; i-- {
		weights[i] = floats.Dot(m.steps[i], g) / m.products[i]
		floats.AddScaled(g, -weights[i], m.changes[i])
	}
	f.solve(g)
	for i, step := range m.steps {
		floats.AddScaled(g, weights[i]-floats.Dot(m.changes[i], g)/m.products[i], step)
	}
}
