package nn

import (
	"fmt"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/random"
)

var models = []struct {
	in     int
	hidden []int
	out, n int
}{
	{30, nil, 1, 32},
	{2, []int{16}, 2, 16},
	{784, nil, 10, 128},
	{784, []int{256}, 10, 128},
}

// stepper returns a function that does a step of gradient descent.
func stepper(in int, hidden []int, out, n int) func() {
	m := NewMLP(in, hidden, out, activation.Sigmoid{}, random.New(1, 0))
	src := random.New(2, 0)
	x := mat.NewDense(n, in, nil)
	for i := range x.RawMatrix().Data {
		x.RawMatrix().Data[i] = src.Norm()
	}
	classes, yes := make([]int, n), mat.NewDense(n, 1, nil)
	for i := range classes {
		classes[i] = i % max(out, 2)
		yes.Set(i, 0, float64(classes[i]))
	}
	t, ps := autograd.NewTape(autograd.Train), autograd.NewParams(m.Params()...)
	theta := ps.Vector()
	return func() {
		t.Reset()
		z := m.Forward(t.Const(x))
		var loss autograd.Var
		if out == 1 {
			loss = losses.BCEWithLogits{}.Loss(z, t.Const(yes))
		} else {
			loss = losses.CrossEntropy{}.Classes(z, classes)
		}
		t.Backward(loss)
		for i, g := range t.FlatGrad(ps) {
			theta[i] -= 0.01 * g
		}
	}
}

func BenchmarkStep(b *testing.B) {
	for _, m := range models {
		b.Run(fmt.Sprintf("%d-%v-%d/batch=%d", m.in, m.hidden, m.out, m.n), func(b *testing.B) {
			step := stepper(m.in, m.hidden, m.out, m.n)
			b.ReportAllocs()
			for b.Loop() {
				step()
			}
		})
	}
}

func TestStepDoesNotAllocate(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for _, m := range models {
		step := stepper(m.in, m.hidden, m.out, m.n)
		step()
		steps := 1000
		if m.in > 100 {
			steps = 30
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range steps {
			step()
		}
		runtime.ReadMemStats(&after)
		if a := after.Mallocs - before.Mallocs; a > 0 {
			t.Errorf("%d-%v-%d: %d allocations in %d steps", m.in, m.hidden, m.out, a, steps)
		}
	}
}
