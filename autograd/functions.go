package autograd

import "github.com/surprisal-ml/surprisal/activation"

// The functions of this file act on every element, like [Apply]. Each is
// accurate in its tails: see package activation.

// Tanh returns the hyperbolic tangent of x; tanh′ = 1 − tanh².
func Tanh(x Var) Var { return Apply(x, activation.Tanh{}) }

// ReLU returns max(x, 0); its derivative at 0 is 0.
func ReLU(x Var) Var { return Apply(x, activation.ReLU{}) }

// LeakyReLU returns x where it is positive and slope·x elsewhere. A slope of 0
// means 0.01.
func LeakyReLU(x Var, slope float64) Var { return Apply(x, activation.LeakyReLU{Slope: slope}) }

// ELU returns x where it is positive and alpha·(eˣ−1) elsewhere. An alpha of 0
// means 1.
func ELU(x Var, alpha float64) Var { return Apply(x, activation.ELU{Alpha: alpha}) }

// GELU returns x·Φ(x), Φ the distribution function of the standard normal, with
// the derivative Φ(x) + x·φ(x).
func GELU(x Var) Var { return Apply(x, activation.GELU{}) }

// SiLU returns x·σ(x), with the derivative σ(x)·(1 + x·σ(−x)).
func SiLU(x Var) Var { return Apply(x, activation.SiLU{}) }

// Softplus returns log(1+eˣ), with the derivative σ(x). It has no threshold.
func Softplus(x Var) Var { return Apply(x, activation.Softplus{}) }

// LogSigmoid returns log σ(x) = −log(1+e⁻ˣ), with the derivative σ(−x).
func LogSigmoid(x Var) Var { return Apply(x, activation.LogSigmoid{}) }

// Exp returns eˣ, its own derivative.
func Exp(x Var) Var { return Apply(x, exponential{}) }

// Log returns the natural logarithm, with the derivative 1/x: −Inf at 0, and
// NaN below. For log(1+eˣ), log σ and log of a softmax there are functions that
// do not overflow.
func Log(x Var) Var { return Apply(x, logarithm{}) }

// Sqrt returns √x, with the derivative 1/(2√x): infinite at 0, and NaN below.
func Sqrt(x Var) Var { return Apply(x, root{}) }

// Square returns x², with the derivative 2x.
func Square(x Var) Var { return Apply(x, square{}) }

// Abs returns |x|, with the derivative sign(x), 0 at 0.
func Abs(x Var) Var { return Apply(x, magnitude{}) }

// Neg returns −x.
func Neg(x Var) Var { return Scale(x, -1) }
