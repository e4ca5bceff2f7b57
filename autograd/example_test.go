package autograd_test

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// The gradient of the log-likelihood of a logistic regression is Xᵀ(y − p).
func Example() {
	x := mat.NewDense(3, 2, []float64{1, 0, 1, 1, 1, 2})
	y := mat.NewDense(3, 1, []float64{0, 1, 1})
	w := autograd.NewParam("w", 2, 1)

	tape := autograd.NewTape(autograd.Train)
	z := autograd.MatMul(tape.Const(x), tape.Param(w))
	logLikelihood := autograd.Sub(
		autograd.Sum(autograd.Mul(tape.Const(y), z)),
		autograd.Sum(autograd.Softplus(z)))
	tape.Backward(logLikelihood)

	fmt.Printf("log-likelihood %.6f\n", logLikelihood.Scalar())
	fmt.Println("gradient", tape.Grad(w).RawMatrix().Data)
	// Output:
	// log-likelihood -2.079442
	// gradient [0.5 1.5]
}

// Hessian needs no derivation either: here that of Rosenbrock's function at its
// minimum.
func ExampleHessian() {
	p := autograd.NewParam("p", 1, 2)
	p.Value.SetRow(0, []float64{1, 1})
	rosenbrock := func(t *autograd.Tape) autograd.Var {
		a, b := autograd.Columns(t.Param(p), 0, 1), autograd.Columns(t.Param(p), 1, 1)
		valley := autograd.Square(autograd.Sub(b, autograd.Square(a)))
		return autograd.Add(autograd.Square(autograd.AddScalar(a, -1)), autograd.Scale(valley, 100))
	}

	h := mat.NewSymDense(2, nil)
	autograd.Hessian(h, autograd.NewTape(autograd.Train), autograd.NewParams(p), rosenbrock)
	fmt.Println(mat.Formatted(h))
	// Output:
	// ⎡ 802  -400⎤
	// ⎣-400   200⎦
}

// huber is an operation of a user: x²/2 near 0 and |x|−½ elsewhere.
type huber struct{}

func (huber) Forward(n *autograd.Node) {
	n.Value().Apply(func(i, j int, x float64) float64 {
		if -1 < x && x < 1 {
			return x * x / 2
		}
		return max(x, -x) - 0.5
	}, n.In(0))
}

func (huber) Backward(n *autograd.Node) {
	dx, beta := n.GradIn(0)
	var slope mat.Dense
	slope.Apply(func(i, j int, x float64) float64 { return max(-1, min(x, 1)) }, n.In(0))
	slope.MulElem(&slope, n.Grad())
	tensor.Axpy(dx.RawMatrix(), beta, 1, slope.RawMatrix())
}

// Huber records the operation, like the functions of this package.
func Huber(x autograd.Var) autograd.Var {
	r, c := x.Dims()
	return autograd.Record(huber{}, r, c, x)
}

// An operation of your own needs two rules, and a function that records it.
func ExampleRecord() {
	p := autograd.NewParam("p", 1, 3)
	p.Value.SetRow(0, []float64{-3, 0.5, 2})
	loss := func(t *autograd.Tape) autograd.Var { return autograd.Sum(Huber(t.Param(p))) }

	gradient := make([]float64, 3)
	tape, params := autograd.NewTape(autograd.Train), autograd.NewParams(p)
	fmt.Println("value", autograd.Gradient(gradient, tape, params, loss))
	fmt.Println("gradient", gradient)
	fmt.Println("agrees with differences:", autograd.CheckGradients(loss, params, autograd.Check{FirstOrder: true}) == nil)
	// Output:
	// value 4.125
	// gradient [-1 0.5 1]
	// agrees with differences: true
}
