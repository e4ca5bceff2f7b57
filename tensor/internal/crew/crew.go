// Package crew divides work among the goroutines of one process: the caller's
// and helpers that stay parked between jobs. There is one helper less than
// processors, whatever the number of callers: those who run at once share the
// helpers, and each works itself.
package crew

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Job is work in parts that can be done in any order, several at once.
type Job interface{ Part(i int) }

// task is a job whose parts goroutines take one after the other.
type task struct {
	job     Job
	parts   int
	next    atomic.Int64
	helpers sync.WaitGroup
	failure atomic.Pointer[any] // what a part panicked with first, or &exit
}

// exit is the failure of a part that called runtime.Goexit, as a test does that
// fails at once.
var exit any = "runtime.Goexit"

// run does parts until none is left.
func (t *task) run() {
	ended := false
	defer func() { t.rescue(ended, recover()) }()
	for {
		i := int(t.next.Add(1)) - 1
		if i >= t.parts {
			ended = true
			return
		}
		t.job.Part(i)
	}
}

// rescue keeps for the caller of Run what kept run from its end, if anything
// did, and has the parts not begun left undone.
func (t *task) rescue(ended bool, v any) {
	switch {
	case ended:
		return
	case v == nil:
		t.failure.CompareAndSwap(nil, &exit)
	default:
		failure := v // v itself would be allocated also without a panic
		if !t.failure.CompareAndSwap(nil, &failure) {
			t.failure.CompareAndSwap(&exit, &failure)
		}
	}
	t.next.Store(int64(t.parts))
}

// crew is the goroutines that help, parked between tasks. It never has more
// than the largest GOMAXPROCS less one, and they never end unless a part ends
// them.
var crew = struct {
	tasks chan *task // unbuffered: only a parked helper receives
	size  atomic.Int64
	idle  sync.Pool // of *task
}{tasks: make(chan *task), idle: sync.Pool{New: func() any { return new(task) }}}

// help does parts of t, then of whatever comes.
func help(t *task) {
	defer func() { // a part called runtime.Goexit
		crew.size.Add(-1)
		t.helpers.Done()
	}()
	for {
		t.run()
		t.helpers.Done()
		t = <-crew.tasks
	}
}

// Run does parts 0 to parts−1 of job on up to GOMAXPROCS goroutines and returns
// when all are done. Helpers that are busy with another job are not waited for;
// a part may call Run itself. If a part panics Run panics with the same value,
// and if one calls [runtime.Goexit] so does Run, once nobody works on the job
// any more. It does not allocate once the helpers are there.
func Run(job Job, parts int) {
	procs := min(runtime.GOMAXPROCS(0), parts)
	if procs <= 1 {
		for i := range parts {
			job.Part(i)
		}
		return
	}
	t := crew.idle.Get().(*task)
	t.job, t.parts = job, parts
	t.next.Store(0)
	for range procs - 1 {
		t.helpers.Add(1)
		if !t.offer() {
			t.helpers.Done()
			break
		}
	}
	defer t.end() // also if a part ends this goroutine
	t.run()
}

// end waits for the helpers and hands on a failure.
func (t *task) end() {
	t.helpers.Wait()
	failure := t.failure.Swap(nil)
	t.job = nil
	crew.idle.Put(t)
	switch failure {
	case nil:
	case &exit:
		runtime.Goexit()
	default:
		panic(*failure)
	}
}

// offer hands t to a helper that is parked or new, if there is one.
func (t *task) offer() bool {
	select {
	case crew.tasks <- t:
	default:
		if crew.size.Add(1) >= int64(runtime.GOMAXPROCS(0)) {
			crew.size.Add(-1)
			return false
		}
		go help(t)
	}
	// The goroutine made ready last is kept for this processor at first;
	// another one takes its place, so that it can be stolen at once.
	go func() {}()
	return true
}
