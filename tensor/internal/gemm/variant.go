package gemm

// Variant is one implementation of the kernels.
type Variant uint8

const (
	Portable Variant = iota // Go
	AVX2                    // AVX2 with FMA
	AVX512                  // AVX-512 F, DQ, BW and VL
)

func (v Variant) String() string { return [...]string{"portable", "AVX2", "AVX512"}[v] }

var best = Available()[len(Available())-1]

// Best returns the fastest variant that this processor and operating system
// can run.
func Best() Variant { return best }
