package dd

import "math"

// Vector is a vector of Floats, kept as one slice for each part. It need not be
// normalised: a long sum carries in Lo what its additions rounded away.
type Vector struct{ Hi, Lo []float64 }

// NewVector returns n zeros.
func NewVector(n int) Vector { return Vector{make([]float64, n), make([]float64, n)} }

// Len returns the number of elements.
func (v Vector) Len() int { return len(v.Hi) }

// At returns element i, normalised.
func (v Vector) At(i int) Float { return TwoSum(v.Hi[i], v.Lo[i]) }

// Set sets element i.
func (v Vector) Set(i int, x Float) { v.Hi[i], v.Lo[i] = x.Hi, x.Lo }

// Slice returns elements from to to−1, sharing the memory of v.
func (v Vector) Slice(from, to int) Vector { return Vector{v.Hi[from:to], v.Lo[from:to]} }

// Clear sets all elements to 0.
func (v Vector) Clear() {
	clear(v.Hi)
	clear(v.Lo)
}

// AddScaled adds a·x to v. The error of n additions is that of float64 on the
// rounding alone, about n²·2⁻¹⁰⁶ of the sum of magnitudes.
//
// Source: Ogita, Rump and Oishi, "Accurate sum and dot product" (SIAM J. Sci.
// Comput. 26, 2005), algorithm 5.3.
func (v Vector) AddScaled(a Float, x []float64) {
	hi, lo := v.Hi[:len(x)], v.Lo[:len(x)]
	for j, b := range x {
		p := a.Hi * b
		e := math.FMA(a.Hi, b, -p) + a.Lo*b
		s := hi[j] + p
		t := s - hi[j]
		lo[j] += (hi[j] - (s - t)) + (p - t) + e
		hi[j] = s
	}
}

// Add adds a to element i.
func (v Vector) Add(i int, a Float) {
	s := TwoSum(v.Hi[i], a.Hi)
	v.Hi[i] = s.Hi
	v.Lo[i] += s.Lo + a.Lo
}

// Dot returns Σ x·v.
func (v Vector) Dot(x []float64) Float {
	hi, lo := v.Hi[:len(x)], v.Lo[:len(x)]
	var sum, rest float64
	for j, b := range x {
		p := hi[j] * b
		e := math.FMA(hi[j], b, -p) + lo[j]*b
		s := sum + p
		t := s - sum
		rest += (sum - (s - t)) + (p - t) + e
		sum = s
	}
	return TwoSum(sum, rest)
}

// Inner returns Σ v·w.
func (v Vector) Inner(w Vector) Float {
	hi, lo := v.Hi, v.Lo[:len(v.Hi)]
	whi, wlo := w.Hi[:len(v.Hi)], w.Lo[:len(v.Hi)]
	var sum, rest float64
	for j, a := range hi {
		b := whi[j]
		p := a * b
		e := math.FMA(a, b, -p) + (a*wlo[j] + lo[j]*b)
		s := sum + p
		t := s - sum
		rest += (sum - (s - t)) + (p - t) + e
		sum = s
	}
	return TwoSum(sum, rest)
}
