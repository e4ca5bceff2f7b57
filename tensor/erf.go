package tensor

import "github.com/surprisal-ml/surprisal/tensor/internal/vmath"

// Erf sets dst = erf x = 2/√π ∫₀ˣ exp(−t²) dt, the error function, within 1.5 ULP.
// The distribution function of the standard normal is ½(1 + erf(x/√2)), which
// loses its relative accuracy for negative x; [GELU] does not. dst may be x.
func Erf(dst, x []float64) { vmath.Erf(dst, x) }
