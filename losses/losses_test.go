package losses

import (
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/random"
)

func normal(m *mat.Dense, seed uint64) *mat.Dense {
	src := random.New(seed, 1)
	for i := range m.RawMatrix().Data {
		m.RawMatrix().Data[i] = src.Norm()
	}
	return m
}

// Every loss, every reduction, as the only one and used twice on a tape.
func TestCheckGradients(t *testing.T) {
	z := autograd.NewParam("z", 5, 4)
	normal(z.Value, 1)
	y := autograd.NewParam("y", 5, 4)
	normal(y.Value, 2)
	ps := autograd.NewParams(z, y)
	weight := mat.NewDense(5, 1, []float64{1, 2, 0, 0.5, 3})
	cotangent := normal(mat.NewDense(5, 4, nil), 3)
	column := mat.NewDense(5, 1, []float64{1, -1, 2, 0.3, 0.7})
	for _, r := range []Reduction{Mean, Sum, None} {
		for name, f := range map[string]autograd.Objective{
			"BCEWithLogits": func(tp *autograd.Tape) autograd.Var {
				l := BCEWithLogits{Weight: weight, PosWeight: []float64{1, 2, 3, 0.5}, Reduction: r}.Loss(tp.Param(z), autograd.Sigmoid(tp.Param(y)))
				if r == None {
					l = autograd.Mul(l, tp.Const(cotangent))
				}
				return autograd.Sum(autograd.Mul(autograd.Sigmoid(l), l))
			},
			"CrossEntropy.Classes": func(tp *autograd.Tape) autograd.Var {
				l := CrossEntropy{Weight: []float64{1, 2, 0.5, 1}, RowWeight: []float64{1, 2, 3, 4, 0}, IgnoreIndex: new(7), Reduction: r}.Classes(tp.Param(z), []int{0, 3, 7, 1, 1})
				if r == None {
					l = autograd.Mul(l, tp.Const(column))
				}
				return autograd.Sum(autograd.Mul(autograd.Sigmoid(l), l))
			},
		} {
			if err := autograd.CheckGradients(f, ps, autograd.Check{}); err != nil {
				t.Errorf("%s, %v: %v", name, r, err)
			}
		}
	}
}
