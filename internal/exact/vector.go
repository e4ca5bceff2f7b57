package exact

import (
	"math"
	"math/big"
)

// Vector is a rational vector up to a positive factor: whole numbers.
type Vector struct {
	v []*big.Int
	// near is v over a power of two that brings its largest entry near 1,
	// rounded.
	near []float64
}

// FromInts returns the vector of v, which it keeps.
func FromInts(v []*big.Int) Vector {
	near := make([]float64, len(v))
	most := Vector{v: v}.Bits()
	for j, x := range v {
		var f big.Float
		f.SetInt(x)
		near[j], _ = f.SetMantExp(&f, -most).Float64()
	}
	return Vector{v, near}
}

// FromFloats returns the vector of x.
func FromFloats(x []float64) Vector { return FromInts(Ints(x, nil)) }

// Ints returns the numbers xⱼ·2^shiftⱼ times the power of two that makes all of
// them whole, the smallest such. Nil shifts are 0.
func Ints(x []float64, shift []int) []*big.Int {
	least := math.MaxInt
	for j, f := range x {
		if m, e := shifted(f, shift, j); m != 0 {
			least = min(least, e)
		}
	}
	v := make([]*big.Int, len(x))
	for j, f := range x {
		m, e := shifted(f, shift, j)
		v[j] = big.NewInt(m)
		if m != 0 {
			v[j].Lsh(v[j], uint(e-least))
		}
	}
	return v
}

func shifted(x float64, shift []int, j int) (m int64, e int) {
	m, e = split(x)
	if shift != nil {
		e += shift[j]
	}
	return m, e
}

// Len returns the number of entries.
func (v Vector) Len() int { return len(v.v) }

// Slice returns entries from to to−1, up to the same factor.
func (v Vector) Slice(from, to int) Vector { return Vector{v.v[from:to], v.near[from:to]} }

// Ints returns the entries.
func (v Vector) Ints() []*big.Int { return v.v }

// Floats returns the entries rounded, the largest of them between ½ and 1.
func (v Vector) Floats() []float64 { return v.near }

// Bits returns the length of the largest entry.
func (v Vector) Bits() (n int) {
	for _, x := range v.v {
		n = max(n, x.BitLen())
	}
	return n
}

// SignOf returns the sign of entry j.
func (v Vector) SignOf(j int) int { return v.v[j].Sign() }

// Sub returns v − w.
func (v Vector) Sub(w Vector) Vector {
	d := make([]*big.Int, len(v.v))
	for j, x := range v.v {
		d[j] = new(big.Int).Sub(x, w.v[j])
	}
	return FromInts(d)
}

// AddShifted returns v·2ˢ + w.
func (v Vector) AddShifted(shift uint, w Vector) Vector {
	d := make([]*big.Int, len(v.v))
	for j, x := range v.v {
		d[j] = new(big.Int).Lsh(x, shift)
		d[j].Add(d[j], w.v[j])
	}
	return FromInts(d)
}

// Sign returns the sign of Σ v·x, computed in float64 where its error bound
// leaves no doubt.
func (v Vector) Sign(x []float64) int {
	var sum, size, small float64
	for j, a := range v.near {
		p := a * x[j]
		sum += p
		size += math.Abs(p)
		small += math.Abs(x[j])
	}
	// Entries below 2⁻¹⁰²² of the largest, and products that underflow, count
	// with less than the last term.
	bound := float64(len(v.near)+4)*0x1p-52*size + small*0x1p-1000 + 0x1p-1000
	switch {
	case sum > bound:
		return 1
	case sum < -bound:
		return -1
	}
	return v.exactSign(x)
}

func (v Vector) exactSign(x []float64) int {
	least := math.MaxInt
	for j, f := range x {
		if m, e := split(f); m != 0 && v.v[j].Sign() != 0 {
			least = min(least, e)
		}
	}
	var sum, t, w big.Int
	for j, f := range x {
		m, e := split(f)
		if m == 0 || v.v[j].Sign() == 0 {
			continue
		}
		t.Mul(v.v[j], w.SetInt64(m))
		sum.Add(&sum, t.Lsh(&t, uint(e-least)))
	}
	return sum.Sign()
}

// Sum is a vector of sums of float64 values, without rounding.
type Sum struct{ v []*big.Int } // multiples of the smallest float64

// NewSum returns n sums that are 0.
func NewSum(n int) *Sum {
	s := &Sum{make([]*big.Int, n)}
	for j := range s.v {
		s.v[j] = new(big.Int)
	}
	return s
}

// Add adds x to sum j.
func (s *Sum) Add(j int, x float64) {
	m, e := split(x)
	var t big.Int
	s.v[j].Add(s.v[j], t.Lsh(t.SetInt64(m), uint(e-lowest)))
}

// Ints returns the sums times the smallest power of two that makes all of them
// whole numbers.
func (s *Sum) Ints() []*big.Int {
	zeros := uint(math.MaxUint)
	for _, v := range s.v {
		if v.Sign() != 0 {
			zeros = min(zeros, v.TrailingZeroBits())
		}
	}
	ints := make([]*big.Int, len(s.v))
	for j, v := range s.v {
		ints[j] = new(big.Int)
		if v.Sign() != 0 {
			ints[j].Rsh(v, zeros)
		}
	}
	return ints
}
