package dd

// Logistic returns p = 1/(1+e⁻ᶻ) and q = 1 − p, each with a relative error
// below 2⁻⁹⁸.
func Logistic(z Float) (p, q Float) {
	e := Exp(z.Abs().Neg())
	p = Float{1, 0}.Div(e.AddFloat(1))
	q = e.Mul(p)
	if z.Hi < 0 {
		return q, p
	}
	return p, q
}

// Softplus returns log(1+eᶻ).
func Softplus(z Float) Float {
	s := Log1p(Exp(z.Abs().Neg()))
	if z.Hi > 0 {
		return s.Add(z)
	}
	return s
}
