// Package dd computes with pairs of float64 values: double-double arithmetic,
// with a relative error of about 1e-30.
//
// Maximum likelihood uses it where the rounding of float64 sets the digits of
// the result: in the gradient at the optimum, and in the inverse of an
// ill-conditioned information matrix.
//
// Source of the method: T. J. Dekker, "A floating-point technique for extending
// the available precision" (Numerische Mathematik 18, 1971); Y. Hida, X. S. Li,
// D. H. Bailey, "Algorithms for quad-double precision floating point arithmetic"
// (ARITH-15, 2001).
package dd
