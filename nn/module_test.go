package nn

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/random"
)

var sigmoid = activation.Sigmoid{}

func normalMatrix(r, c int, seed uint64) *mat.Dense {
	m, src := mat.NewDense(r, c, nil), random.New(seed, 9)
	for i := range m.RawMatrix().Data {
		m.RawMatrix().Data[i] = src.Norm()
	}
	return m
}

func names(m Module) string {
	var list []string
	for _, p := range m.Params() {
		list = append(list, p.Name)
	}
	return strings.Join(list, " ")
}

// everything is a model with all kinds of modules, nested.
func everything() *Sequential {
	src := random.New(5, 0)
	mlp := NewMLP(4, []int{3, 3}, 3, sigmoid, src)
	mlp.Dropout = 0.3
	inner := NewSequential(&Dropout{P: 0.5}, mlp, NewLinear(3, 3, nil, src))
	return NewSequential(NewLinear(5, 4, sigmoid, src), inner, Activation{sigmoid}, &Dropout{P: 0.4}, NewLinear(3, 2, nil, src))
}

func TestNamesAndOrder(t *testing.T) {
	for _, c := range []struct {
		m    Module
		want string
	}{
		{NewMLP(2, nil, 1, nil, nil), "layers.0.weight layers.0.bias"},
		{NewMLP(2, []int{3}, 1, sigmoid, nil), "layers.0.weight layers.0.bias layers.1.weight layers.1.bias"},
		{NewSequential(), ""},
		{NewSequential(Activation{sigmoid}, NewSequential(NewLinear(1, 1, nil, nil))), "1.0.weight 1.0.bias"},
		{everything(), "0.weight 0.bias 1.1.layers.0.weight 1.1.layers.0.bias 1.1.layers.1.weight 1.1.layers.1.bias " +
			"1.1.layers.2.weight 1.1.layers.2.bias 1.2.weight 1.2.bias 4.weight 4.bias"},
	} {
		if got := names(c.m); got != c.want {
			t.Errorf("%T: %s, want %s", c.m, got, c.want)
		}
		// The flat vector has the same order, row by row.
		var values []float64
		for k, p := range c.m.Params() {
			p.Value.Set(0, 0, float64(k+1))
			values = append(values, p.Value.RawMatrix().Data...)
		}
		if ps := autograd.NewParams(c.m.Params()...); !slices.Equal(ps.Vector(), values) {
			t.Errorf("%T: the vector is %v, want %v", c.m, ps.Vector(), values)
		}
	}
}

func TestGradients(t *testing.T) {
	x, y := normalMatrix(6, 5, 1), []int{0, 1, 1, 0, 1, 0}
	mlp := NewMLP(5, []int{4, 3}, 2, sigmoid, random.New(3, 0))
	mlp.Dropout = 0.25
	for _, m := range []Module{NewMLP(5, nil, 2, nil, nil), mlp, everything()} {
		loss := func(t *autograd.Tape) autograd.Var {
			return losses.CrossEntropy{}.Classes(m.Forward(t.Const(x)), y)
		}
		if err := autograd.CheckGradients(loss, autograd.NewParams(m.Params()...), autograd.Check{}); err != nil {
			t.Errorf("%T: %v", m, err)
		}
	}
}

// A fused activation is the activation as a module, whatever it is, and its
// gradients are right.
func TestActivations(t *testing.T) {
	x, y := normalMatrix(6, 5, 1), []int{0, 1, 1, 0, 1, 0}
	for _, f := range activations {
		fused := NewMLP(5, []int{4}, 2, f, random.New(3, 0))
		apart := NewSequential(NewLinear(5, 4, nil, nil), Activation{f}, NewLinear(4, 2, nil, nil))
		copy(vector(apart), vector(fused))
		tape := autograd.NewTape(autograd.Train)
		if a, b := fused.Forward(tape.Const(x)).Value(), apart.Forward(tape.Const(x)).Value(); !mat.Equal(a, b) {
			t.Errorf("%s: fused %v, apart %v", f.Name(), a, b)
		}
		for _, m := range []Module{fused, apart} {
			loss := func(t *autograd.Tape) autograd.Var {
				return losses.CrossEntropy{}.Classes(m.Forward(t.Const(x)), y)
			}
			if err := autograd.CheckGradients(loss, autograd.NewParams(m.Params()...), autograd.Check{}); err != nil {
				t.Errorf("%T with %s: %v", m, f.Name(), err)
			}
		}
	}
}

// A weight that two layers share is one parameter: its gradient is the sum of
// those of two layers with the same values.
func TestTiedWeights(t *testing.T) {
	a, b := NewLinear(3, 3, sigmoid, random.New(1, 0)), NewLinear(3, 3, nil, random.New(2, 0))
	apart := NewSequential(a, b)
	b.Weight.Value.Copy(a.Weight.Value)
	c, d := NewLinear(3, 3, sigmoid, nil), NewLinear(3, 3, nil, nil)
	d.Weight = c.Weight
	tied := NewSequential(c, d)
	c.Weight.Value.Copy(a.Weight.Value)
	if got, want := names(tied), "0.weight 0.bias 0.weight 1.bias"; got != want {
		t.Errorf("names %s, want %s", got, want)
	}

	x := normalMatrix(5, 3, 1)
	loss := func(m Module) autograd.Objective {
		return func(t *autograd.Tape) autograd.Var { return autograd.Mean(activate(m.Forward(t.Const(x)))) }
	}
	ps := autograd.NewParams(tied.Params()...)
	if ps.Len() != 9+3+3 {
		t.Errorf("%d parameters, want 15", ps.Len())
	}
	if err := autograd.CheckGradients(loss(tied), ps, autograd.Check{}); err != nil {
		t.Error(err)
	}
	tape, tapeApart := autograd.NewTape(autograd.Train), autograd.NewTape(autograd.Train)
	tape.Backward(loss(tied)(tape))
	tapeApart.Backward(loss(apart)(tapeApart))
	var sum mat.Dense
	sum.Add(tapeApart.Grad(a.Weight), tapeApart.Grad(b.Weight))
	if !mat.EqualApprox(tape.Grad(c.Weight), &sum, 1e-15) {
		t.Errorf("gradient %v, want %v", mat.Formatted(tape.Grad(c.Weight)), mat.Formatted(&sum))
	}
}

func activate(x autograd.Var) autograd.Var { return autograd.Mul(x, autograd.Sigmoid(x)) }

func TestDropoutStreamsDiffer(t *testing.T) {
	two := NewMLP(2, []int{3, 3}, 1, sigmoid, nil)
	first, last := &Dropout{P: 0.5}, &Dropout{P: 0.5}
	NewSequential(first, NewSequential(two, &Dropout{P: 0.5}), NewMLP(1, nil, 1, nil, nil), last)
	if first.Stream != 0 || two.stream != 1 || last.Stream != 4 {
		t.Errorf("streams %d, %d and %d, want 0, 1 and 4", first.Stream, two.stream, last.Stream)
	}
}

// The dropout of an MLP acts behind each hidden activation, in training alone.
func TestMLPDropout(t *testing.T) {
	m := NewMLP(4, []int{200, 100}, 2, sigmoid, random.New(1, 0))
	x := normalMatrix(3, 4, 2)
	out := func(mode autograd.Mode, forward func(autograd.Var) autograd.Var) []float64 {
		tape := autograd.NewTape(mode)
		tape.Seed, tape.Step = 7, 3
		return forward(tape.Const(x)).Value().RawMatrix().Data
	}
	without := out(autograd.Eval, m.Forward)
	m.Dropout = 0.5
	if got := out(autograd.Eval, m.Forward); !slices.Equal(got, without) {
		t.Errorf("Eval gives %v with dropout, %v without", got, without)
	}
	want := out(autograd.Train, func(v autograd.Var) autograd.Var {
		v = autograd.Dropout(m.Layers[0].Forward(v), 0.5, 0)
		v = autograd.Dropout(m.Layers[1].Forward(v), 0.5, 1)
		return m.Layers[2].Forward(v)
	})
	if got := out(autograd.Train, m.Forward); !slices.Equal(got, want) || slices.Equal(got, without) {
		t.Errorf("Train gives %v, want %v, which differ from Eval's %v", got, want, without)
	}
}

// Several tapes may evaluate one model at the same time (run with -race).
func TestOneModelOnManyTapes(t *testing.T) {
	m, x := everything(), normalMatrix(7, 5, 1)
	want := fmt.Sprint(m.Forward(autograd.NewTape(autograd.Eval).Const(x)).Value())
	autograd.NewParams(m.Params()...) // as training would
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			tape := autograd.NewTape(autograd.Eval)
			for range 20 {
				tape.Reset()
				if got := fmt.Sprint(m.Forward(tape.Const(x)).Value()); got != want {
					t.Errorf("%s, want %s", got, want)
				}
			}
		})
	}
	wg.Wait()
}
