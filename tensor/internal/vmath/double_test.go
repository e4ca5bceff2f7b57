package vmath

import "math"

// double is an unevaluated sum of two float64, good for some 100 bits: the
// reference of accuracy_test.go, where math/big would take hours.
type double struct{ hi, lo float64 }

func one(x float64) double { return double{x, 0} }

func quickSum(a, b float64) double { // |a| ≥ |b|
	s := a + b
	return double{s, b - (s - a)}
}

func exactSum(a, b float64) double {
	s := a + b
	t := s - a
	return double{s, (a - (s - t)) + (b - t)}
}

func (x double) plus(y double) double {
	s, t := exactSum(x.hi, y.hi), exactSum(x.lo, y.lo)
	s = quickSum(s.hi, s.lo+t.hi)
	return quickSum(s.hi, s.lo+t.lo)
}

func (x double) minus(y double) double { return x.plus(double{-y.hi, -y.lo}) }

func (x double) times(y double) double {
	p := float64(x.hi * y.hi)
	e := math.FMA(x.hi, y.hi, -p)
	return quickSum(p, e+(float64(x.hi*y.lo)+float64(x.lo*y.hi)))
}

func (x double) over(y double) double {
	q := x.hi / y.hi
	r := x.minus(y.times(one(q)))
	q2 := r.hi / y.hi
	r = r.minus(y.times(one(q2)))
	return quickSum(q, q2).plus(one(r.hi / y.hi))
}

func (x double) scaled(n int) double {
	return double{math.Ldexp(x.hi, n), math.Ldexp(x.lo, n)}
}

var (
	doubleLn2 = double{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56}
	inverses  = func() (list [30]double) { // 1/n
		for n := 1; n < len(list); n++ {
			list[n] = one(1).over(one(float64(n)))
		}
		return list
	}()
)

// doubleExpm1 returns m and n with m = e^r−1, x = n·log 2 + r, |x| < 1400.
func doubleReduce(x double) (m double, n int) {
	k := math.RoundToEven(x.hi * math.Log2E)
	if math.Abs(x.hi) < 0.3 {
		k = 0
	}
	const halvings = 6
	r := x.minus(doubleLn2.times(one(k))).scaled(-halvings)
	m = one(0)
	for n := 11; n >= 1; n-- { // Horner's scheme for r/1·(1 + r/2·(1 + …))
		m = m.plus(one(1)).times(r).times(inverses[n])
	}
	for range halvings {
		m = m.times(m.plus(one(2)))
	}
	return m, int(k)
}

func doubleExp(x double) double {
	m, n := doubleReduce(x)
	return m.plus(one(1)).scaled(n)
}

func doubleExpm1(x double) double {
	m, n := doubleReduce(x)
	if n == 0 {
		return m
	}
	return m.plus(one(1)).scaled(n).minus(one(1))
}

// doubleLog1p returns log(1+x): the series of 2·artanh(x/(2+x)) for small x,
// otherwise Newton's step from float64's logarithm.
func doubleLog1p(x double) double {
	if math.Abs(x.hi) < 0.02 {
		s := x.over(x.plus(one(2)))
		z := s.times(s)
		sum := one(0)
		for n := 19; n >= 1; n -= 2 {
			sum = sum.times(z).plus(inverses[n])
		}
		return sum.times(s).scaled(1)
	}
	return doubleLog(x.plus(one(1)))
}

func doubleLog(x double) double {
	if math.Abs(x.hi-1) < 0.02 {
		return doubleLog1p(x.minus(one(1)))
	}
	y := one(math.Log(x.hi))
	t := x.times(doubleExp(double{-y.hi, 0})).minus(one(1))
	return y.plus(t).minus(t.times(t).scaled(-1))
}

// doubleErf is 2/√π·exp(−x²)·x·Σ (2x²)ⁿ/(1·3·5⋯(2n+1)), all terms of one sign.
func doubleErf(x double) double {
	square := x.times(x)
	sum, term := one(0), one(1)
	for n := 1.0; math.Abs(term.hi) > 1e-32*sum.hi; n++ {
		sum = sum.plus(term)
		term = term.times(square.scaled(1)).over(one(2*n + 1))
	}
	e := doubleExp(double{-square.hi, -square.lo})
	return sum.times(x).times(e).times(double{0x1.20dd750429b6dp+0, 0x1.1ae3a914fed80p-56})
}

// ulps returns the error of x in units in the last place of the reference, or of
// terms if they are larger.
func ulps(x float64, want double, terms float64) float64 {
	_, e := math.Frexp(max(math.Abs(want.hi), terms))
	d := (x - want.hi) - want.lo
	return math.Abs(math.Ldexp(d, 53-max(e, -1021)))
}
