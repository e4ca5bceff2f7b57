package metrics

import "math"

// sum adds as if with twice the digits: the error is about 2⁻¹⁰⁶ of the sum of
// the magnitudes (Ogita, Rump & Oishi, "Accurate sum and dot product", SIAM J.
// Sci. Comput. 26, 2005).
type sum struct{ high, low float64 }

func (s *sum) add(x float64) {
	t := s.high + x
	z := t - s.high
	s.low += (s.high - (t - z)) + (x - z)
	s.high = t
}

// addProduct adds x·y without rounding the product, so that adding 3·y is
// adding y three times.
func (s *sum) addProduct(x, y float64) {
	p := x * y
	s.add(p)
	s.low += math.FMA(x, y, -p)
}

func (s *sum) value() float64 {
	if math.IsInf(s.high, 0) {
		return s.high // low is NaN by now
	}
	return s.high + s.low
}

// ratio is a/b, undefined if there is nothing to divide by.
func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}
