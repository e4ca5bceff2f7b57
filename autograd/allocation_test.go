//go:build !race

package autograd

import (
	"runtime"
	"testing"

	"gonum.org/v1/gonum/mat"
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
