package tensor

import "github.com/surprisal-ml/surprisal/tensor/internal/vmath"

// Exp sets dst[j] = e^x[j], with an error below 0.65 ULP. dst may be x.
func Exp(dst, x []float64) { vmath.Exp(dst, x) }

// Log sets dst[j] = log x[j], with an error below 0.75 ULP. dst may be x.
func Log(dst, x []float64) { vmath.Log(dst, x) }

// Expm1 sets dst[j] = e^x[j] − 1, with an error below 0.75 ULP, near 0 too. dst
// may be x.
func Expm1(dst, x []float64) { vmath.Expm1(dst, x) }

// Log1p sets dst[j] = log(1 + x[j]), with an error below 0.75 ULP, near 0 too. dst
// may be x.
func Log1p(dst, x []float64) { vmath.Log1p(dst, x) }
