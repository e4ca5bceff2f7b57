// Package peak measures how many floating-point operations the processor can do
// at this moment, as a yardstick for benchmarks on machines whose speed varies.
package peak

import "github.com/surprisal-ml/surprisal/tensor/internal/gemm"

//go:generate go -C ../../gen-gemm run . -peak -out ../gemm/peak/peak_amd64.s

const (
	rounds = 20000 // some tens of microseconds
	sums   = 12    // FMA instructions in a round
)

// FMA runs a loop of FMA instructions between registers, as wide as those of the
// variant, and returns the number of floating-point operations.
func FMA(v gemm.Variant) int {
	if v == gemm.AVX512 {
		peakAVX512(rounds)
		return rounds * sums * 16
	}
	peakAVX2(rounds)
	return rounds * sums * 8
}

//go:noescape
func peakAVX512(n int)

//go:noescape
func peakAVX2(n int)
