package mle

import (
	"math"
	"math/big"
	"strconv"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// twoSided returns the probability that a standard normal variable is at least
// |z| away from 0, erfc(|z|/√2). The argument is wanted in double-double since a
// relative error of it is multiplied by z²: 1400 where the result is 1e-300.
func twoSided(z dd.Float) float64 {
	x := z.Abs().Div(dd.Sqrt(dd.New(2)))
	return math.Erfc(x.Hi) - 2/math.SqrtPi*math.Exp(-x.Hi*x.Hi)*x.Lo
}

// quantile returns z > 0 such that a standard normal variable is between −z and z
// with the probability level: 1.96 for 95 %. The level is taken as the decimal
// that it is written as, and the quantile wanted in double-double: an interval
// that ends near 0 is the difference of two numbers that are not.
func quantile(level float64) dd.Float {
	exact, _ := new(big.Rat).SetString(strconv.FormatFloat(level, 'g', -1, 64))
	rest := new(big.Rat).SetFloat64(level)
	low, _ := rest.Sub(exact, rest).Float64()
	target := dd.TwoSum(level, low)
	z := dd.New(math.Sqrt2 * math.Erfinv(level))
	for range 4 {
		slope := math.Sqrt(2/math.Pi) * math.Exp(-z.Hi*z.Hi/2)
		z = z.Add(target.Sub(within(z)).Div(dd.New(slope)))
	}
	return z
}

// within returns the probability that a standard normal variable is between −z
// and z: √(2/π)·e^(−z²/2)·(z + z³/3 + z⁵/(3·5) + …). Source: Abramowitz and Stegun,
// 26.2.11.
func within(z dd.Float) dd.Float {
	square := z.Mul(z)
	sum, term := dd.Float{}, z
	for k := 3.0; term.Hi > 0x1p-108*sum.Hi; k += 2 {
		sum = sum.Add(term)
		term = term.Mul(square).Div(dd.New(k))
	}
	return sum.Mul(dd.Exp(square.Scale(-0.5))).Mul(dd.Sqrt(dd.New(2).Div(pi)))
}

// pi is π in two parts.
var pi = dd.Float{Hi: math.Pi, Lo: 0x1.1a62633145c07p-53}

// checkLevel returns the level of an interval, where 0 means 0.95.
func checkLevel(level float64) (float64, error) {
	switch {
	case level == 0:
		return 0.95, nil
	case 0 < level && level < 1:
		return level, nil
	}
	return 0, &Error{Problem: "the level of intervals must be between 0 and 1"}
}

// chiSquared returns the probability that a chi-squared variable of df degrees
// of freedom is at least x: Q(a, λ) with a = df/2 and λ = x/2, a finite sum for
// integers and half-integers,
//
//	e^−λ·(λ^(a−1)/Γ(a) + λ^(a−2)/Γ(a−1) + …), and erfc(√λ) if df is odd.
//
// All terms are positive. Source: Abramowitz and Stegun, "Handbook of
// Mathematical Functions", 26.4.4 and 26.4.5.
func chiSquared(x dd.Float, df int) float64 {
	a, l := float64(df)/2, x.Scale(0.5)
	lambda := l.Hi
	switch {
	case lambda <= 0 || math.IsNaN(lambda):
		return min(1, 1-lambda) // 1, or NaN
	case df == 0 || math.IsInf(lambda, 1):
		return 0
	case lambda < a: // the series of the complement, which is not near 1
		sum, term := 1.0, 1.0
		for k := a + 1; term > sum*roundoff; k++ {
			term *= lambda / k
			sum += term
		}
		return 1 - firstTerm(l, a)*lambda/a*sum
	}
	sum, term := 0.0, 1.0
	for j := a - 1; j >= 0; j-- {
		sum += term
		term *= j / lambda
	}
	q := firstTerm(l, a) * sum
	if df%2 == 1 {
		q += twoSided(dd.Sqrt(x))
	}
	return q
}

// firstTerm returns e^−λ·λ^(a−1)/Γ(a), whose logarithm it forms in double-double.
func firstTerm(l dd.Float, a float64) float64 {
	product, exponent := dd.New(1), 0
	j := a - 1
	for ; j > 0; j-- {
		product = product.Mul(l.Div(dd.New(j)))
		_, e := math.Frexp(product.Hi)
		product = product.Scale(math.Ldexp(1, -e))
		exponent += e
	}
	log := dd.Log(product).Add(dd.Log(dd.New(2)).MulFloat(float64(exponent))).Sub(l)
	if j < 0 { // Γ(½) = √π, and λ^−½
		log = log.Sub(dd.Log(l.Mul(pi)).Scale(0.5))
	}
	return dd.Exp(log).Hi
}
