package autograd

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
)

// activated are ways to apply a function to all elements of x.
var activated = map[string]func(x Var) Var{
	"Apply": Sigmoid,
	"Linear": func(x Var) Var {
		_, c := x.Dims()
		w := mat.NewDense(c, c, nil)
		for i := range c {
			w.Set(i, i, 1)
		}
		return Linear(x, x.Tape().Const(w), Var{}, activation.Tanh{})
	},
}

// The number of processors changes no bit of values and gradients, and gaps
// between rows do not either.
func TestProcessorsDoNotMatter(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	const rows, cols = 22003, 6 // the last part is not full
	x := mat.NewDense(rows, cols, nil)
	fill(x, 1)
	gaps := mat.NewDense(rows, cols+1, nil).Slice(0, rows, 0, cols).(*mat.Dense)
	gaps.Copy(x)
	for name, f := range activated {
		pass := func(x *mat.Dense, mode Mode, procs int, serial bool) (value, grad *mat.Dense) {
			runtime.GOMAXPROCS(procs)
			tape := NewTape(mode)
			tape.Serial, tape.Poison = serial, true
			xv := tape.Variable(x)
			y := f(xv)
			if mode == Train {
				tape.Backward(Sum(y))
				grad = xv.Grad()
			}
			return y.Value(), grad
		}
		value, grad := pass(x, Train, 1, true)
		for _, procs := range []int{1, 2, 4} {
			for what, in := range map[string]*mat.Dense{"contiguous": x, "gaps": gaps} {
				name := fmt.Sprintf("%s, %s, GOMAXPROCS %d", name, what, procs)
				v, g := pass(in, Train, procs, false)
				sameBits(t, name+": value", v, value)
				sameBits(t, name+": gradient", g, grad)
				v, _ = pass(in, Eval, procs, false)
				sameBits(t, name+": evaluation", v, value)
			}
		}
	}
}

func sameBits(t *testing.T, what string, got, want *mat.Dense) {
	t.Helper()
	w := want.RawMatrix().Data
	for i, v := range got.RawMatrix().Data {
		if math.Float64bits(v) != math.Float64bits(w[i]) {
			t.Errorf("%s: element %d is %v, serially %v", what, i, v, w[i])
			return
		}
	}
}

// BenchmarkSigmoid is value and slope on GOMAXPROCS processors. Set it in the
// environment: with -cpu, the first run of each has another one's.
func BenchmarkSigmoid(b *testing.B) {
	for _, n := range []int{1 << 14, 1 << 16, 1 << 17, 1 << 18, 1e6} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x := mat.NewDense(n, 1, nil)
			fill(x, 1)
			tape := NewTape(Train)
			b.ReportAllocs()
			for b.Loop() {
				tape.Reset()
				Sigmoid(tape.Variable(x))
			}
		})
	}
}
