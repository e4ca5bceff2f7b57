package activation

import (
	"cmp"

	"github.com/surprisal-ml/surprisal/tensor"
)

// ReLU is max(z, 0), the rectified linear unit. Its slope at 0 is 0.
type ReLU struct{}

func (ReLU) Name() string                 { return "relu" }
func (ReLU) Value(y, z []float64)         { tensor.ReLU(y, nil, z) }
func (ReLU) ValueSlope(y, s, z []float64) { tensor.ReLU(y, s, z) }
func (ReLU) Curvature(c, z []float64)     { clear(c) }

// LeakyReLU is z for z > 0 and Slope·z otherwise. Its slope at 0 is Slope.
type LeakyReLU struct {
	Slope float64 // 0 means 0.01
}

func (f LeakyReLU) slope() float64 { return cmp.Or(f.Slope, 0.01) }

func (f LeakyReLU) Name() string                 { return name("leaky_relu", f.slope()) }
func (f LeakyReLU) Value(y, z []float64)         { tensor.LeakyReLU(y, nil, z, f.slope()) }
func (f LeakyReLU) ValueSlope(y, s, z []float64) { tensor.LeakyReLU(y, s, z, f.slope()) }
func (f LeakyReLU) Curvature(c, z []float64)     { clear(c) }

// ELU is z for z > 0 and Alpha·(e^z−1) otherwise, the exponential linear unit
// of Clevert, Unterthiner & Hochreiter (2016). Its slope at 0 is Alpha: with
// Alpha = 1 it has no kink.
type ELU struct {
	Alpha float64 // 0 means 1
}

func (f ELU) alpha() float64 { return cmp.Or(f.Alpha, 1) }

func (f ELU) Name() string                 { return name("elu", f.alpha()) }
func (f ELU) Value(y, z []float64)         { tensor.ELU(y, nil, z, f.alpha()) }
func (f ELU) ValueSlope(y, s, z []float64) { tensor.ELU(y, s, z, f.alpha()) }
func (f ELU) Curvature(c, z []float64)     { tensor.ELUCurvature(c, z, f.alpha()) }
