package vmath

import "math"

// logistic is what σ(z) and σ(−z) are made from: e + lost = e^−|z|,
// d + dLost = 1 + e + lost, and q = 1/d, not yet corrected for dLost.
type logistic struct{ e, lost, d, dLost, q float64 }

func newLogistic(z float64) (g logistic) {
	g.e, g.lost = decay(z)
	g.d = 1 + g.e
	g.dLost = (g.e - (g.d - 1)) + g.lost
	g.q = 1 / g.d
	return g
}

// log1p returns log(1 + e + lost).
func (g *logistic) log1p() float64 {
	x, lost, kHi, kLo := g.e, g.lost, 0.0, 0.0
	if x > 0.5 { // log 2 + log(1 + (e−1)/2)
		x, lost, kHi, kLo = (x-1)*0.5, lost*0.5, ln2Hi, ln2Lo
	}
	hi, lo := log1pParts(kHi, kLo, x, lost)
	return hi + lo
}

// quotient returns (x + lost)/(d + dLost), with one step of Newton's iteration
// to correct the quotient for its own rounding and for what was lost.
func (g *logistic) quotient(x, lost float64) float64 {
	y := x * g.q
	r := math.FMA(-y, g.d, x)
	r = math.FMA(-y, g.dLost, r) + lost
	return math.FMA(r, g.q, y)
}

// inverse returns 1/(d + dLost), which is σ(|z|).
func (g *logistic) inverse() float64 {
	r := math.FMA(-g.q, g.d, 1)
	r = math.FMA(-g.q, g.dLost, r)
	return math.FMA(r, g.q, g.q)
}

// sigma returns σ(z).
func (g *logistic) sigma(z float64) float64 {
	if z < 0 {
		return g.quotient(g.e, g.lost)
	}
	return g.quotient(1, 0)
}

// slope returns (e + lost)/(d + dLost)².
func (g *logistic) slope() float64 { return g.overSquare(g.e, g.lost) }

// overSquare returns (x + lost)/(d + dLost)², corrected as quotient does.
func (g *logistic) overSquare(x, lost float64) float64 {
	square := g.q * g.q
	s := x * square
	d := g.d * g.d
	dLost := math.FMA(g.d+g.d, g.dLost, math.FMA(g.d, g.d, -d))
	r := math.FMA(-s, d, x)
	r = math.FMA(-s, dLost, r) + lost
	return math.FMA(r, square, s)
}

func sigmoid(z float64, sloped bool) (y, slope float64) {
	g := newLogistic(z)
	if sloped {
		slope = g.slope()
	}
	return g.sigma(z), slope
}

func softplus(z float64, sloped bool) (y, slope float64) {
	g := newLogistic(z)
	if sloped {
		slope = g.sigma(z)
	}
	return g.log1p() + larger(0, z), slope
}

// logSigmoid makes its slope σ(−z) from e alone.
func logSigmoid(z float64, sloped bool) (y, slope float64) {
	g := newLogistic(z)
	if sloped {
		x := g.e
		if z < 0 {
			x = 1
		}
		h := logistic{d: g.d, dLost: g.e - (g.d - 1), q: g.q}
		slope = h.quotient(x, 0)
	}
	return smaller(0, z) - g.log1p(), slope
}

// tanh is m/(2+m) with m = e^−2|z| − 1, made in two parts; its slope is 4e/(1+e)²
// with e = m + 1.
func tanh(z float64, sloped bool) (y, slope float64) {
	a := -math.Abs(z)
	r := reduce(larger(expLow, a+a))
	hi, lo := r.minus1()
	var g logistic // of 2z
	g.d = 2 + hi
	g.dLost = (hi - (g.d - 2)) + lo
	g.q = 1 / g.d
	y = withSign(math.Abs(g.quotient(hi, lo)), z)
	if sloped {
		g.e, g.lost = r.decay(r.n + 2)
		slope = g.slope()
	}
	return y, slope
}

// bce is the binary cross-entropy of σ(z) with the target t and the weight w of
// the positive class, and its derivative with respect to z: see
// tensor.SigmoidBCE. With w = 1 the bits are those without a weight if t + (1−t)
// is 1.
func bce(z, t, w float64, weighted bool) (loss, gradient float64) {
	g := newLogistic(z)
	loss = g.log1p()
	yes, no := t, 1-t
	if weighted {
		yes = float64(t * w)
		loss = float64(loss * (yes + no))
	}
	a := math.Abs(z)
	p := g.inverse()
	notP := g.e * p
	wrong := no
	if !(z >= 0) {
		wrong = yes
		p, notP = notP, p
	}
	switch {
	case !(wrong != 0):
	case z >= 0 && z <= math.MaxFloat64:
		loss += math.FMA(-t, a, a) // (1−t)·a, without rounding 1−t
	default:
		loss = math.FMA(wrong, a, loss)
	}
	return loss, math.FMA(-yes, notP, float64(no*p))
}
