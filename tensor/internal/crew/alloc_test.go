//go:build !race

package crew

// Under the race detector a sync.Pool forgets at random.

import (
	"runtime"
	"testing"
)

func TestRunDoesNotAllocate(t *testing.T) {
	procs(t, 2)
	c := &sized{make(counts, 20)}
	mallocs := func(calls int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range calls {
			Run(c, len(c.counts))
		}
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	mallocs(300)                        // tasks and goroutines
	if n := mallocs(1000); n/100 != 0 { // the runtime itself may allocate now and then
		t.Errorf("%d allocations in 1000 calls", n)
	}
}

// sized is a job by pointer, as those without allocations are.
type sized struct{ counts }
