package vmath

// Exp sets dst[j] = e^x[j].
func Exp(dst, x []float64) { apply(best, fnExp, dst, x) }

// Expm1 sets dst[j] = e^x[j] − 1, accurate near 0 too.
func Expm1(dst, x []float64) { apply(best, fnExpm1, dst, x) }

// Log sets dst[j] = log x[j].
func Log(dst, x []float64) { apply(best, fnLog, dst, x) }

// Log1p sets dst[j] = log(1 + x[j]), accurate near 0 too.
func Log1p(dst, x []float64) { apply(best, fnLog1p, dst, x) }

// Erf sets dst[j] = erf x[j], the error function.
func Erf(dst, x []float64) { apply(best, fnErf, dst, x) }

// Sigmoid sets y = σ(z) = 1/(1+e⁻ᶻ) and, unless s is nil, s = σ(z)·σ(−z), its
// slope. y is the same with and without s, here and below.
func Sigmoid(y, s, z []float64) { applySlope(best, fnSigmoid, y, s, z) }

// Softplus sets y = log(1+eᶻ) and, unless s is nil, s = σ(z), its slope.
func Softplus(y, s, z []float64) { applySlope(best, fnSoftplus, y, s, z) }

// LogSigmoid sets y = log σ(z) and, unless s is nil, s = σ(−z), its slope.
func LogSigmoid(y, s, z []float64) { applySlope(best, fnLogSigmoid, y, s, z) }

// Tanh sets y to the hyperbolic tangent of z and, unless s is nil, s = 1 − y²,
// its slope, without that subtraction, which cancels.
func Tanh(y, s, z []float64) { applySlope(best, fnTanh, y, s, z) }

// GELU sets y = z·Φ(z), Φ the distribution function of the standard normal, and,
// unless s is nil, s = Φ(z) + z·φ(z), its slope.
func GELU(y, s, z []float64) { applySlope(best, fnGELU, y, s, z) }

// ReLU sets y = max(z, 0) and, unless s is nil, s to its slope: 1 for z > 0,
// otherwise 0.
func ReLU(y, s, z []float64) { applySlope(best, fnReLU, y, s, z) }

// LeakyReLU sets y to z for z > 0 and to alpha·z otherwise and, unless s is nil,
// s to its slope: 1 or alpha.
func LeakyReLU(y, s, z []float64, alpha float64) { applyFamily(best, fnLeakyReLU, y, s, z, alpha) }

// ELU sets y to z for z > 0 and to alpha·(eᶻ−1) otherwise and, unless s is nil,
// s to its slope: 1 or alpha·eᶻ.
func ELU(y, s, z []float64, alpha float64) { applyFamily(best, fnELU, y, s, z, alpha) }

// SiLU sets y = z·σ(z) and, unless s is nil, s = σ(z)·(1 + z·σ(−z)), its slope.
func SiLU(y, s, z []float64) { applySlope(best, fnSiLU, y, s, z) }
