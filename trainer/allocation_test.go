//go:build !race

package trainer

import (
	"context"
	"math"
	"runtime"
	"testing"

	"github.com/surprisal-ml/surprisal/optim"
)

// The race detector makes pools forget, and so allocate.
func TestStepsDoNotAllocate(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	d := load(t, "digits")
	for name, cfg := range map[string]Config{
		"batches":       {Method: optim.Adam{}, BatchSize: 64, Epochs: 5, ClipNorm: 1},
		"large batches": {Method: optim.SGD{LR: 0.1, Momentum: 0.9}, BatchSize: 1500, Epochs: 20},
	} {
		c := network(t, d, 32)
		var before, after runtime.MemStats
		least := uint64(math.MaxUint64) // of the epochs: the runtime allocates now and then too
		mustRun(t, trainerFor(t, c, d, nil, cfg), context.Background(), ObserverFunc(func(e Event) {
			switch {
			case e.Summary != nil || e.Epoch == 0: // between epochs, or warming up
			case e.Batch == 0:
				runtime.ReadMemStats(&before)
			case e.Batch == e.Batches-1:
				runtime.ReadMemStats(&after)
				least = min(least, after.Mallocs-before.Mallocs)
			}
		}))
		if least > 0 {
			t.Errorf("%s: %d allocations in the steps of an epoch", name, least)
		}
	}
}
