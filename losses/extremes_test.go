package losses

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
)

var inf, nan = math.Inf(1), math.NaN()

func rowOf(x ...float64) *mat.Dense { return mat.NewDense(1, len(x), x) }

// same checks for equal numbers, NaN being equal to itself.
func same(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i, w := range want {
		if len(got) != len(want) || got[i] != w && (got[i] == got[i] || w == w) {
			t.Errorf("%s: %v, not %v", what, got, want)
			return
		}
	}
}

// Losses and gradients with respect to the input where float64 ends.
func TestExtremeValues(t *testing.T) {
	type vars = []autograd.Var
	for _, c := range []struct {
		name         string
		record       func(in vars) autograd.Var
		inputs       []*mat.Dense
		loss, dInput []float64
	}{
		{"BCEWithLogits, both tails", func(in vars) autograd.Var { return BCEWithLogits{Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(-1000, 1000, -1000, 1000, 1e308, 40), rowOf(1, 1, 0, 0, 0, 1)},
			[]float64{1000, 0, 0, 1000, 1e308, 4.248354255291589e-18}, []float64{-1, 0, 0, 1, 1, -4.248354255291589e-18}},
		{"BCEWithLogits at infinity", func(in vars) autograd.Var { return BCEWithLogits{Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(inf, inf, -inf, -inf, inf, nan), rowOf(1, 0, 0, 1, 0.5, 1)},
			[]float64{0, inf, 0, inf, inf, nan}, []float64{0, 1, 0, -1, 0.5, nan}},
		{"BCEWithLogits, weight 0 does not count", func(in vars) autograd.Var {
			return BCEWithLogits{Weight: rowOf(1, 0, 0), Reduction: Sum}.Loss(in[0], in[1])
		}, []*mat.Dense{rowOf(0, inf, nan), rowOf(1, 0, 1)}, []float64{math.Ln2}, []float64{-0.5, 0, 0}},
		{"BCE at its floor", func(in vars) autograd.Var { return BCE{Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(0, 1, 0, 1, 5e-324), rowOf(0, 1, 1, 0, 1)},
			[]float64{0, 0, 100, 100, 100}, []float64{0, 0, -1e12, 1e12, -1e12}},
		{"CrossEntropy, a gap beyond float64", func(in vars) autograd.Var { return CrossEntropy{Reduction: None}.Classes(in[0], []int{1}) },
			[]*mat.Dense{rowOf(1e308, -1e308)}, []float64{inf}, []float64{1, -1}},
		{"CrossEntropy, confident and right", func(in vars) autograd.Var { return CrossEntropy{Reduction: None}.Classes(in[0], []int{0}) },
			[]*mat.Dense{rowOf(40, 0)}, []float64{4.248354255291589e-18}, []float64{-4.248354255291589e-18, 4.248354255291589e-18}},
		{"CrossEntropy, +Inf", func(in vars) autograd.Var { return CrossEntropy{Reduction: None}.Classes(in[0], []int{0}) },
			[]*mat.Dense{rowOf(inf, 0)}, []float64{nan}, []float64{nan, nan}},
		{"CrossEntropy, all masked", func(in vars) autograd.Var { return CrossEntropy{Reduction: None}.Classes(in[0], []int{0}) },
			[]*mat.Dense{rowOf(-inf, -inf)}, []float64{nan}, []float64{nan, nan}},
		{"CrossEntropy, a masked class and smoothing", func(in vars) autograd.Var {
			return CrossEntropy{LabelSmoothing: 0.5, Reduction: None}.Classes(in[0], []int{0})
		}, []*mat.Dense{rowOf(0, -inf)}, []float64{inf}, []float64{0.25, -0.25}},
		{"CrossEntropy, weight 0 of a masked class", func(in vars) autograd.Var {
			return CrossEntropy{Weight: []float64{0, 1}, Reduction: Sum}.Classes(in[0], []int{0})
		}, []*mat.Dense{rowOf(-inf, 1)}, []float64{0}, []float64{0, 0}},
		{"CrossEntropy, the mean of rows of weight 0", func(in vars) autograd.Var {
			return CrossEntropy{Weight: []float64{0, 1}, LabelSmoothing: 0.5}.Classes(in[0], []int{0})
		}, []*mat.Dense{rowOf(0, 1)}, []float64{nan}, []float64{nan, nan}},
		{"CrossEntropy, the mean of ignored rows", func(in vars) autograd.Var {
			return CrossEntropy{IgnoreIndex: new(-100)}.Classes(in[0], []int{-100})
		}, []*mat.Dense{rowOf(nan, 1)}, []float64{nan}, []float64{0, 0}},
		{"KLDiv without mass", func(in vars) autograd.Var { return KLDiv{Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(-inf, -inf, -1), rowOf(0, 0.5, 0)}, []float64{0, inf, 0}, []float64{0, -0.5, 0}},
		{"KLDiv without mass, log target", func(in vars) autograd.Var { return KLDiv{LogTarget: true, Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(-inf, -inf, -1), rowOf(-inf, 0, -inf)}, []float64{0, inf, 0}, []float64{0, -1, 0}},
		{"KLDiv, NaN", func(in vars) autograd.Var { return KLDiv{Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(nan, nan, -1), rowOf(0, 0.5, 1)}, []float64{nan, nan, 1}, []float64{0, -0.5, -1}},
		{"KLDiv, NaN, log target", func(in vars) autograd.Var { return KLDiv{LogTarget: true, Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(nan, -1), rowOf(-inf, 0)}, []float64{nan, 1}, []float64{0, -1}},
		{"CrossEntropy.Probabilities, a target of 0 on a masked class", func(in vars) autograd.Var {
			return CrossEntropy{Reduction: None}.Probabilities(in[0], in[1])
		}, []*mat.Dense{rowOf(1, 1, -inf), rowOf(0.5, 0.5, 0)}, []float64{math.Ln2}, []float64{0, 0, 0}},
		{"GaussianNLL without variance", func(in vars) autograd.Var {
			return GaussianNLL{Eps: 1, Reduction: None}.Loss(in[0], in[1], in[2])
		}, []*mat.Dense{rowOf(3, 1e200), rowOf(1, 0), rowOf(0, 1)}, []float64{2, inf}, []float64{2, 1e200}},
		{"PoissonNLL", func(in vars) autograd.Var { return PoissonNLL{Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(-inf, -inf, 1000, -1000), rowOf(0, 1, 1, 2)}, []float64{0, inf, inf, 2000}, []float64{0, -1, inf, -2}},
		{"PoissonNLL of the rate 0", func(in vars) autograd.Var { return PoissonNLL{Rate: true, Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(0), rowOf(0)}, []float64{0}, []float64{1}},
		{"SoftMargin", func(in vars) autograd.Var { return SoftMargin{Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(-800, 800, 40, inf, -inf), rowOf(1, 1, 1, 1, 1)},
			[]float64{800, 0, 4.248354255291589e-18, 0, inf}, []float64{-1, 0, -4.248354255291589e-18, 0, -1}},
		{"MSE", func(in vars) autograd.Var { return MSE{Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(1e200, nan), rowOf(0, 0)}, []float64{inf, nan}, []float64{2e200, nan}},
		{"L1", func(in vars) autograd.Var { return L1{Reduction: None}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(inf, 5e-324, 0, nan), rowOf(0, 0, 0, 0)}, []float64{inf, 5e-324, 0, nan}, []float64{1, 1, 0, nan}},
		{"an infinite loss in a sum", func(in vars) autograd.Var { return MSE{Reduction: Sum}.Loss(in[0], in[1]) },
			[]*mat.Dense{rowOf(1e200, 1, 2), rowOf(0, 0, 0)}, []float64{inf}, []float64{2e200, 2, 4}},
	} {
		loss, grads := values(c.record, c.inputs...)
		same(t, c.name, loss, c.loss)
		same(t, c.name+", gradient", grads[0].RawMatrix().Data, c.dInput)
	}
}

// The mean of many losses keeps its digits.
func TestMeanOfManyRows(t *testing.T) {
	const n = 300_000
	z := mat.NewDense(n, 1, nil)
	for i := range n {
		z.Set(i, 0, 0.1)
	}
	mean, _ := values(func(in []autograd.Var) autograd.Var { return MSE{}.Loss(in[0], in[1]) }, z, mat.NewDense(n, 1, nil))
	same(t, "MSE", mean, []float64{0.010000000000000002})
	one, _ := values(func(in []autograd.Var) autograd.Var { return CrossEntropy{}.Classes(in[0], []int{0}) }, rowOf(0.1, 0.3))
	z2, y := mat.NewDense(n/2, 2, nil), make([]int, n/2)
	for i := range y {
		z2.SetRow(i, []float64{0.1, 0.3})
	}
	many, _ := values(func(in []autograd.Var) autograd.Var { return CrossEntropy{}.Classes(in[0], y) }, z2)
	same(t, "CrossEntropy", many, one)
}
