package autograd

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/tensor"
)

// opCase is an op to test: f of as many inputs as there are shapes.
type opCase struct {
	name   string
	shapes [][2]int
	f      func(x []Var) Var
	// positive inputs, for functions with a domain; otherwise away from 0,
	// where some have a kink.
	positive bool
}

var whole = [][2]int{{4, 5}}

func unary(name string, f func(Var) Var) opCase {
	return opCase{name: name, shapes: whole, f: func(x []Var) Var { return f(x[0]) }}
}

func binary(name string, f func(a, b Var) Var, shapes ...[2]int) opCase {
	return opCase{name: name, shapes: shapes, f: func(x []Var) Var { return f(x[0], x[1]) }}
}

// everyOp is every op of the package but dropout, which is random.
func everyOp() []opCase {
	four5 := [2]int{4, 5}
	ops := []opCase{
		unary("Sigmoid", Sigmoid), unary("Tanh", Tanh), unary("ReLU", ReLU), unary("GELU", GELU), unary("SiLU", SiLU),
		unary("Softplus", Softplus), unary("LogSigmoid", LogSigmoid), unary("Exp", Exp), unary("Log", Log), unary("Sqrt", Sqrt),
		unary("Square", Square), unary("Abs", Abs), unary("Neg", Neg),
		unary("LeakyReLU", func(x Var) Var { return LeakyReLU(x, 0.2) }),
		unary("ELU", func(x Var) Var { return ELU(x, 1.5) }),
		unary("Softplus beta", func(x Var) Var { return Apply(x, activation.Softplus{Beta: 3}) }),
		unary("Softmax", Softmax), unary("LogSoftmax", LogSoftmax), unary("LogSumExp", LogSumExp),
		unary("Transpose", Transpose), unary("Columns", func(x Var) Var { return Columns(x, 1, 3) }),
		unary("SumRows", SumRows), unary("SumColumns", SumColumns), unary("Sum", Sum), unary("Mean", Mean),
		unary("Scale", func(x Var) Var { return Scale(x, 3) }), unary("AddScalar", func(x Var) Var { return AddScalar(x, 3) }),
		{name: "RepeatRow", shapes: [][2]int{{1, 5}}, f: func(x []Var) Var { return RepeatRow(x[0], 4) }},
		{name: "RepeatColumn", shapes: [][2]int{{4, 1}}, f: func(x []Var) Var { return RepeatColumn(x[0], 5) }},
		binary("Add", Add, four5, four5), binary("Sub", Sub, four5, four5), binary("Mul", Mul, four5, four5), binary("Div", Div, four5, four5),
		binary("AddRow", AddRow, four5, [2]int{1, 5}), binary("AddColumn", AddColumn, four5, [2]int{4, 1}),
		binary("MulRow", MulRow, four5, [2]int{1, 5}), binary("MulColumn", MulColumn, four5, [2]int{4, 1}),
		binary("MatMul", MatMul, four5, [2]int{5, 3}),
		{name: "Linear", shapes: [][2]int{{4, 5}, {5, 3}, {1, 3}}, f: func(x []Var) Var { return Linear(x[0], x[1], x[2], activation.Tanh{}) }},
	}
	for i := range ops {
		ops[i].positive = slices.Contains([]string{"Log", "Sqrt", "Div"}, ops[i].name)
	}
	return ops
}

// inputs returns a parameter per input, away from kinks and poles.
func (c opCase) inputs() []*Param {
	var ps []*Param
	for i, s := range c.shapes {
		p := randomParam(fmt.Sprintf("x%d", i), s[0], s[1], uint64(i+1))
		for j, v := range p.Value.RawMatrix().Data {
			v += math.Copysign(0.3, v)
			if c.positive {
				v = math.Abs(v)
			}
			p.Value.RawMatrix().Data[j] = v
		}
		ps = append(ps, p)
	}
	return ps
}

// scalar turns y into a loss with a Hessian in which every second derivative
// of y counts: Σ w⊙y + Σ y²/2 with random w.
func scalar(y Var) Var {
	r, c := y.Dims()
	w := mat.NewDense(r, c, nil)
	fill(w, 99)
	return Add(Sum(Mul(y, y.Tape().Const(w))), Scale(Sum(Mul(y, y)), 0.5))
}

// strided returns m in a matrix with gaps of NaN between the rows.
func strided(m *mat.Dense) *mat.Dense {
	r, c := m.Dims()
	wide := mat.NewDense(r, c+3, nil)
	tensor.Fill(wide.RawMatrix(), math.NaN())
	view := wide.Slice(0, r, 1, 1+c).(*mat.Dense)
	view.Copy(m)
	return view
}

func TestGradientsOfEveryOp(t *testing.T) {
	for _, c := range everyOp() {
		ps := c.inputs()
		// Bit i of constant: input i is data, with gaps between its rows.
		for constant := range 1<<len(ps) - 1 {
			var wanted []*Param
			values := make([]*mat.Dense, len(ps))
			for i, p := range ps {
				if constant>>i&1 == 0 {
					wanted = append(wanted, p)
				} else {
					values[i] = strided(p.Value)
				}
			}
			of := func(t *Tape) []Var {
				x := make([]Var, len(ps))
				for i, p := range ps {
					if values[i] != nil {
						x[i] = t.Const(values[i])
					} else {
						x[i] = t.Param(p)
					}
				}
				return x
			}
			for uses, f := range []Objective{
				func(t *Tape) Var { return scalar(c.f(of(t))) },
				func(t *Tape) Var { return Add(Scale(scalar(c.f(of(t))), 2), Sum(c.f(of(t)))) },
				func(t *Tape) Var { // of inputs that are results, shared with another user
					x := of(t)
					for i := range x {
						x[i] = Scale(x[i], 1)
					}
					return Add(scalar(c.f(x)), scalar(x[0]))
				},
				func(t *Tape) Var { return Sum(c.f(of(t))) }, // no tangent of the gradient from above
			} {
				if err := CheckGradients(f, NewParams(wanted...), Check{Probes: 3, Step: 1e-4, Tolerance: 1e-8}); err != nil {
					t.Errorf("%s, inputs that are constant %b, use %d: %v", c.name, constant, uses, err)
				}
			}
		}
	}
}

// Values do not depend on whether a gradient will be wanted, nor on how the
// inputs lie in memory.
func TestEvalGivesTheBitsOfTrain(t *testing.T) {
	for _, c := range everyOp() {
		var values [3]*mat.Dense
		for k, tape := range []*Tape{NewTape(Train), NewTape(Eval), NewTape(Train)} {
			tape.Poison = true
			var x []Var
			for _, p := range c.inputs() {
				if k == 2 {
					x = append(x, tape.Const(strided(p.Value)))
				} else {
					x = append(x, tape.Param(p))
				}
			}
			values[k] = c.f(x).Value()
		}
		if !mat.Equal(values[0], values[1]) || !mat.Equal(values[0], values[2]) {
			t.Errorf("%s: training %v, evaluation %v, of constants %v", c.name, values[0], values[1], values[2])
		}
	}
}

func TestOpsRefuseShapes(t *testing.T) {
	tape := NewTape(Train)
	x, y := tape.Const(mat.NewDense(4, 5, nil)), tape.Const(mat.NewDense(3, 2, nil))
	for name, f := range map[string]func(){
		"autograd.Div":          func() { Div(x, y) },
		"autograd.AddRow":       func() { AddRow(x, y) },
		"autograd.AddColumn":    func() { AddColumn(x, y) },
		"autograd.MulRow":       func() { MulRow(x, y) },
		"autograd.MulColumn":    func() { MulColumn(x, y) },
		"autograd.RepeatRow":    func() { RepeatRow(y, 4) },
		"autograd.RepeatColumn": func() { RepeatColumn(y, 4) },
		"autograd.Columns":      func() { Columns(x, 3, 3) },
	} {
		func() {
			defer func() {
				e, ok := recover().(*tensor.UsageError)
				switch {
				case !ok:
					t.Errorf("%s panics with %v", name, e)
				case e.Op != name || !strings.Contains(e.Problem, "4×5") && !strings.Contains(e.Problem, "3×2"):
					t.Errorf("%s panics with %q", name, e)
				case !strings.Contains(name, "Repeat") && name != "autograd.Columns" && !strings.Contains(e.Problem, "3×2"):
					t.Errorf("%s: only one shape in %q", name, e)
				}
			}()
			f()
		}()
	}
}
