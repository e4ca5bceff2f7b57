package gemm

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

// maxProcs is the largest GOMAXPROCS that a test sets.
const maxProcs = 4

// TestParallelBits compares products divided among up to four goroutines with
// those of one.
func TestParallelBits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	r := rand.New(rand.NewPCG(1, 1))
	for _, size := range [][3]int{{200, 200, 200}, {700, 24, 300}, {40, 900, 300}, {130, 10, 5000}, {5000, 10, 130}, {300, 257, 129}, {1, 3000, 2000},
		{2000, 10, 300}, {10, 2000, 300}, {6001, 1, 200}, {1500, 14, 200}} {
		for trans := range 4 {
			e := newExample(r, size[0], size[1], size[2], trans&1 != 0, trans&2 != 0, 2, 1.5, float64(trans%2))
			want := e.run(Best())
			for procs := 1; procs <= maxProcs; procs++ {
				runtime.GOMAXPROCS(procs)
				p := e.p
				c := append([]float64(nil), e.c...)
				p.C = c[e.start:]
				Best().Parallel(&p)
				e.sameBits(t, Best(), want, c)
			}
		}
	}
}

func TestParallelGramBits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	r := rand.New(rand.NewPCG(4, 1))
	for _, size := range [][2]int{{30000, 30}, {3000, 70}, {600, 300}, {257, 260}, {100, 400}, {100000, 9}} {
		n, d := size[0], size[1]
		x, w := make([]float64, n*(d+1)), make([]float64, n)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		for i := range w {
			w[i] = r.NormFloat64()
		}
		for _, w := range [][]float64{nil, w} {
			want := make([]float64, d*(d+2))
			Best().Gram(n, d, x, d+1, w, want, d+2)
			for procs := 1; procs <= maxProcs; procs++ {
				runtime.GOMAXPROCS(procs)
				c := make([]float64, len(want))
				for i := range d {
					for j := range d {
						c[i*(d+2)+j] = math.NaN()
					}
				}
				Best().ParallelGram(n, d, x, d+1, w, c, d+2)
				for i := range c {
					if math.Float64bits(c[i]) != math.Float64bits(want[i]) {
						t.Fatalf("%v, GOMAXPROCS %d: %v at %d, Gram has %v", size, procs, c[i], i, want[i])
					}
				}
			}
		}
	}
}

// TestParallelConcurrently has more callers than processors and helpers.
func TestParallelConcurrently(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	e := newExample(r, 200, 200, 200, false, true, 0, 1, 0)
	want := e.run(Best())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				p := e.p
				c := append([]float64(nil), e.c...)
				p.C = c[e.start:]
				Best().Parallel(&p)
				e.sameBits(t, Best(), want, c)
			}
		})
	}
	wg.Wait()
}

func TestDivide(t *testing.T) {
	for _, size := range [][2]int{{1000, 1000}, {5000, 7}, {3, 9000}, {64, 95}, {129, 193}, {128, 256}} {
		for _, procs := range []int{2, 3, 16, 64} {
			for _, k := range []int{10, 1000} {
				task := task{product: Product{M: size[0], N: size[1], K: k}}
				task.divide(procs)
				rows, cols := partRows/2, partCols/2
				if task.parts > 2*procs || size[0]*size[1]*k < partWork {
					rows, cols = partRows, partCols
				}
				if task.rows < min(rows, size[0]) || task.cols < min(cols, size[1]) {
					t.Errorf("%v for %d: %d parts of %d×%d", size, procs, task.parts, task.rows, task.cols)
				}
				if n := parts(size[0], task.rows) * parts(size[1], task.cols); task.parts != n {
					t.Errorf("%v for %d: %d parts, %d counted", size, procs, task.parts, n)
				}
			}
		}
	}
}

// TestDivideForManyProcessors: a layer of 256 units has parts for 16 processors.
func TestDivideForManyProcessors(t *testing.T) {
	task := task{product: Product{M: 128, N: 256, K: 784}}
	if task.divide(16); task.parts < 16 {
		t.Errorf("%d parts of %d×%d", task.parts, task.rows, task.cols)
	}
}
