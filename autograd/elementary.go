package autograd

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// The types of this file implement activation.Func for elementary functions
// that are no activations.

type exponential struct{}

func (exponential) Name() string             { return "exp" }
func (exponential) Value(y, x []float64)     { tensor.Exp(y, x) }
func (exponential) Curvature(c, x []float64) { tensor.Exp(c, x) }
func (exponential) ValueSlope(y, s, x []float64) {
	tensor.Exp(y, x)
	copy(s, y)
}

type logarithm struct{}

func (logarithm) Name() string         { return "log" }
func (logarithm) Value(y, x []float64) { tensor.Log(y, x) }
func (logarithm) ValueSlope(y, s, x []float64) {
	for i, v := range x {
		s[i] = 1 / v
	}
	tensor.Log(y, x)
}
func (logarithm) Curvature(c, x []float64) {
	for i, v := range x {
		c[i] = -1 / (v * v)
	}
}

type root struct{}

func (root) Name() string { return "sqrt" }
func (root) Value(y, x []float64) {
	for i, v := range x {
		y[i] = math.Sqrt(v)
	}
}
func (root) ValueSlope(y, s, x []float64) {
	for i, v := range x {
		y[i] = math.Sqrt(v)
		s[i] = 0.5 / y[i]
	}
}
func (root) Curvature(c, x []float64) {
	for i, v := range x {
		c[i] = -0.25 / (v * math.Sqrt(v))
	}
}

type square struct{}

func (square) Name() string { return "square" }
func (square) Value(y, x []float64) {
	for i, v := range x {
		y[i] = v * v
	}
}
func (square) ValueSlope(y, s, x []float64) {
	for i, v := range x {
		y[i], s[i] = v*v, 2*v
	}
}
func (square) Curvature(c, x []float64) {
	for i := range x {
		c[i] = 2
	}
}

type magnitude struct{}

func (magnitude) Name() string { return "abs" }
func (magnitude) Value(y, x []float64) {
	for i, v := range x {
		y[i] = math.Abs(v)
	}
}
func (magnitude) ValueSlope(y, s, x []float64) {
	for i, v := range x {
		if s[i] = v; v > 0 || v < 0 { // 0 and NaN stay what they are
			s[i] = math.Copysign(1, v)
		}
		y[i] = math.Abs(v)
	}
}
func (magnitude) Curvature(c, x []float64) { clear(c) }
