package dd

import "math"

// Float is the unevaluated sum Hi + Lo of two float64 values, with |Lo| at most
// half an ULP of Hi. The zero value is 0.
type Float struct{ Hi, Lo float64 }

// New returns x as a Float, without error.
func New(x float64) Float { return Float{x, 0} }

// TwoSum returns a + b without error.
//
// Source: Knuth, "The Art of Computer Programming", volume 2, theorem 4.2.2B.
func TwoSum(a, b float64) Float {
	s := a + b
	t := s - a
	return Float{s, (a - (s - t)) + (b - t)}
}

// quickTwoSum returns a + b without error, where |a| ≥ |b| or a is 0 (Dekker
// 1971).
func quickTwoSum(a, b float64) Float {
	s := a + b
	return Float{s, b - (s - a)}
}

// TwoProd returns a·b without error, unless it underflows.
func TwoProd(a, b float64) Float {
	p := a * b
	return Float{p, math.FMA(a, b, -p)}
}

// Float64 returns the float64 nearest to a.
func (a Float) Float64() float64 { return a.Hi + a.Lo }

// Neg returns −a.
func (a Float) Neg() Float { return Float{-a.Hi, -a.Lo} }

// Abs returns |a|.
func (a Float) Abs() Float {
	if a.Hi < 0 {
		return a.Neg()
	}
	return a
}

// Add returns a + b with a relative error below 2⁻¹⁰⁴, also where they cancel.
func (a Float) Add(b Float) Float {
	s, t := TwoSum(a.Hi, b.Hi), TwoSum(a.Lo, b.Lo)
	s = quickTwoSum(s.Hi, s.Lo+t.Hi)
	return quickTwoSum(s.Hi, s.Lo+t.Lo)
}

// Sub returns a − b.
func (a Float) Sub(b Float) Float { return a.Add(b.Neg()) }

// AddFloat returns a + x.
func (a Float) AddFloat(x float64) Float {
	s := TwoSum(a.Hi, x)
	return quickTwoSum(s.Hi, s.Lo+a.Lo)
}

// Mul returns a·b with a relative error below 2⁻¹⁰³.
func (a Float) Mul(b Float) Float {
	p := TwoProd(a.Hi, b.Hi)
	return quickTwoSum(p.Hi, p.Lo+(a.Hi*b.Lo+a.Lo*b.Hi))
}

// MulFloat returns a·x.
func (a Float) MulFloat(x float64) Float {
	p := TwoProd(a.Hi, x)
	return quickTwoSum(p.Hi, p.Lo+a.Lo*x)
}

// Scale returns a·x for a power of two x, without error unless it underflows or
// overflows.
func (a Float) Scale(x float64) Float { return Float{a.Hi * x, a.Lo * x} }

// Div returns a/b with a relative error below 2⁻¹⁰¹.
func (a Float) Div(b Float) Float {
	q1 := a.Hi / b.Hi
	r := a.Sub(b.MulFloat(q1))
	q2 := r.Hi / b.Hi
	r = r.Sub(b.MulFloat(q2))
	return quickTwoSum(q1, q2).AddFloat(r.Hi / b.Hi)
}

// Sqrt returns √a with a relative error below 2⁻¹⁰⁰; NaN if a is negative.
//
// Source: Karp and Markstein, "High-precision division and square root" (ACM
// TOMS 23, 1997).
func Sqrt(a Float) Float {
	if a.Hi == 0 {
		return Float{}
	}
	r := 1 / math.Sqrt(a.Hi)
	s := a.Hi * r
	return TwoSum(s, a.Sub(TwoProd(s, s)).Hi*(r/2))
}
