package random

import (
	"math"
	"math/bits"
)

// Source is a sequence of random bits that is a pure function of its key and
// counter: nothing but those need to be stored to continue it. It implements
// math/rand/v2's Source.
//
// The generator is Philox4x64-10 of Salmon, Moraes, Dror & Shaw, "Parallel
// random numbers: as easy as 1, 2, 3" (SC 2011).
type Source struct {
	key     [2]uint64
	counter [4]uint64
	block   [4]uint64
	used    int
}

// New returns the source number stream of a seed, at a place named by up to
// three counters such as epoch, step and row. Sources that differ in any
// argument are independent; missing counters are 0.
func New(seed, stream uint64, counters ...uint64) *Source {
	s := &Source{}
	s.Reset(seed, stream, counters...)
	return s
}

// Reset makes s the source that New would return, without allocating.
func (s *Source) Reset(seed, stream uint64, counters ...uint64) {
	if len(counters) > 3 {
		panic("random: more than three counters")
	}
	*s = Source{key: [2]uint64{seed, stream}, used: 4}
	copy(s.counter[1:], counters)
}

// Uint64 returns the next 64 random bits.
func (s *Source) Uint64() uint64 {
	if s.used == 4 {
		s.block = philox(s.counter, s.key)
		s.counter[0]++
		s.used = 0
	}
	s.used++
	return s.block[s.used-1]
}

// Float64 returns a number uniform in [0, 1), a multiple of 2⁻⁵³.
func (s *Source) Float64() float64 { return float64(s.Uint64()>>11) * 0x1p-53 }

// Norm returns a standard normal number, by the Box–Muller transform. It uses
// two numbers of the sequence every time, so that a position in the sequence
// does not depend on the values drawn.
func (s *Source) Norm() float64 {
	u, v := 1-s.Float64(), s.Float64()
	return math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*v)
}

// philox is ten rounds of the Philox4x64 bijection of the counter.
func philox(c [4]uint64, k [2]uint64) [4]uint64 {
	const (
		m0, m1 = 0xD2E7470EE14C6C93, 0xCA5A826395121157
		w0, w1 = 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B
	)
	for range 10 {
		h0, l0 := bits.Mul64(m0, c[0])
		h1, l1 := bits.Mul64(m1, c[2])
		c = [4]uint64{h1 ^ c[1] ^ k[0], l1, h0 ^ c[3] ^ k[1], l0}
		k[0] += w0
		k[1] += w1
	}
	return c
}
