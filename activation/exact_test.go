package activation

import (
	"math"
	"math/big"
)

// The functions of this file are the reference for accuracy_test.go: the
// definitions, with 160 bits.

const precision = 160

func number(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func sum(x, y *big.Float) *big.Float        { return number(0).Add(x, y) }
func difference(x, y *big.Float) *big.Float { return number(0).Sub(x, y) }
func quotient(x, y *big.Float) *big.Float   { return number(0).Quo(x, y) }

func product(x ...*big.Float) *big.Float {
	p := number(0).Set(x[0])
	for _, f := range x[1:] {
		p.Mul(p, f)
	}
	return p
}

// exactExpm1 returns eˣ−1: the Taylor series for x halved to below 2⁻¹², then
// doubled back by e²ˣ−1 = (eˣ−1)·(eˣ+1), in which nothing cancels.
func exactExpm1(x *big.Float) *big.Float {
	halvings := max(0, x.MantExp(nil)+12)
	if x.Sign() == 0 {
		return number(0)
	}
	r := number(0).SetMantExp(x, -halvings)
	s, term := number(0), number(1)
	for n := 1; n <= 12; n++ {
		term.Mul(term, r)
		term.Quo(term, number(float64(n)))
		s.Add(s, term)
	}
	for range halvings {
		s.Mul(s, sum(s, number(2)))
	}
	return s
}

// exactDecay returns e⁻ᵃ and e⁻ᵃ−1 for a ≥ 0.
func exactDecay(a *big.Float) (e, minus1 *big.Float) {
	if a.MantExp(nil) > 30 { // far below float64, and below big.Float
		return number(0), number(-1)
	}
	m := exactExpm1(a)
	e = quotient(number(1), sum(m, number(1)))
	return e, number(0).Neg(product(m, e))
}

// exactLog1p returns log(1+e) for 0 ≤ e ≤ 1 with e in float64's range: its
// series for small e, otherwise Halley's step from float64's logarithm, which
// triples the digits.
func exactLog1p(e *big.Float) *big.Float {
	if e.MantExp(nil) < -80 {
		return product(e, difference(number(1), quotient(e, number(2))))
	}
	f, _ := e.Float64()
	y := number(math.Log1p(f))
	m := exactExpm1(y)
	step := quotient(difference(e, m), sum(sum(e, m), number(2)))
	return sum(y, product(number(2), step))
}

// exactMills returns Φ(−a)/φ(a): to a = 3 from the series for Φ(a)−1/2, beyond
// that from Laplace's continued fraction.
func exactMills(a *big.Float) *big.Float {
	f, _ := a.Float64()
	if f > 3 {
		r := number(0)
		for n := int(10 + 2000/(f*f)); n > 0; n-- {
			r.Add(r, a)
			r.Quo(number(float64(n)), r)
		}
		return quotient(number(1), sum(a, r))
	}
	s, term, square := number(0), product(a), product(a, a)
	for n := 1.0; n < 120; n += 2 { // Σ a^(2k+1)/(2k+1)!!
		s.Add(s, term)
		term.Mul(term, square)
		term.Quo(term, number(n+2))
	}
	return difference(quotient(number(0.5), exactDensity(a)), s)
}

// exactDensity returns φ(a).
func exactDensity(a *big.Float) *big.Float {
	pi, _ := number(0).SetString("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")
	e, _ := exactDecay(product(number(0.5), a, a))
	return quotient(e, number(0).Sqrt(product(number(2), pi)))
}

// ulps returns the error of x in units in the last place of want, or of floor
// if that is larger.
func ulps(x float64, want *big.Float, floor float64) float64 {
	w, _ := want.Float64()
	_, e := math.Frexp(max(math.Abs(w), floor))
	d := difference(number(x), want)
	off, _ := d.SetMantExp(d, 53-max(e, -1021)).Float64()
	return math.Abs(off)
}
