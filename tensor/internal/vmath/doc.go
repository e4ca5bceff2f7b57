// Package vmath computes elementary functions, sums, and the fused rows of the
// softmax and sigmoid losses over slices of float64.
//
// Each kernel exists three times: in assembly for AVX-512 and for AVX2 with FMA,
// chosen from what the processor and the operating system offer, and in Go. All
// three do the same operations in the same order, so that the results are the
// same, bit for bit, on every machine; nor does a result depend on the length of
// the slice or the place of the element in it. The Go code is the one to read.
//
// Greatest errors at 10⁸ points each, in units in the last place (ULP), and those
// of the slopes:
//
//	Exp, Expm1, Log, Log1p   0.63, 0.71, 0.73, 0.73
//	Sigmoid, Tanh            0.61 and 0.61, 0.74 and 0.60
//	Softplus, LogSigmoid     1.05 and 0.61, 1.05 and 1.47
//	Erf                      1.37
//	ELU, SiLU                0.75 and 0.69, 0.62 and 1.90
//
// The slope of SiLU crosses 0: there, its error is relative to the terms. GELU
// stays below 4, as the tests of package activation show. ReLU is exact,
// and LeakyReLU rounds once.
//
// Special values are those of package math, but for its exp: math.Exp overflows
// from 709.5 on some machines, and this one only where eˣ does.
//
// All slices of a call have the length of the last one or more. A destination
// may be a source, from the same element on; otherwise they must not overlap.
// A multiplication and an addition are one rounding only where [math.FMA] says
// so: products that are added are converted to float64, which forbids the
// compiler to fuse them.
package vmath

//go:generate go run -C ../gen-vmath . -target avx512 -out ../vmath/avx512_amd64.s -stubs ../vmath/avx512_amd64.go -pkg vmath
//go:generate go run -C ../gen-vmath . -target avx2 -out ../vmath/avx2_amd64.s -stubs ../vmath/avx2_amd64.go -pkg vmath
