package tensor

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// SigmoidBCE sets l to the binary cross-entropy of σ(z) with the targets t,
// element by element,
//
//	l  = −w·t·log σ(z) − (1−t)·log σ(−z)
//	dz = ∂l/∂z = (1−t)·σ(z) − w·t·σ(−z)
//	dt = ∂l/∂t = log σ(−z) − w·log σ(z)
//
// with w the weight of the positive class of each element; a nil w is all 1, and
// a nil dz or dt is not computed. l may be z. Neither tail cancels or overflows,
// and 0·∞ is 0: a target of 1 costs nothing at z = +Inf.
func SigmoidBCE(l, dz, dt, z, t, w []float64) {
	if dt != nil {
		sigmoidBCETarget(dt, z, w)
	}
	vmath.SigmoidBCE(l, dz, z, t, w)
}

// sigmoidBCETarget sets dt = log σ(−z) − w·log σ(z), which is −z if w is 1.
func sigmoidBCETarget(dt, z, w []float64) {
	for j, v := range z {
		pos := 1.0
		if w != nil {
			pos = w[j]
		}
		a := math.Abs(v)
		soft := (pos - 1) * math.Log1p(exp(-a)) // −(pos−1)·log σ(a)
		if v >= 0 {
			dt[j] = soft - a
		} else {
			dt[j] = math.FMA(pos, a, soft)
		}
	}
}

// SigmoidBCECurvature sets the second derivatives of [SigmoidBCE]:
// zz = ∂²l/∂z² = (w·t+1−t)·σ(z)·σ(−z) and zt = ∂²l/∂z∂t = −w·σ(−z) − σ(z). The
// third, ∂²l/∂t², is 0. What is nil is not computed.
func SigmoidBCECurvature(zz, zt, z, t, w []float64) {
	t = t[:len(z)]
	for j, v := range z {
		e := exp(-math.Abs(v))
		q := 1 / (1 + e)
		p, notP := q, e*q
		if v < 0 {
			p, notP = notP, p
		}
		pos := 1.0
		if w != nil {
			pos = w[j]
		}
		if zz != nil {
			zz[j] = (pos*t[j] + 1 - t[j]) * p * notP
		}
		if zt != nil {
			zt[j] = -pos*notP - p
		}
	}
}
