//go:build !race

package gemm

// Under the race detector a sync.Pool forgets at random.

import (
	"math/rand/v2"
	"runtime"
	"testing"
)

func TestMulDoesNotAllocate(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, e := range []example{
		newExample(r, 200, 300, 270, true, true, 0, 1, 0),
		newExample(r, 16, 2, 16, false, false, 0, 1, 0),
		newExample(r, 32, 1, 30, false, false, 0, 1, 0),
		newExample(r, 30, 1, 32, true, false, 3, 1, 1),
		newExample(r, 30, 1, 32, false, false, 3, 1, 1),
		newExample(r, 30, 10, 300, false, false, 3, 1, 1),
		newExample(r, 100, 10, 300, true, false, 3, 1, 1),
	} {
		for _, v := range Available() {
			p := e.p
			p.C = e.c[e.start:]
			if n := testing.AllocsPerRun(10, func() { v.Mul(&p) }); n != 0 {
				t.Errorf("%v: %v: %v allocations", v, e, n)
			}
		}
	}
}

func TestParallelDoesNotAllocate(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	r := rand.New(rand.NewPCG(3, 3))
	e := newExample(r, 200, 200, 200, false, true, 0, 1, 0)
	p := e.p
	p.C = e.c[e.start:]
	x, c := make([]float64, 10000*30), make([]float64, 30*30)
	mallocs := func(calls int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range calls {
			Best().Parallel(&p)
			Best().ParallelGram(10000, 30, x, 30, nil, c, 30)
		}
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	mallocs(100)                       // buffers and goroutines
	if n := mallocs(100); n/100 != 0 { // the runtime itself may allocate now and then
		t.Errorf("%d allocations in 100 calls", n)
	}
}

func TestGramDoesNotAllocate(t *testing.T) {
	x, w, c := make([]float64, 600*300), make([]float64, 600), make([]float64, 300*300)
	for _, v := range Available() {
		if n := testing.AllocsPerRun(3, func() { v.Gram(600, 300, x, 300, w, c, 300) }); n != 0 {
			t.Errorf("%v: %v allocations", v, n)
		}
	}
}
