package dd

import "math"

// Log returns log x with a relative error below 2⁻⁹⁵: −Inf at 0 and NaN below.
//
// It corrects y = log x of float64 by log(x·e⁻ʸ), whose argument is 1 up to
// rounding.
func Log(x Float) Float {
	switch {
	case !(x.Hi > 0) || math.IsInf(x.Hi, 1):
		return Float{math.Log(x.Hi), 0}
	case 0.5 < x.Hi && x.Hi < 2:
		return Log1p(x.AddFloat(-1))
	}
	fraction, m := math.Frexp(x.Hi) // so that neither x nor 1/x overflows
	f := Float{fraction, math.Ldexp(x.Lo, -m)}
	y := math.Log(fraction)
	t := f.Mul(Exp(Float{-y, 0})).AddFloat(-1)
	return log2.MulFloat(float64(m)).Add(Float{y, 0}.Add(log1pTiny(t)))
}

// Log1p returns log(1+x) with a relative error below 2⁻⁹⁵.
func Log1p(x Float) Float {
	if !(x.Hi > -0.6) || x.Hi > 1.1 {
		return Log(x.AddFloat(1))
	}
	y := math.Log1p(x.Hi)
	e := Expm1(Float{-y, 0})
	t := e.Add(x.Add(x.Mul(e)))
	return Float{y, 0}.Add(log1pTiny(t))
}

// log1pTiny returns log(1+t) for |t| below 1e-14.
func log1pTiny(t Float) Float { return t.Sub(t.Mul(t).Scale(0.5)) }

var log2 = Float{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56}
