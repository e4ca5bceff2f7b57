package gemm

import (
	"runtime"
	"sync"

	"github.com/surprisal-ml/surprisal/tensor/internal/crew"
)

// gramRound and gramMemory bound the memory for blocks of a Gram matrix that wait
// to be added: as many elements pay, and as many are allowed.
const gramRound, gramMemory = 1 << 17, 1 << 24

// gramTask is a Gram matrix whose blocks of 256 rows are parts. Each is computed
// by itself, many of them in a round, and then they are added in their order:
// that is what one goroutine does, bit for bit.
type gramTask struct {
	gram
	c       []float64
	cStride int
	from    int       // first row of the round
	blocks  int       // in the round
	sums    []float64 // d×d for each block
}

// Part computes block i of the round.
func (t *gramTask) Part(i int) { t.block(t.from+i*kc, 0, t.sums[i*t.d*t.d:], t.d) }

// merging is a gramTask that adds the blocks of a round.
type merging gramTask

// mergeRows is the rows of C in a part.
const mergeRows = 32

// Part adds the blocks to some rows of the upper triangle of C.
func (t *merging) Part(i int) {
	for r := i * mergeRows; r < min((i+1)*mergeRows, t.d); r++ {
		row := t.c[r*t.cStride+r:][:t.d-r]
		for b := range t.blocks {
			sum := t.sums[(b*t.d+r)*t.d+r:][:len(row)]
			if t.from == 0 && b == 0 {
				copy(row, sum)
				continue
			}
			for j, s := range sum {
				row[j] += s
			}
		}
	}
}

var idleGrams = sync.Pool{New: func() any { return new(gramTask) }} // of *gramTask

// ParallelGram computes what [Variant.Gram] does, bit for bit, with up to
// GOMAXPROCS goroutines if there is work enough.
func (v Variant) ParallelGram(n, d int, x []float64, xStride int, w []float64, c []float64, cStride int) {
	procs := runtime.GOMAXPROCS(0)
	round := min(parts(n, kc), gramMemory/max(1, d*d), max(2*procs, gramRound/max(1, d*d)))
	if procs == 1 || n*d*(d+1)/2 < parallelWork || round < 2 {
		v.Gram(n, d, x, xStride, w, c, cStride)
		return
	}
	g := gram{v, n, d, x, xStride, w}
	if g.empty(c, cStride) {
		return
	}
	t := idleGrams.Get().(*gramTask)
	t.gram, t.c, t.cStride = g, c, cStride
	if size := round * d * d; cap(t.sums) < size {
		t.sums = make([]float64, size)
	} else {
		t.sums = t.sums[:size]
	}
	for t.from = 0; t.from < n; t.from += round * kc {
		t.blocks = min(round, parts(n-t.from, kc))
		crew.Run(t, t.blocks)
		crew.Run((*merging)(t), parts(d, mergeRows))
	}
	mirror(d, c, cStride)
	t.gram, t.c = gram{}, nil
	idleGrams.Put(t)
}
