// Package gemm has the kernels of the dense float64 products: C = αAB + βC with
// either factor transposed, and the Gram matrix XᵀWX.
//
// There are three variants, for AVX-512, for AVX2 with FMA, and in Go for
// everything else; [Best] chooses by processor and operating system. A variant
// is an argument, not a mode of the package, so tests run all of them.
//
// # Bits
//
// Each element of a result is computed by the same operations in the same order
// whatever the variant, the blocking, the packing and the number of goroutines:
// sums run over k in ascending order with one rounding per term (FMA), in
// blocks of 256 terms; α, and β where there is one, are applied after a block.
// Vector-shaped products add eight interleaved sums instead. Work is divided
// over rows and columns of C, never over k. So results are bit for bit the same
// for any GOMAXPROCS, and for all variants on processors with an FMA
// instruction; without one, the variant in Go rounds twice per term.
//
// No term is skipped: 0·NaN and 0·Inf are NaN. With β = 0 C is not read.
//
// The assembly is written by the generator in ../gen-gemm. Its kernels cannot be
// preempted, so what one call does is limited, to some tens of microseconds.
package gemm
