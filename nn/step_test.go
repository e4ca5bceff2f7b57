package nn

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/random"
)

var models = []struct {
	in      int
	hidden  []int
	out, n  int
	dropout float64
}{
	{30, nil, 1, 32, 0},
	{2, []int{16}, 2, 16, 0},
	{2, []int{16, 8}, 2, 16, 0.5},
	{784, nil, 10, 128, 0},
	{784, []int{256}, 10, 128, 0},
	{784, []int{256}, 10, 128, 0.5},
}

var activations = []activation.Func{
	activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.LeakyReLU{}, activation.ELU{Alpha: 0.5},
	activation.GELU{}, activation.SiLU{}, activation.Softplus{Beta: 2}, activation.LogSigmoid{},
}

func newModel(in int, hidden []int, out int, f activation.Func, dropout float64) *MLP {
	m := NewMLP(in, hidden, out, f, random.New(1, 0))
	m.Dropout = dropout
	return m
}

// stepper returns a function that does a step of gradient descent on m.
func stepper(m Module, in, out, n int) func() {
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
	opt := optim.New(optim.SGD{LR: 0.01}, len(theta))
	return func() {
		t.Reset()
		t.Step++
		z := m.Forward(t.Const(x))
		var loss autograd.Var
		if out == 1 {
			loss = losses.BCEWithLogits{}.Loss(z, t.Const(yes))
		} else {
			loss = losses.CrossEntropy{}.Classes(z, classes)
		}
		t.Backward(loss)
		opt.Step(theta, t.FlatGrad(ps))
	}
}

func BenchmarkStep(b *testing.B) {
	for _, m := range models {
		b.Run(fmt.Sprintf("%d-%v-%d/batch=%d/dropout=%g", m.in, m.hidden, m.out, m.n, m.dropout), func(b *testing.B) {
			step := stepper(newModel(m.in, m.hidden, m.out, sigmoid, m.dropout), m.in, m.out, m.n)
			b.ReportAllocs()
			for b.Loop() {
				step()
			}
		})
	}
}

// mallocs counts allocations in steady state, on two processors:
// testing.AllocsPerRun would leave one. It is the least of eight counts, since
// the runtime allocates now and then. Products on two processors start
// goroutines, which the runtime recycles only once it has some dozens of them
// per processor: so long it is warmed up.
func mallocs(step func(), steps int) uint64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for range 100 {
		step()
	}
	least := uint64(math.MaxUint64)
	for range 8 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range steps {
			step()
		}
		runtime.ReadMemStats(&after)
		least = min(least, after.Mallocs-before.Mallocs)
	}
	return least
}

func TestStepDoesNotAllocate(t *testing.T) {
	for _, m := range models {
		steps := 300
		if m.in > 100 {
			steps = 5
		}
		if a := mallocs(stepper(newModel(m.in, m.hidden, m.out, sigmoid, m.dropout), m.in, m.out, m.n), steps); a > 0 {
			t.Errorf("%d-%v-%d, dropout %g: %d allocations in %d steps", m.in, m.hidden, m.out, m.dropout, a, steps)
		}
	}
	for _, f := range activations {
		fused := newModel(5, []int{4, 3}, 2, f, 0.5)
		apart := NewSequential(NewLinear(5, 4, nil, random.New(1, 0)), Activation{f}, NewLinear(4, 2, nil, random.New(2, 0)))
		for _, m := range []Module{fused, apart} {
			if a := mallocs(stepper(m, 5, 2, 16), 300); a > 0 {
				t.Errorf("%T with %s: %d allocations in 300 steps", m, f.Name(), a)
			}
		}
	}
	if a := mallocs(stepper(everything(), 5, 2, 16), 300); a > 0 {
		t.Errorf("all kinds of modules: %d allocations in 300 steps", a)
	}
}
