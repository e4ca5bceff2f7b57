package exact

import (
	"math"
	"math/bits"
)

// prime is 2⁶¹ − 229. Every residue but 0 is a power of 2, so that numbers that
// differ by a power of two do not look alike, as 1 and 2⁶¹ would modulo 2⁶¹ − 1.
const (
	prime  = 1<<61 - excess
	excess = 229
)

// reduce returns hi·2⁶⁴ + lo modulo the prime, for values below 2¹²².
func reduce(hi, lo uint64) uint64 {
	const mask = 1<<61 - 1
	h, l := bits.Mul64(hi<<3|lo>>61, excess)
	l, carry := bits.Add64(l, lo&mask, 0)
	h += carry
	r := (h<<3|l>>61)*excess + l&mask // below 2⁶¹ + 2¹⁷
	if r >= prime {
		r -= prime
	}
	return r
}

func mul(a, b uint64) uint64 { return reduce(bits.Mul64(a, b)) }

func sub(a, b uint64) uint64 {
	if a < b {
		a += prime
	}
	return a - b
}

func neg(a uint64) uint64 { return sub(0, a) }

func power(a, n uint64) uint64 {
	r := uint64(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			r = mul(r, a)
		}
		a = mul(a, a)
	}
	return r
}

func inverse(a uint64) uint64 { return power(a, prime-2) }

// lowest is the exponent of the smallest float64.
const lowest = -1074

// powers holds 2^(lowest+i) modulo the prime.
var powers = func() (p [1024 - lowest]uint64) {
	p[0] = inverse(power(2, -lowest))
	for i := 1; i < len(p); i++ {
		p[i] = mul(p[i-1], 2)
	}
	return p
}()

// split returns m and e with x = m·2ᵉ, |m| < 2⁵³ and m odd or 0. It panics for
// what is not finite.
func split(x float64) (m int64, e int) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		panic("exact: a value is not finite")
	}
	if x == 0 {
		return 0, 0
	}
	b := math.Float64bits(x)
	m, e = int64(b&(1<<52-1)), int(b>>52&0x7ff)
	if e == 0 {
		e = 1
	} else {
		m |= 1 << 52
	}
	zeros := bits.TrailingZeros64(uint64(m))
	m, e = m>>zeros, e+lowest-1+zeros
	if x < 0 {
		m = -m
	}
	return m, e
}

// Residue returns x modulo the prime of the package.
func Residue(x float64) uint64 {
	m, e := split(x)
	if m < 0 {
		return neg(mul(uint64(-m), powers[e-lowest]))
	}
	return mul(uint64(m), powers[e-lowest])
}

// Opposite returns −r modulo the prime.
func Opposite(r uint64) uint64 { return neg(r) }

// dot returns Σ a·b modulo the prime.
func dot(a, b []uint64) (sum uint64) {
	for j, v := range a {
		if v != 0 {
			sum += mul(v, b[j])
			if sum >= prime {
				sum -= prime
			}
		}
	}
	return sum
}
