package vmath

import "math"

// The logarithm of 1+x, −1/4 ≤ x ≤ 1/2, is x − x²/2 + s·(x²/2 + z·p(z)), where
// s = x/(2+x) and z = s²: it is 2·artanh(s), and p is a minimax polynomial for
// the rest of the series, found by Remez exchange with 60 digits, with an error
// below 2⁻⁶³. The difference x − x²/2 keeps what it rounds away.

var logSeries = [8]float64{
	0x1.5555555555547p-1, 0x1.999999999e230p-2, 0x1.249249206abf4p-2, 0x1.c71c759d07861p-3, 0x1.745c16219056bp-3,
	0x1.3b3b87506bc2bp-3, 0x1.0d76960581287p-3, 0x1.1d80fecd39b55p-3,
}

// log1pParts returns kHi + kLo + log(1 + x + lost) in two parts, where kHi is 0
// or larger than x.
func log1pParts(kHi, kLo, x, lost float64) (hi, lo float64) {
	s := x / (2 + x)
	z := s * s
	w := z * z
	p := &logSeries
	even := math.FMA(math.FMA(math.FMA(p[6], w, p[4]), w, p[2]), w, p[0])
	odd := math.FMA(math.FMA(math.FMA(p[7], w, p[5]), w, p[3]), w, p[1])
	half := x * 0.5
	lo = math.FMA(s, math.FMA(z, math.FMA(odd, z, even), half*x), kLo)
	u := 1 - s // u² is about 1/(1+x)
	lo = math.FMA(u*u, lost, lo)
	first := kHi + x
	lo += x - (first - kHi)
	hi = math.FMA(-half, x, first)
	return hi, lo + math.FMA(-half, x, first-hi)
}

// split returns k and m with x = m·2ᵏ and 3/4 ≤ m < 3/2, for normal x > 0.
func split(x float64) (k, m float64) {
	const one, low = 0x3ff << 52, 0x3fe8 << 48 // the bits of 1 and 3/4
	shifted := math.Float64bits(x) + (one - low)
	return float64(int(shifted>>52) - 1023), math.Float64frombits(shifted&(1<<52-1) + low)
}

// logSpecial mends the logarithm y of u where u is 0, negative, infinite or NaN.
func logSpecial(u, y float64) float64 {
	switch {
	case u < 0:
		return math.NaN()
	case u == 0:
		return math.Inf(-1)
	case u < math.Inf(1):
		return y
	}
	return u
}

func log(x float64) float64 {
	normal, shift := x, 0.0
	if x < 0x1p-1022 {
		normal, shift = x*0x1p54, 54
	}
	k, m := split(normal)
	k -= shift
	hi, lo := log1pParts(float64(k*ln2Hi), float64(k*ln2Lo), m-1, 0)
	return logSpecial(x, hi+lo)
}

func log1p(x float64) float64 {
	u := 1 + x
	v := u - 1
	lost := (1 - (u - v)) + (x - v)
	k, m := split(u)
	part := x
	if k != 0 {
		part = m - 1
		lost *= power(-smaller(k, 1000))
	} else {
		lost = 0
	}
	hi, lo := log1pParts(float64(k*ln2Hi), float64(k*ln2Lo), part, lost)
	return withSign(logSpecial(u, hi+lo), x)
}
