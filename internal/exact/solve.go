package exact

import (
	"context"
	"math"
	"math/big"
	"math/bits"
)

// Solve returns x with a·x = b, where a is square and not singular modulo the
// prime; false if it is, or when the context ends. The solution is numerators x
// over one denominator, which is positive.
func Solve(ctx context.Context, a [][]*big.Int, b []*big.Int) (x []*big.Int, denominator *big.Int, ok bool) {
	s, ok := newSystem(ctx, a)
	if !ok {
		return nil, nil, false
	}
	return s.solve(ctx, b, math.MaxInt)
}

// system is a square matrix and its inverse modulo the prime.
type system struct {
	a   [][]*big.Int
	inv [][]uint64
}

// newSystem returns false if a is singular modulo the prime, or when the context
// ends.
func newSystem(ctx context.Context, a [][]*big.Int) (*system, bool) {
	inv, ok := invert(ctx, a)
	return &system{a, inv}, ok
}

// solve is Solve; it also returns false where the solution has not been found
// after so many digits.
//
// Source: J. D. Dixon, "Exact solution of linear equations using p-adic
// expansions" (Numerische Mathematik 40, 1982).
func (s *system) solve(ctx context.Context, b []*big.Int, most int) (x []*big.Int, denominator *big.Int, ok bool) {
	n := len(b)
	p := new(big.Int).SetUint64(prime)
	rest := make([]*big.Int, n) // (b − a·x)/modulus
	x = make([]*big.Int, n)     // modulo modulus
	for i := range x {
		rest[i], x[i] = new(big.Int).Set(b[i]), new(big.Int)
	}
	modulus, digit := big.NewInt(1), make([]uint64, n)
	residues := make([]uint64, n)
	last := steps(s.a, b)
	for step, check := 1, 2; step <= min(last, most) && ctx.Err() == nil; step++ {
		for i, r := range rest {
			residues[i] = IntResidue(r)
		}
		var t, d big.Int
		for i := range digit {
			digit[i] = dot(s.inv[i], residues)
			d.SetUint64(digit[i])
			x[i].Add(x[i], t.Mul(&d, modulus))
		}
		for i, row := range s.a {
			for j, v := range row {
				if digit[j] != 0 && v.Sign() != 0 {
					rest[i].Sub(rest[i], t.Mul(v, d.SetUint64(digit[j])))
				}
			}
			rest[i].Quo(rest[i], p) // exact
		}
		modulus.Mul(modulus, p)
		if step == check || step == last {
			check += 1 + check/2
			if numerators, den, ok := reconstruct(x, modulus); ok && solves(s.a, numerators, b, den) {
				return numerators, den, true
			}
		}
	}
	return nil, nil, false
}

// Digits returns how many p-adic digits Solve computes at most, for a right-hand
// side whose entries are no longer than those of a.
func Digits(a [][]*big.Int) int {
	b := make([]*big.Int, len(a))
	for i := range b {
		b[i] = new(big.Int)
	}
	return steps(a, b)
}

// steps returns how many digits determine the solution: as many as hold the
// square of Hadamard's bound on the determinants of Cramer's rule, twice.
func steps(a [][]*big.Int, b []*big.Int) int {
	size := 0 // of the larger determinant, in bits
	for i, row := range a {
		entry := b[i].BitLen()
		for _, v := range row {
			entry = max(entry, v.BitLen())
		}
		size += entry + (bits.Len(uint(len(row)+1))+1)/2
	}
	return 2*size/60 + 2
}

// reconstruct returns the fractions of small numerators and a small common
// denominator that are x modulo the modulus; false if there are none.
func reconstruct(x []*big.Int, modulus *big.Int) (numerators []*big.Int, den *big.Int, ok bool) {
	bound := new(big.Int).Rsh(modulus, 1)
	bound.Sqrt(bound)
	den = big.NewInt(1)
	numerators = make([]*big.Int, len(x))
	for i, v := range x {
		num := new(big.Int).Mul(v, den)
		num.Mod(num, modulus)
		n, d, ok := fraction(num, modulus, bound)
		if !ok {
			return nil, nil, false
		}
		if !d.IsInt64() || d.Int64() != 1 {
			den.Mul(den, d)
			for _, v := range numerators[:i] {
				v.Mul(v, d)
			}
		}
		numerators[i] = n
	}
	return numerators, den, true
}

// fraction returns n/d ≡ x with |n| and d up to the bound, by Euclid's algorithm
// on x and the modulus.
func fraction(x, modulus, bound *big.Int) (n, d *big.Int, ok bool) {
	r0, r1 := new(big.Int).Set(modulus), new(big.Int).Set(x)
	t0, t1 := new(big.Int), big.NewInt(1)
	if opposite := new(big.Int).Sub(modulus, x); opposite.Cmp(bound) <= 0 {
		return opposite.Neg(opposite), t1, true
	}
	var q, m big.Int
	for r1.Cmp(bound) > 0 {
		q.QuoRem(r0, r1, &m)
		r0, r1 = r1, r0.Set(&m)
		t0.Sub(t0, m.Mul(&q, t1))
		t0, t1 = t1, t0
	}
	if t1.Sign() < 0 {
		t1.Neg(t1)
		r1.Neg(r1)
	}
	return r1, t1, t1.Sign() > 0 && t1.Cmp(bound) <= 0
}

// solves reports whether a·x = b·den.
func solves(a [][]*big.Int, x, b []*big.Int, den *big.Int) bool {
	var sum, t big.Int
	for i, row := range a {
		sum.SetInt64(0)
		for j, v := range row {
			if v.Sign() != 0 {
				sum.Add(&sum, t.Mul(v, x[j]))
			}
		}
		if sum.Cmp(t.Mul(b[i], den)) != 0 {
			return false
		}
	}
	return true
}

// IntResidue returns x modulo the prime of the package.
func IntResidue(x *big.Int) uint64 {
	words := x.Bits()
	r := uint64(0)
	for i := len(words) - 1; i >= 0; i-- {
		const size = bits.UintSize // of a word
		r = bits.Rem64(r>>(64-size), r<<(size/2)<<(size/2)|uint64(words[i]), prime)
	}
	if x.Sign() < 0 {
		return neg(r)
	}
	return r
}

// invert returns the inverse of a modulo the prime, false if there is none or the
// context ends.
func invert(ctx context.Context, a [][]*big.Int) ([][]uint64, bool) {
	n := len(a)
	m := make([][]uint64, n) // a beside the identity
	for i, row := range a {
		m[i] = make([]uint64, 2*n)
		for j, v := range row {
			m[i][j] = IntResidue(v)
		}
		m[i][n+i] = 1
	}
	for c := range n {
		at := c
		for at < n && m[at][c] == 0 {
			at++
		}
		if at == n || ctx.Err() != nil {
			return nil, false
		}
		m[c], m[at] = m[at], m[c]
		f := inverse(m[c][c])
		for j := range m[c] {
			m[c][j] = mul(m[c][j], f)
		}
		for i := range m {
			if i != c {
				eliminate(m[i], m[c], c)
			}
		}
	}
	for i := range m {
		m[i] = m[i][n:]
	}
	return m, true
}
