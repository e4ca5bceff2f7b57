package gemm

import (
	"runtime"
	"sync"

	"github.com/surprisal-ml/surprisal/tensor/internal/crew"
)

const (
	// parallelWork is the multiplications from which a second goroutine pays:
	// to wake one takes some tens of microseconds.
	parallelWork = 4 << 20
	// parallelReads is the same for a product with a vector, which takes several
	// times as long for each element of the matrix, since it is read only once.
	parallelReads = 1 << 20
	// partRows and partCols are the least rows and columns of C in a part, so
	// that packing the same block of A or B for several parts costs little.
	partRows, partCols = 64, 96
	// partWork is the multiplications of a part, some ten microseconds, down to
	// which parts may be half as high and half as wide if processors are idle
	// otherwise.
	partWork = 1 << 19
	// lineRows is the least rows, or columns of a single row, of a part of a
	// product with few columns or rows. All of B is packed for each part.
	lineRows = 128
)

// task is a product whose C is divided into parts.
type task struct {
	variant    Variant
	product    Product
	shape      shape // of the product: a part may look different
	rows, cols int   // of C in a part
	parts      int
}

// Part computes part i.
func (t *task) Part(i int) {
	p := &t.product
	across := parts(p.N, t.cols)
	row, col := i/across*t.rows, i%across*t.cols
	part := p.Part(row, min(t.rows, p.M-row), col, min(t.cols, p.N-col))
	t.variant.compute(&part, t.shape)
}

var idle = sync.Pool{New: func() any { return new(task) }} // of *task

// Parallel computes p as [Variant.Mul] does, bit for bit, with up to GOMAXPROCS
// goroutines if there is work enough. Helpers that are busy with another product
// are not waited for, so concurrent calls share them.
func (v Variant) Parallel(p *Product) {
	if !p.large() || p.Alpha == 0 {
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
	t.variant, t.product, t.shape = v, *p, p.shape()
	t.divide(procs)
	crew.Run(t, t.parts)
	t.product = Product{}
	idle.Put(t)
}

// large says whether p is worth more than one goroutine.
func (p *Product) large() bool {
	if p.M == 1 || p.N == 1 {
		return p.M*p.N*p.K >= parallelReads
	}
	return p.M*p.N*p.K >= parallelWork
}

// divide chooses the parts: about four for each processor.
func (t *task) divide(procs int) {
	p := &t.product
	t.rows, t.cols, t.parts = p.M, p.N, 1
	if t.shape != blockShape {
		if p.M == 1 {
			t.cols = linePart(p.N, procs)
		} else {
			t.rows = linePart(p.M, procs)
		}
		t.parts = parts(p.M, t.rows) * parts(p.N, t.cols)
		return
	}
	t.halve(4*procs, partRows, partCols)
	t.halve(min(procs, p.M*p.N*p.K/partWork), partRows/2, partCols/2)
}

// linePart returns how many of n rows of C a part has: whole vectors.
func linePart(n, procs int) int {
	return min(n, max(lineRows, roundUp(parts(n, 4*procs), 8)))
}

// halve halves parts until there are enough of them or none has twice the least
// rows or columns any more. They stay whole panels. B is packed anew for each
// part below another, A for each part beside another, so parts are kept square.
func (t *task) halve(enough, rows, cols int) {
	p := &t.product
	for t.parts < enough {
		tall, wide := t.rows >= 2*rows, t.cols >= 2*cols
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
