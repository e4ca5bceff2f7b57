package gemm

import (
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	// parallelFlops is the work from which a second goroutine pays: to wake
	// one takes some tens of microseconds.
	parallelFlops = 8 << 20
	// partRows and partCols are the least rows and columns of C in a part, so
	// that packing the same block of A or B for several parts costs little.
	partRows, partCols = 64, 96
)

// task is a product whose C is divided into parts, which goroutines take one
// after the other.
type task struct {
	variant    Variant
	product    Product
	rows, cols int // of C in a part
	parts      int
	next       atomic.Int64
	helpers    sync.WaitGroup
}

// run computes parts until none is left.
func (t *task) run() {
	p := &t.product
	across := parts(p.N, t.cols)
	for {
		i := int(t.next.Add(1)) - 1
		if i >= t.parts {
			return
		}
		row, col := i/across*t.rows, i%across*t.cols
		part := p.Part(row, min(t.rows, p.M-row), col, min(t.cols, p.N-col))
		t.variant.blocks(&part)
	}
}

// crew is the goroutines that help, parked between tasks. It never has more
// than the largest GOMAXPROCS less one, and they never end.
var crew = struct {
	tasks chan *task // unbuffered: only a parked helper receives
	size  atomic.Int64
	idle  sync.Pool // of *task
}{tasks: make(chan *task), idle: sync.Pool{New: func() any { return new(task) }}}

// help computes parts of t, then of whatever comes.
func help(t *task) {
	for {
		t.run()
		t.helpers.Done()
		t = <-crew.tasks
	}
}

// Parallel computes p as [Variant.Mul] does, bit for bit, with up to GOMAXPROCS
// goroutines if there is work enough. Helpers that are busy with another product
// are not waited for, so concurrent calls share the processors.
func (v Variant) Parallel(p *Product) {
	if p.M*p.N*p.K < parallelFlops/2 || p.Alpha == 0 || p.shape() != blockShape {
		v.Mul(p)
		return
	}
	procs := runtime.GOMAXPROCS(0)
	if procs == 1 {
		v.Mul(p)
		return
	}
	p.check()
	t := crew.idle.Get().(*task)
	t.variant, t.product = v, *p
	t.divide(procs)
	t.next.Store(0)
	for range min(procs, t.parts) - 1 {
		t.helpers.Add(1)
		if !t.offer(procs) {
			t.helpers.Done()
			break
		}
	}
	t.run()
	t.helpers.Wait()
	t.product = Product{}
	crew.idle.Put(t)
}

// offer hands t to a helper that is parked or new, if there is one.
func (t *task) offer(procs int) bool {
	select {
	case crew.tasks <- t:
	default:
		if crew.size.Add(1) >= int64(procs) {
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

// divide chooses the parts: about four for each processor, of whole panels.
// B is packed anew for each part below another, A for each part beside another,
// so parts are kept square.
func (t *task) divide(procs int) {
	p := &t.product
	t.rows, t.cols, t.parts = p.M, p.N, 1
	for t.parts < 4*procs {
		tall, wide := t.rows >= 2*partRows, t.cols >= 2*partCols
		switch {
		case tall && (t.rows >= t.cols || !wide):
			t.rows = roundUp((t.rows+1)/2, 8)
		case wide:
			t.cols = roundUp((t.cols+1)/2, 24)
		default:
			return
		}
		t.parts = parts(p.M, t.rows) * parts(p.N, t.cols)
	}
}

// parts returns how many parts of a length n has.
func parts(n, length int) int { return (n + length - 1) / length }
