package datasets

import "math"

// sum adds with an error of about 2⁻¹⁰⁶: the value is high + low (Knuth's exact
// sum; Ogita, Rump & Oishi, "Accurate sum and dot product", SISC 2005).
type sum struct{ high, low float64 }

func (s *sum) add(x float64) {
	t := s.high + x
	z := t - s.high
	s.low += (s.high - (t - z)) + (x - z)
	s.high = t
}

// addProduct adds x·y without rounding the product.
func (s *sum) addProduct(x, y float64) {
	p := x * y
	s.add(p)
	s.low += math.FMA(x, y, -p)
}

func (s *sum) value() float64 { return s.high + s.low }
