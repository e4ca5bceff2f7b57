package vmath

import "math"

// The exponential is reduced to |r| ≤ (log 2)/2 by x = n·log 2 + r, with r in two
// parts, and e^r = 1 + r + r²/2 + r³·p(r): p is a minimax polynomial, found by
// Remez exchange with 60 digits, whose error counts for less than 2⁻⁶⁰. The sum
// 1 + r is made without rounding, so that only the last addition counts.

const (
	log2e = math.Log2E
	ln2Hi = 0x1.62e42fefa38p-1 // its products with integers below 2¹¹ are exact
	ln2Lo = 0x1.ef35793c7673p-45
	magic = 0x1.8p52 // adding it rounds to an integer
)

var expSeries = [10]float64{
	0x1.555555555555bp-3, 0x1.555555555555ap-5, 0x1.111111110ebcap-7, 0x1.6c16c16c14117p-10, 0x1.a01a01b3b9892p-13,
	0x1.a01a01b211674p-16, 0x1.71ddef8b4528ep-19, 0x1.27e4c2976f341p-22, 0x1.af6cebb7c7099p-26, 0x1.1f99fe6e324f6p-29,
}

// Below expLow eˣ is 0, above expHigh +Inf.
const expLow, expHigh = -750, 710

// reduced is eˣ = 2ⁿ·(1 + r + r²/2 + r³·series + lo).
type reduced struct{ n, r, lo, square, series float64 }

func reduce(x float64) (r reduced) {
	r.n = math.FMA(x, log2e, magic) - magic
	left := math.FMA(-r.n, ln2Hi, x) // exact
	r.r = math.FMA(-r.n, ln2Lo, left)
	r.lo = math.FMA(-r.n, ln2Lo, left-r.r)
	r.lo = math.FMA(r.lo, r.r, r.lo) // times e^r, nearly
	r.square = r.r * r.r
	p, s := &expSeries, r.square
	even := math.FMA(math.FMA(math.FMA(math.FMA(p[8], s, p[6]), s, p[4]), s, p[2]), s, p[0])
	odd := math.FMA(math.FMA(math.FMA(math.FMA(p[9], s, p[7]), s, p[5]), s, p[3]), s, p[1])
	r.series = math.FMA(odd, r.r, even)
	return r
}

// exp returns hi and lo with (hi + lo)·2ⁿ = eˣ.
func (r *reduced) exp() (hi, lo float64) {
	hi = 1 + r.r
	lost := r.r - (hi - 1)
	return hi, math.FMA(r.square, math.FMA(r.series, r.r, 0.5), lost+r.lo)
}

func exp(x float64) float64 {
	r := reduce(larger(expLow, smaller(expHigh, x)))
	hi, lo := r.exp()
	return scale(hi+lo, r.n)
}

// expGap returns e^(x−m), with what the subtraction lost: the exponential would
// magnify it to gap/2 ULP.
func expGap(x, m float64) float64 {
	gap := x - m
	c := gap - x
	lost := (x - (gap - c)) - (m + c)
	if !(gap > expLow) {
		lost = 0
	}
	r := reduce(larger(expLow, gap))
	hi, lo := r.exp()
	lo = math.FMA(hi+lo, lost, lo)
	return scale(hi+lo, r.n)
}

// decay returns e and lost with e + lost = e^−|z|, but for e < 2⁻⁹⁰⁰.
func decay(z float64) (e, lost float64) {
	r := reduce(larger(expLow, -math.Abs(z)))
	return r.decay(r.n)
}

// decay returns e^(hi+lo)·2ⁿ in two parts.
func (r *reduced) decay(n float64) (e, lost float64) {
	hi, lo := r.exp()
	e = hi + lo
	if n > -900 {
		lost = scale(lo-(e-hi), n)
	}
	return scale(e, n), lost
}

// minus1 returns eˣ − 1 in two parts, for x ≤ 0: (p−1) + p·(e^r − 1), p = 2ⁿ.
func (r *reduced) minus1() (hi, lo float64) {
	p := power(larger(-100, r.n))
	first := p - 1
	lo = p - (first + 1)
	second := math.FMA(p, r.r, first)
	lo += math.FMA(p, r.r, first-second)
	lo = math.FMA(p, math.FMA(r.square, math.FMA(r.series, r.r, 0.5), r.lo), lo)
	hi = second + lo
	return hi, lo - (hi - second)
}

// expm1 is ((1 − 2⁻ⁿ) + (e^r − 1))·2ⁿ. The first three terms of the sum keep what
// they round away.
func expm1(x float64) float64 {
	r := reduce(larger(-50, smaller(expHigh, x)))
	inverse := power(-smaller(r.n, 1000))
	first := 1 - inverse
	lo := ((1 - first) - inverse) + r.lo
	second := first + r.r
	lo += r.r - (second - first)
	half := 0.5 * r.r
	hi := math.FMA(half, r.r, second)
	lo += math.FMA(half, r.r, second-hi)
	lo = math.FMA(float64(r.square*r.r), r.series, lo)
	return withSign(scale(hi+lo, r.n), x)
}

// smaller and larger return y if either is NaN, as the processor's do.
func smaller(x, y float64) float64 {
	if x < y {
		return x
	}
	return y
}

func larger(x, y float64) float64 {
	if x > y {
		return x
	}
	return y
}

// withSign adds the sign bit of x to that of y.
func withSign(y, x float64) float64 {
	return math.Float64frombits(math.Float64bits(y) | math.Float64bits(x)&(1<<63))
}

// scale returns x·2ⁿ for an integer |n| ≤ 1100, rounded once: the first product
// is exact.
func scale(x, n float64) float64 {
	if math.Abs(n) <= 1000 {
		return float64(x * power(n))
	}
	m := larger(smaller(n, 1000), -1000)
	return float64(x * power(m) * power(n-m))
}

// power returns 2ⁿ for an integer |n| ≤ 1022.
func power(n float64) float64 {
	return math.Float64frombits(uint64(int64(n)+1023) << 52)
}
