package safetensors

import (
	"fmt"
	"math"
	"math/bits"
)

// Tensor is a named array of numbers in row-major order.
type Tensor struct {
	Name  string
	Shape []int // empty for a single number
	Data  []float64
}

// maxHeader is the format's limit on the length of the header.
const maxHeader = 100_000_000

// metadataKey is the name that no tensor may have.
const metadataKey = "__metadata__"

// count returns the number of elements of a shape. As in the reference
// implementation, sizes that overflow on the way are refused, even before a 0.
func count(shape []int) (uint64, error) {
	n := uint64(1)
	for _, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("shape %v has a negative size", shape)
		}
		hi, lo := bits.Mul64(n, uint64(d))
		if hi != 0 || lo > math.MaxInt64/8 {
			return 0, fmt.Errorf("shape %v has more elements than can exist", shape)
		}
		n = lo
	}
	return n, nil
}
