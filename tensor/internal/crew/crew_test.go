package crew

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
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

// meeting has parts that wait for each other. Those that are alone, because a
// helper has not parked again yet, give up after a while.
type meeting struct {
	missing atomic.Int64
	all     chan struct{}
	met     atomic.Bool
}

func newMeeting(n int) *meeting {
	m := &meeting{all: make(chan struct{})}
	m.missing.Store(int64(n))
	return m
}

func (m *meeting) Part(int) {
	if m.missing.Add(-1) == 0 {
		close(m.all)
	}
	select {
	case <-m.all:
		m.met.Store(true)
	case <-time.After(20 * time.Millisecond):
		m.missing.Add(1) // this one meets nobody any more
	}
}

// meet fails unless n parts are done at the same time, in one of many tries.
func meet(t *testing.T, n int) {
	t.Helper()
	for range 100 {
		m := newMeeting(n)
		if Run(m, n); m.met.Load() {
			return
		}
	}
	t.Errorf("%d parts are never done at the same time", n)
}

func TestRunUsesAllProcessors(t *testing.T) {
	procs(t, maxProcs)
	for range 10 {
		meet(t, maxProcs)
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

// leaving ends the goroutine of one part, or of each where at is −1.
type leaving struct {
	at   int
	done counts
}

func (l leaving) Part(i int) {
	if i == l.at || l.at < 0 {
		runtime.Goexit()
	}
	l.done.Part(i)
}

// TestRunExitsWhereAPartDoes checks that Run ends the goroutine that called it,
// whoever did the part, and that helpers who leave are replaced.
func TestRunExitsWhereAPartDoes(t *testing.T) {
	procs(t, 1)
	for n := 1; n <= maxProcs; n++ {
		runtime.GOMAXPROCS(n)
		for at := -1; at < 50; at++ {
			returned := false
			var wg sync.WaitGroup
			wg.Go(func() {
				Run(leaving{at, make(counts, 50)}, 50)
				returned = true
			})
			wg.Wait()
			if returned {
				t.Errorf("GOMAXPROCS %d, part %d: Run returned", n, at)
			}
		}
		meet(t, n)
	}
}

// both panics in part 0 and leaves in part 1, together if it can.
type both struct{ *meeting }

func (b both) Part(i int) {
	b.meeting.Part(i)
	if i == 0 {
		panic("part fails")
	}
	runtime.Goexit()
}

// TestRunPrefersPanics: a panic is not lost because another part left first.
func TestRunPrefersPanics(t *testing.T) {
	procs(t, 2)
	for range 50 {
		b, v := both{newMeeting(2)}, any(nil)
		var wg sync.WaitGroup
		wg.Go(func() {
			defer func() { v = recover() }()
			Run(b, 2)
		})
		wg.Wait()
		if b.met.Load() && v != "part fails" {
			t.Fatalf("recovered %v", v)
		}
	}
}
