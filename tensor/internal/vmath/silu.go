package vmath

import "math"

// silu is z·σ(z), with the slope σ(z)·(1 + z·σ(−z)). To the left both are made
// from h·2ⁿ = e^z, and scaled at the end: e^z may be subnormal where its products
// are not.
func silu(z float64, sloped bool) (y, slope float64) {
	left := z < 0
	a := smaller(siluEnd, math.Abs(z))
	b := withSign(a, z)
	r := reduce(-a)
	hi, lo := r.exp()
	h := hi + lo
	hLost := lo - (h - hi)
	p := power(larger(-1000, r.n))
	var g logistic
	g.e = float64(h * p)
	g.d = 1 + g.e
	g.dLost = math.FMA(hLost, p, g.e-(g.d-1))
	g.q = 1 / g.d

	n, add, by := r.n, g.e, 1.0
	if !left {
		n, h, hLost = 0, 1, 0
		add, by = 1, g.e
	}
	x := b * h
	y = withSign(scale(g.quotient(x, math.FMA(b, hLost, math.FMA(b, h, -x))), n), z)
	if !(z <= siluEnd) {
		y = z // NaN too
	}
	if sloped { // σ(z)²·(1 + z + e^z), or σ(z)²·(1 + (1+z)·e^−z) to the right
		t := math.FMA(1+b, by, add)
		x = t * h
		slope = scale(g.overSquare(x, math.FMA(t, hLost, math.FMA(t, h, -x))), n)
	}
	return y, slope
}

// Beyond −siluEnd z·e^z is 0 in float64.
const siluEnd = 760
