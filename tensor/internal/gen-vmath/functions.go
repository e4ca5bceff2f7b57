package main

import "math"

// The formulas of this file are those of package vmath, rounding for rounding:
// see there what each step is for.

const (
	log2e = math.Log2E
	ln2Hi = 0x1.62e42fefa38p-1
	ln2Lo = 0x1.ef35793c7673p-45
)

var expSeries = []float64{
	0x1.555555555555bp-3, 0x1.555555555555ap-5, 0x1.111111110ebcap-7, 0x1.6c16c16c14117p-10, 0x1.a01a01b3b9892p-13,
	0x1.a01a01b211674p-16, 0x1.71ddef8b4528ep-19, 0x1.27e4c2976f341p-22, 0x1.af6cebb7c7099p-26, 0x1.1f99fe6e324f6p-29,
}

var logSeries = []float64{
	0x1.5555555555547p-1, 0x1.999999999e230p-2, 0x1.249249206abf4p-2, 0x1.c71c759d07861p-3, 0x1.745c16219056bp-3,
	0x1.3b3b87506bc2bp-3, 0x1.0d76960581287p-3, 0x1.1d80fecd39b55p-3,
}

// reduced is eˣ = 2ⁿ·(1 + r + r²/2 + r³·series + lo).
type reduced struct{ n, r, lo, square, series *op }

func (f *formula) reduce(x *op) (r reduced) {
	magic := f.num(0x1.8p52)
	r.n = f.sub(f.fma(x, f.num(log2e), magic), magic)
	left := f.fnma(r.n, f.num(ln2Hi), x)
	r.r = f.fnma(r.n, f.num(ln2Lo), left)
	r.lo = f.fnma(r.n, f.num(ln2Lo), f.sub(left, r.r))
	r.lo = f.fma(r.lo, r.r, r.lo)
	r.square = f.mul(r.r, r.r)
	even, odd := f.num(expSeries[8]), f.num(expSeries[9])
	for i := 6; i >= 0; i -= 2 {
		even = f.fma(even, r.square, f.num(expSeries[i]))
		odd = f.fma(odd, r.square, f.num(expSeries[i+1]))
	}
	r.series = f.fma(odd, r.r, even)
	return r
}

// exp returns hi and lo with (hi + lo)·2ⁿ = eˣ.
func (r reduced) exp(f *formula) (hi, lo *op) {
	hi = f.add(r.r, f.num(1))
	lost := f.sub(r.r, f.sub(hi, f.num(1)))
	return hi, f.fma(r.square, f.fma(r.series, r.r, f.num(0.5)), f.add(lost, r.lo))
}

func exp(f *formula, x *op) *op {
	x = f.max(f.num(expLow), f.min(f.num(expHigh), x))
	r := f.reduce(x)
	hi, lo := r.exp(f)
	return f.scale(f.add(hi, lo), r.n)
}

const expLow, expHigh = -750, 710

// expGap returns e^(x−m), and gives the exponential what the subtraction lost.
func expGap(f *formula, x, m *op) *op {
	gap := f.sub(x, m)
	c := f.sub(gap, x)
	lost := f.sub(f.sub(x, f.sub(gap, c)), f.add(m, c))
	lost = f.pick(f.compare(gap, greater, f.num(expLow)), lost, f.num(0))
	r := f.reduce(f.max(f.num(expLow), gap))
	hi, lo := r.exp(f)
	lo = f.fma(f.add(hi, lo), lost, lo)
	return f.scale(f.add(hi, lo), r.n)
}

// decay returns e and lost with e + lost = e^−|z|.
func decay(f *formula, z *op) (e, lost *op) {
	r := f.reduce(f.max(f.num(expLow), f.or(z, f.word(1<<63))))
	return r.decay(f, r.n)
}

func (r reduced) decay(f *formula, n *op) (e, lost *op) {
	hi, lo := r.exp(f)
	e = f.add(hi, lo)
	lost = f.pick(f.compare(n, greater, f.num(-900)), f.sub(lo, f.sub(e, hi)), f.num(0))
	return f.scale(e, n), f.scale(lost, n)
}

// minus1 returns eˣ − 1 in two parts, for x ≤ 0.
func (r reduced) minus1(f *formula) (hi, lo *op) {
	one := f.num(1)
	power := f.power(f.max(f.num(-100), r.n))
	first := f.sub(power, one)
	lo = f.sub(power, f.add(first, one))
	second := f.fma(power, r.r, first)
	lo = f.add(lo, f.fma(power, r.r, f.sub(first, second)))
	lo = f.fma(power, f.fma(r.square, f.fma(r.series, r.r, f.num(0.5)), r.lo), lo)
	hi = f.add(second, lo)
	return hi, f.sub(lo, f.sub(hi, second))
}

// log1pParts returns kHi + kLo + log(1 + x + lost) in two parts, for
// −1/4 ≤ x ≤ 1/2.
func log1pParts(f *formula, kHi, kLo, x, lost *op) (hi, lo *op) {
	s := f.div(x, f.add(x, f.num(2)))
	z := f.mul(s, s)
	w := f.mul(z, z)
	even, odd := f.num(logSeries[6]), f.num(logSeries[7])
	for i := 4; i >= 0; i -= 2 {
		even = f.fma(even, w, f.num(logSeries[i]))
		odd = f.fma(odd, w, f.num(logSeries[i+1]))
	}
	series := f.fma(odd, z, even)
	half := f.mul(x, f.num(0.5))
	square := f.mul(half, x)
	lo = f.fma(s, f.fma(z, series, square), kLo)
	if lost != nil {
		u := f.sub(f.num(1), s)
		lo = f.fma(f.mul(u, u), lost, lo)
	}
	first := f.add(kHi, x)
	lo = f.add(lo, f.sub(x, f.sub(first, kHi)))
	hi = f.fnma(half, x, first)
	return hi, f.add(lo, f.fnma(half, x, f.sub(first, hi)))
}

// split returns k and m with x = m·2ᵏ and 3/4 ≤ m < 3/2, for normal x > 0.
func split(f *formula, x *op) (k, m *op) {
	shifted := f.addInt(x, f.word(math.Float64bits(1)-math.Float64bits(0.75)))
	exponent := f.or(f.shiftRight(shifted, 52), f.word(math.Float64bits(0x1p52)))
	m = f.addInt(f.and(shifted, f.word(1<<52-1)), f.word(math.Float64bits(0.75)))
	return f.sub(exponent, f.num(0x1p52+1023)), m
}

// logSpecial mends the logarithm y of u where u is 0, negative, infinite or NaN.
func logSpecial(f *formula, u, y *op) *op {
	y = f.pick(f.compare(u, less, f.num(math.Inf(1))), y, u)
	y = f.pick(f.compare(u, equal, f.num(0)), f.num(math.Inf(-1)), y)
	return f.pick(f.compare(u, less, f.num(0)), f.num(math.NaN()), y)
}

func logarithm(f *formula, x *op) *op {
	tiny := f.compare(x, less, f.num(0x1p-1022))
	k, m := split(f, f.pick(tiny, f.mul(x, f.num(0x1p54)), x))
	k = f.sub(k, f.pick(tiny, f.num(54), f.num(0)))
	hi, lo := log1pParts(f, f.mul(k, f.num(ln2Hi)), f.mul(k, f.num(ln2Lo)), f.sub(m, f.num(1)), nil)
	return logSpecial(f, x, f.add(hi, lo))
}

func log1p(f *formula, x *op) *op {
	one := f.num(1)
	u := f.add(x, one)
	v := f.sub(u, one)
	lost := f.add(f.sub(one, f.sub(u, v)), f.sub(x, v))
	k, m := split(f, u)
	lost = f.mul(lost, f.power(f.sub(f.num(0), f.min(k, f.num(1000)))))
	near := f.compare(k, equal, f.num(0))
	part := f.pick(near, x, f.sub(m, one))
	lost = f.pick(near, f.num(0), lost)
	hi, lo := log1pParts(f, f.mul(k, f.num(ln2Hi)), f.mul(k, f.num(ln2Lo)), part, lost)
	return f.or(f.signOf(x), logSpecial(f, u, f.add(hi, lo)))
}

func expm1(f *formula, x *op) *op {
	one := f.num(1)
	r := f.reduce(f.max(f.num(-50), f.min(f.num(expHigh), x)))
	inverse := f.power(f.sub(f.num(0), f.min(r.n, f.num(1000))))
	first := f.sub(one, inverse)
	lo := f.add(f.sub(f.sub(one, first), inverse), r.lo)
	second := f.add(first, r.r)
	lo = f.add(lo, f.sub(r.r, f.sub(second, first)))
	half := f.mul(r.r, f.num(0.5))
	hi := f.fma(half, r.r, second)
	lo = f.add(lo, f.fma(half, r.r, f.sub(second, hi)))
	lo = f.fma(f.mul(r.square, r.r), r.series, lo)
	return f.or(f.signOf(x), f.scale(f.add(hi, lo), r.n))
}

// logistic is what σ(z) and σ(−z) are made from: e + lost = e^−|z|, and
// d + dLost = 1 + e + lost, with q = 1/d, not yet corrected for dLost.
type logistic struct{ e, lost, d, dLost, q *op }

func newLogistic(f *formula, z *op) (g logistic) {
	one := f.num(1)
	g.e, g.lost = decay(f, z)
	g.d = f.add(g.e, one)
	g.dLost = f.add(f.sub(g.e, f.sub(g.d, one)), g.lost)
	g.q = f.div(one, g.d)
	return g
}

// log1p returns log(1 + e + lost).
func (g *logistic) log1p(f *formula) *op {
	half, zero := f.num(0.5), f.num(0)
	large := f.compare(g.e, greater, half)
	x := f.pick(large, f.mul(f.sub(g.e, f.num(1)), half), g.e)
	lost := f.pick(large, f.mul(g.lost, half), g.lost)
	kHi := f.pick(large, f.num(ln2Hi), zero)
	kLo := f.pick(large, f.num(ln2Lo), zero)
	return f.add(log1pParts(f, kHi, kLo, x, lost))
}

// quotient returns (x + lost)/(d + dLost), rounded nearly once.
func (g *logistic) quotient(f *formula, x, lost *op) *op {
	y := f.mul(x, g.q)
	r := f.fnma(y, g.d, x)
	r = f.add(f.fnma(y, g.dLost, r), lost)
	return f.fma(r, g.q, y)
}

// inverse returns 1/(d + dLost).
func (g *logistic) inverse(f *formula) *op {
	r := f.fnma(g.q, g.d, f.num(1))
	r = f.fnma(g.q, g.dLost, r)
	return f.fma(r, g.q, g.q)
}

// slope returns (e + lost)/(d + dLost)².
func (g *logistic) slope(f *formula) *op { return g.overSquare(f, g.e, g.lost) }

// overSquare returns (x + lost)/(d + dLost)².
func (g *logistic) overSquare(f *formula, x, lost *op) *op {
	square := f.mul(g.q, g.q)
	s := f.mul(x, square)
	d := f.mul(g.d, g.d)
	dLost := f.sub(f.num(0), f.fnma(g.d, g.d, d))
	dLost = f.fma(f.add(g.d, g.d), g.dLost, dLost)
	r := f.fnma(s, d, x)
	r = f.add(f.fnma(s, dLost, r), lost)
	return f.fma(r, square, s)
}

func sigmoid(f *formula, z *op, slope bool) (y, s *op) {
	g := newLogistic(f, z)
	left := f.compare(z, less, f.num(0))
	y = g.quotient(f, f.pick(left, g.e, f.num(1)), f.pick(left, g.lost, f.num(0)))
	if slope {
		s = g.slope(f)
	}
	return y, s
}

func softplus(f *formula, z *op, slope bool) (y, s *op) {
	g := newLogistic(f, z)
	y = f.add(g.log1p(f), f.max(f.num(0), z))
	if slope {
		left := f.compare(z, less, f.num(0))
		s = g.quotient(f, f.pick(left, g.e, f.num(1)), f.pick(left, g.lost, f.num(0)))
	}
	return y, s
}

func logSigmoid(f *formula, z *op, slope bool) (y, s *op) {
	g := newLogistic(f, z)
	y = f.sub(f.min(f.num(0), z), g.log1p(f))
	if slope {
		one := f.num(1)
		h := logistic{d: g.d, dLost: f.sub(g.e, f.sub(g.d, one)), q: g.q}
		s = h.quotient(f, f.pick(f.compare(z, less, f.num(0)), one, g.e), f.num(0))
	}
	return y, s
}

func tanh(f *formula, z *op, slope bool) (y, s *op) {
	one := f.num(1)
	a := f.or(z, f.word(1<<63))
	r := f.reduce(f.max(f.num(expLow), f.add(a, a)))
	hi, lo := r.minus1(f)
	var g logistic // of 2z
	g.d = f.add(hi, f.num(2))
	g.dLost = f.add(f.sub(hi, f.sub(g.d, f.num(2))), lo)
	g.q = f.div(one, g.d)
	y = f.or(f.signOf(z), f.abs(g.quotient(f, hi, lo)))
	if slope {
		g.e, g.lost = r.decay(f, f.add(r.n, f.num(2)))
		s = g.slope(f)
	}
	return y, s
}

func (f *formula) signOf(x *op) *op { return f.and(x, f.word(1<<63)) }
func (f *formula) abs(x *op) *op    { return f.and(x, f.word(1<<63-1)) }
