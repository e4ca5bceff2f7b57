package activation

import "github.com/surprisal-ml/surprisal/tensor"

// Tanh is the hyperbolic tangent, 2σ(2z)−1.
type Tanh struct{}

func (Tanh) Name() string                 { return "tanh" }
func (Tanh) Value(y, z []float64)         { tensor.Tanh(y, nil, z) }
func (Tanh) ValueSlope(y, s, z []float64) { tensor.Tanh(y, s, z) }
func (Tanh) Curvature(c, z []float64)     { tensor.TanhCurvature(c, z) }
