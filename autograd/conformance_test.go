package autograd_test

import (
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/internal/reference"
)

// TestConformanceActivations runs every case of the reference tree that is an
// activation or of the softmax family.
func TestConformanceActivations(t *testing.T) {
	var score reference.Score
	for _, fn := range []string{"sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "logsigmoid",
		"softmax", "log_softmax", "logsumexp"} {
		for _, c := range reference.LossCases(t, fn) {
			if approximate := ""; c.Options["approximate"] != nil {
				if c.Option("approximate", &approximate); approximate == "tanh" {
					continue // another function
				}
			}
			tape := autograd.NewTape(autograd.Train)
			tape.Poison = true
			x := tape.Variable(c.Input("input").Dense())
			y := apply(&c, x)
			cotangent := mat.NewDense(1, 1, []float64{1})
			if c.Cotangent != nil {
				r, k := y.Dims()
				cotangent = mat.NewDense(r, k, c.Cotangent.Floats())
			}
			tape.Backward(autograd.Sum(autograd.Mul(y, tape.Const(cotangent))))
			for _, problem := range score.Compare(&c, y.Value(), map[string]*mat.Dense{"input": x.Grad()}) {
				t.Errorf("%s: %s", c.ID, problem)
			}
		}
	}
	score.Log(t)
}

// apply calls what PyTorch's function of the case is here.
func apply(c *reference.LossCase, x autograd.Var) autograd.Var {
	constant := func(name string) (v float64) { c.Option(name, &v); return v }
	rows := func(f func(autograd.Var) autograd.Var) autograd.Var {
		dim := 1
		if c.Option("dim", &dim); dim == 0 {
			return autograd.Transpose(f(autograd.Transpose(x)))
		}
		return f(x)
	}
	switch c.Fn {
	case "leaky_relu":
		return autograd.LeakyReLU(x, constant("negative_slope"))
	case "elu":
		return autograd.ELU(x, constant("alpha"))
	case "softplus":
		return autograd.Apply(x, activation.Softplus{Beta: constant("beta")})
	case "softmax":
		return rows(autograd.Softmax)
	case "log_softmax":
		return rows(autograd.LogSoftmax)
	case "logsumexp":
		return rows(autograd.LogSumExp)
	}
	f, err := activation.Parse(c.Fn)
	if err != nil {
		panic(err)
	}
	return autograd.Apply(x, f)
}
