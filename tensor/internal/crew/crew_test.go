package crew

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// maxProcs is the largest GOMAXPROCS that a test sets.
const maxProcs = 4

// counts counts how often each part was done.
type counts []atomic.Int64

func (c counts) Part(i int) { c[i].Add(1) }

func (c counts) each(t *testing.T, want int64) {
	t.Helper()
	for i := range c {
		if n := c[i].Load(); n != want {
			t.Errorf("part %d of %d done %d times, want %d", i, len(c), n, want)
		}
	}
}

func procs(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

func TestRunDoesEachPartOnce(t *testing.T) {
	procs(t, 1)
	for n := 1; n <= maxProcs; n++ {
		runtime.GOMAXPROCS(n)
		for _, parts := range []int{0, 1, 2, 3, 5, 100} {
			c := make(counts, parts)
			Run(c, parts)
			c.each(t, 1)
		}
	}
}

// TestRunConcurrently has more callers than processors and helpers.
func TestRunConcurrently(t *testing.T) {
	procs(t, maxProcs)
	c := make(counts, 50)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for range 100 {
				Run(c, len(c))
			}
		})
	}
	wg.Wait()
	c.each(t, 1000)
	if n := crew.size.Load(); n >= maxProcs {
		t.Errorf("%d helpers for %d processors", n, maxProcs)
	}
}

// nested runs a job in each of its parts.
type nested struct{ inner counts }

func (n nested) Part(int) { Run(n.inner, len(n.inner)) }

func TestRunInPart(t *testing.T) {
	procs(t, maxProcs)
	c := make(counts, 20)
	Run(nested{c}, 30)
	c.each(t, 30)
}

// meeting has parts that wait for each other: they end only if they are done at
// the same time.
type meeting struct{ sync.WaitGroup }

func (m *meeting) Part(int) { m.Done(); m.Wait() }

func TestRunUsesAllProcessors(t *testing.T) {
	procs(t, maxProcs)
	for range 10 {
		m := new(meeting)
		m.Add(maxProcs)
		Run(m, maxProcs)
	}
}

// explosive panics in one part.
type explosive struct {
	at   int
	done counts
}

func (e explosive) Part(i int) {
	if i == e.at {
		panic("part fails")
	}
	e.done.Part(i)
}

func TestRunPanicsWithWhatAPartDoes(t *testing.T) {
	procs(t, 1)
	for n := 1; n <= maxProcs; n++ {
		runtime.GOMAXPROCS(n)
		for at := range 50 {
			func() {
				defer func() {
					if v := recover(); v != "part fails" {
						t.Errorf("GOMAXPROCS %d, part %d: recovered %v", n, at, v)
					}
				}()
				Run(explosive{at, make(counts, 50)}, 50)
			}()
		}
		c := make(counts, 50) // the helpers are still there
		Run(c, len(c))
		c.each(t, 1)
	}
}
