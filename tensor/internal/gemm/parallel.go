package gemm

import (
	"runtime"
	"sync"

	"github.com/surprisal-ml/surprisal/tensor/internal/crew"
)

const (
	// parallelFlops is the work from which a second goroutine pays: to wake
	// one takes some tens of microseconds.
	parallelFlops = 8 << 20
	// partRows and partCols are the least rows and columns of C in a part, so
	// that packing the same block of A or B for several parts costs little.
	partRows, partCols = 64, 96
)

// task is a product whose C is divided into parts.
type task struct {
	variant    Variant
	product    Product
	rows, cols int // of C in a part
	parts      int
}

// Part computes part i.
func (t *task) Part(i int) {
	p := &t.product
	across := parts(p.N, t.cols)
	row, col := i/across*t.rows, i%across*t.cols
	part := p.Part(row, min(t.rows, p.M-row), col, min(t.cols, p.N-col))
	t.variant.blocks(&part)
}

var idle = sync.Pool{New: func() any { return new(task) }} // of *task

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
	t := idle.Get().(*task)
	t.variant, t.product = v, *p
	t.divide(procs)
	crew.Run(t, t.parts)
	t.product = Product{}
	idle.Put(t)
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
