package losses

import (
	"runtime"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
)

// mallocs returns the number of allocations of n calls of f, after two.
func mallocs(n int, f func()) uint64 {
	f()
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range n {
		f()
	}
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

// Steps of training, evaluations and Hessian-vector products allocate nothing
// once the tape has its memory, also with a garbage collector beside them.
func TestNoAllocations(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for _, l := range every {
		for r := Mean; r <= l.last; r++ {
			all := params(l.domains)
			ps := autograd.NewParams(all...)
			in := make([]autograd.Var, len(all))
			objective := func(tape *autograd.Tape) autograd.Var {
				for i, p := range all {
					in[i] = tape.Param(p)
				}
				if r == None {
					return autograd.Sum(l.record(r, in))
				}
				return l.record(r, in)
			}
			train, eval := autograd.NewTape(autograd.Train), autograd.NewTape(autograd.Eval)
			v, hv := mat.NewDense(3, ps.Len(), nil), mat.NewDense(3, ps.Len(), nil)
			for what, f := range map[string]func(){
				"training":   func() { train.Reset(); train.Backward(objective(train)) },
				"evaluation": func() { eval.Reset(); objective(eval) },
				"HVP":        func() { autograd.HVP(hv, v, train, ps, objective) },
			} {
				if n := mallocs(300, f); n > 10 { // the runtime has its own, now and then
					t.Errorf("%s, %v: %d allocations in 300 calls of %s", l.name, r, n, what)
				}
			}
		}
	}
}

// Evaluation needs scratch for a block of rows, not for all of them.
func TestEvaluationNeedsLittleMemory(t *testing.T) {
	const rows, cols = 2000, 10
	x, p := mat.NewDense(rows, cols, nil), mat.NewDense(rows, cols, nil)
	fillDomain(x, realNumber, 1)
	fillDomain(p, probability, 2)
	weight, y := make([]float64, rows), make([]int, rows)
	for name, record := range map[string]func(x, p autograd.Var){
		"BCE":           func(x, p autograd.Var) { BCE{}.Loss(p, p) },
		"BCEWithLogits": func(x, p autograd.Var) { BCEWithLogits{RowWeight: weight}.Loss(x, p) },
		"CrossEntropy":  func(x, p autograd.Var) { CrossEntropy{RowWeight: weight}.Classes(x, y) },
		"smoothed":      func(x, p autograd.Var) { CrossEntropy{LabelSmoothing: 0.1}.Classes(x, y) },
		"Probabilities": func(x, p autograd.Var) { CrossEntropy{}.Probabilities(x, p) },
		"NLL":           func(x, p autograd.Var) { NLL{}.Classes(x, y) },
		"KLDiv":         func(x, p autograd.Var) { KLDiv{}.Loss(x, p) },
		"GaussianNLL":   func(x, p autograd.Var) { GaussianNLL{}.Loss(x, x, p) },
		"SoftMargin":    func(x, p autograd.Var) { SoftMargin{}.Loss(x, p) },
		"per row":       func(x, p autograd.Var) { MultiLabelSoftMargin{Reduction: None}.Loss(x, p) },
	} {
		tape := autograd.NewTape(autograd.Eval)
		xv, pv := tape.Const(x), tape.Const(p)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		record(xv, pv)
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 8*rows*cols/4 {
			t.Errorf("%s: %d bytes for %d×%d", name, n, rows, cols)
		}
	}
}
