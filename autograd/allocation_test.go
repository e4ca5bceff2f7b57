//go:build !race

package autograd

import (
	"math"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
)

// The race detector makes pools forget, and so allocate.
func TestOpsAllocateNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for _, c := range everyOp() {
		ps := c.inputs()
		params := NewParams(ps...)
		w, v := mat.NewDense(1, params.Len(), nil), mat.NewDense(1, params.Len(), nil)
		fill(v, 3)
		x := make([]Var, len(ps))
		f := func(t *Tape) Var {
			for i, p := range ps {
				x[i] = t.Param(p)
			}
			y := c.f(x)
			return Sum(Mul(y, y))
		}
		train, eval := NewTape(Train), NewTape(Eval)
		g := make([]float64, params.Len())
		step := func() {
			Gradient(g, train, params, f)
			HVP(w, v, train, params, f)
			Value(eval, f)
		}
		step()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 200 {
			step()
		}
		runtime.ReadMemStats(&after)
		// A few are the runtime's own.
		if n := after.Mallocs - before.Mallocs; n > 20 {
			t.Errorf("%s: %d allocations in 200 steps", c.name, n)
		}
	}
}

// Nor do activations of large matrices, on two processors.
func TestLargeActivationsAllocateNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	x := mat.NewDense(1<<16, 2, nil)
	fill(x, 1)
	w := NewParam("w", 2, 2)
	NewParams(w)
	fill(w.Value, 2)
	tape := NewTape(Train)
	step := func() {
		tape.Reset()
		Apply(Linear(tape.Const(x), tape.Param(w), Var{}, activation.ReLU{}), activation.LeakyReLU{Slope: 0.1})
	}
	// The runtime recycles goroutines only once it has some dozens of them per
	// processor.
	for range 200 {
		step()
	}
	least := uint64(math.MaxUint64)
	for range 8 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 10 {
			step()
		}
		runtime.ReadMemStats(&after)
		least = min(least, after.Mallocs-before.Mallocs)
	}
	if least > 0 {
		t.Errorf("%d allocations in 10 steps", least)
	}
}
