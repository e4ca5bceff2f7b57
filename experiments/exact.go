package experiments

import (
	"math"
	"math/big"
)

// precision is that of the truth in bits: 50 digits, and some to lose.
const precision = 240

func exactly64(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func zero() *big.Float { return new(big.Float).SetPrec(precision) }

// exactExp returns eˣ: x = k·log 2 + r, and the series of r/2¹⁰, squared ten
// times.
func exactExp(x *big.Float) *big.Float {
	f, _ := x.Float64()
	k := math.Round(f / math.Ln2)
	r := zero().Mul(exactly64(k), exactLn2())
	r.Sub(x, r)
	const squarings = 10
	r.SetMantExp(r, -squarings)
	sum, term := exactly64(1), exactly64(1)
	for n := 1.0; ; n++ {
		term.Mul(term, r).Quo(term, exactly64(n))
		if term.Sign() == 0 || term.MantExp(nil) < -precision {
			break
		}
		sum.Add(sum, term)
	}
	for range squarings {
		sum.Mul(sum, sum)
	}
	return sum.SetMantExp(sum, int(k))
}

// exactLog1p returns log(1+t) for t ≥ 0, by the series of 2·artanh(t/(2+t)) for
// small t and by halving the argument's logarithm otherwise.
func exactLog1p(t *big.Float) *big.Float {
	// log(1+t) = e·log 2 + log m with 1+t = m·2ᵉ; for small t, e is 0 and 1+t is
	// never formed.
	if t.Cmp(exactly64(0.5)) > 0 {
		whole := zero().Add(t, exactly64(1))
		mantissa := zero()
		e := whole.MantExp(mantissa)
		mantissa.SetMantExp(mantissa, 1) // in [1, 2)
		rest := exactLog1pSmall(mantissa.Sub(mantissa, exactly64(1)))
		return rest.Add(rest, zero().Mul(exactly64(float64(e-1)), exactLn2()))
	}
	return exactLog1pSmall(t)
}

// exactLog1pSmall is for t between 0 and 1.
func exactLog1pSmall(t *big.Float) *big.Float {
	if t.Sign() == 0 {
		return zero()
	}
	s := zero().Quo(t, zero().Add(t, exactly64(2)))
	square := zero().Mul(s, s)
	sum, power := zero().Set(s), zero().Set(s)
	for n := 3.0; ; n += 2 {
		power.Mul(power, square)
		term := zero().Quo(power, exactly64(n))
		if term.Sign() == 0 || term.MantExp(nil) < sum.MantExp(nil)-precision {
			break
		}
		sum.Add(sum, term)
	}
	return sum.SetMantExp(sum, 1)
}

// exactLn2 returns log 2 = log(1+1).
func exactLn2() *big.Float { return exactLog1pSmall(exactly64(1)) }

// ulps returns how far x is from the truth, in units of the spacing of float64
// there; +Inf for what is not finite.
func ulps(x float64, truth *big.Float) float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return math.Inf(1)
	}
	near, _ := truth.Float64()
	spacing := math.Nextafter(math.Abs(near), math.Inf(1)) - math.Abs(near)
	d := zero().Sub(exactly64(x), truth)
	error, _ := d.Quo(d, exactly64(spacing)).Float64()
	return math.Abs(error)
}
