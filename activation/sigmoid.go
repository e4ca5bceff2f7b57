package activation

import "math"

// Sigmoid is the logistic function σ(z) = 1/(1+e⁻ᶻ), accurate in both tails.
type Sigmoid struct{}

func (Sigmoid) Name() string { return "sigmoid" }

func (Sigmoid) Value(y, z []float64) {
	for i, v := range z {
		if v >= 0 {
			y[i] = 1 / (1 + math.Exp(-v))
		} else {
			e := math.Exp(v)
			y[i] = e / (1 + e)
		}
	}
}

// ValueSlope: σ′ = σ(z)·σ(−z), from one exponential and without 1−σ, which
// cancels.
func (Sigmoid) ValueSlope(y, s, z []float64) {
	for i, v := range z {
		e := math.Exp(-math.Abs(v))
		q := 1 / (1 + e)
		if s[i] = e * q * q; v >= 0 {
			y[i] = q
		} else {
			y[i] = e * q
		}
	}
}

// Curvature: σ″ = σ′·(1−2σ) = −σ′·tanh(z/2).
func (Sigmoid) Curvature(c, z []float64) {
	for i, v := range z {
		e := math.Exp(-math.Abs(v))
		q := 1 / (1 + e)
		c[i] = math.Copysign(e*q*q*(1-e)*q, -v)
	}
}
