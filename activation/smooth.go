package activation

import (
	"cmp"

	"github.com/surprisal-ml/surprisal/tensor"
)

// GELU is z·Φ(z), Φ the distribution function of the standard normal: the
// Gaussian error linear unit of Hendrycks & Gimpel (2016), exact and not its
// approximation by tanh.
type GELU struct{}

func (GELU) Name() string                 { return "gelu" }
func (GELU) Value(y, z []float64)         { tensor.GELU(y, nil, z) }
func (GELU) ValueSlope(y, s, z []float64) { tensor.GELU(y, s, z) }
func (GELU) Curvature(c, z []float64)     { tensor.GELUCurvature(c, z) }

// SiLU is z·σ(z), the sigmoid linear unit, also called swish.
type SiLU struct{}

func (SiLU) Name() string                 { return "silu" }
func (SiLU) Value(y, z []float64)         { tensor.SiLU(y, nil, z) }
func (SiLU) ValueSlope(y, s, z []float64) { tensor.SiLU(y, s, z) }
func (SiLU) Curvature(c, z []float64)     { tensor.SiLUCurvature(c, z) }

// Softplus is log(1+e^βz)/β, a smooth ReLU. It has no threshold: unlike
// PyTorch's, which returns z from βz = 20 on, it is exact everywhere.
type Softplus struct {
	Beta float64 // 0 means 1
}

func (f Softplus) beta() float64 { return cmp.Or(f.Beta, 1) }

func (f Softplus) Name() string                 { return name("softplus", f.beta()) }
func (f Softplus) Value(y, z []float64)         { tensor.SoftplusBeta(y, nil, z, f.beta()) }
func (f Softplus) ValueSlope(y, s, z []float64) { tensor.SoftplusBeta(y, s, z, f.beta()) }
func (f Softplus) Curvature(c, z []float64)     { tensor.SoftplusBetaCurvature(c, z, f.beta()) }
