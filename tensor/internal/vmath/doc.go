// Package vmath computes elementary functions, sums, and the fused rows of the
// softmax and sigmoid losses over slices of float64.
//
// Each kernel exists three times: in assembly for AVX-512 and for AVX2 with FMA,
// chosen from what the processor and the operating system offer, and in Go. All
// three do the same operations in the same order, so that the results are the
// same, bit for bit, on every machine; nor does a result depend on the length of
// the slice or the place of the element in it. The Go code is the one to read.
//
// Greatest errors, in units in the last place (ULP):
//
//	Exp, Log, Log1p, Expm1                1
//	Sigmoid, Softplus, LogSigmoid, Tanh   2, and their slopes
//	GELU                                  4
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
