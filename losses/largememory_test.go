//go:build !race

package losses

import (
	"math"
	"runtime"
	"testing"

	"github.com/surprisal-ml/surprisal/autograd"
)

// The race detector makes pools forget, and so allocate.
func TestNoAllocationsForLargeLosses(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	// The runtime recycles goroutines only once it has some dozens of them per
	// processor.
	warm := 200
	for _, l := range large {
		x, p, y := largeInputs(l.rows, l.cols)
		tape := autograd.NewTape(autograd.Train)
		step := func() {
			tape.Reset()
			tape.Backward(l.record(tape.Variable(x), tape.Const(p), y))
		}
		for ; warm > 0; warm-- {
			step()
		}
		least := uint64(math.MaxUint64)
		for range 8 {
			least = min(least, mallocs(10, step))
		}
		if least > 0 {
			t.Errorf("%s: %d allocations in 10 steps", l.name, least)
		}
	}
}
