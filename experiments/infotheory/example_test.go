package infotheory_test

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/experiments/infotheory"
)

// A code made for a fair die, used on a loaded one, wastes D bits per throw.
func Example() {
	loaded := []float64{0.5, 0.1, 0.1, 0.1, 0.1, 0.1}
	fair := []float64{1. / 6, 1. / 6, 1. / 6, 1. / 6, 1. / 6, 1. / 6}
	fmt.Printf("entropy       %.4f bits\n", infotheory.Bits(infotheory.Entropy(loaded)))
	fmt.Printf("cross-entropy %.4f bits\n", infotheory.Bits(infotheory.CrossEntropy(loaded, fair)))
	fmt.Printf("divergence    %.4f bits\n", infotheory.Bits(infotheory.KL(loaded, fair)))
	// Output:
	// entropy       2.1610 bits
	// cross-entropy 2.5850 bits
	// divergence    0.4240 bits
}
