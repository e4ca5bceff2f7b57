package autograd

import (
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/random"
)

func randomParam(name string, r, c int, seed uint64) *Param {
	p := NewParam(name, r, c)
	fill(p.Value, seed)
	return p
}

func fill(m *mat.Dense, seed uint64) {
	src := random.New(seed, 7)
	for i := range m.RawMatrix().Data {
		m.RawMatrix().Data[i] = src.Norm()
	}
}

func TestCheckGradients(t *testing.T) {
	a, b, c := randomParam("a", 4, 3, 1), randomParam("b", 3, 5, 2), randomParam("c", 1, 5, 3)
	d := randomParam("d", 4, 5, 4)
	ps := NewParams(a, b, c, d)
	for _, tc := range []struct {
		name string
		f    Objective
	}{
		{"MatMul", func(t *Tape) Var { return Sum(Sigmoid(MatMul(t.Param(a), t.Param(b)))) }},
		{"Linear", func(t *Tape) Var { return Mean(Mul(Linear(t.Param(a), t.Param(b), t.Param(c), nil), t.Param(d))) }},
		{"Linear sigmoid", func(t *Tape) Var {
			return Sum(Mul(Linear(t.Param(a), t.Param(b), t.Param(c), activation.Sigmoid{}), t.Param(d)))
		}},
		{"Add, Sub, Scale", func(t *Tape) Var {
			x := Sigmoid(t.Param(d))
			return Sum(Mul(Sub(Scale(x, 3), Add(x, t.Param(d))), Add(x, x)))
		}},
	} {
		if err := CheckGradients(tc.f, ps, Check{}); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}
