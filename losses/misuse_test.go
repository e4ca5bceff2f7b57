package losses

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// What the programmer could have checked panics, and the text names the loss and
// both shapes, or the row.
func TestMisusePanics(t *testing.T) {
	type vars = []autograd.Var
	for _, c := range []struct {
		name, says string
		f          func(in vars) // 2×3, 3×2, 2×2 and 2×3 with entries −0.5
	}{
		{"BCE", "input 2×3 with target 3×2", func(in vars) { BCE{}.Loss(in[0], in[1]) }},
		{"BCE", "row 0, column 0: -0.5 is not a probability", func(in vars) { BCE{}.Loss(in[3], in[0]) }},
		{"BCE", "input 2×3 with weight 3×2", func(in vars) { BCE{Weight: mat.NewDense(3, 2, nil)}.Loss(in[0], in[0]) }},
		{"BCEWithLogits", "input 2×3 with target 2×2", func(in vars) { BCEWithLogits{}.Loss(in[0], in[2]) }},
		{"BCEWithLogits", "pos_weight of length 2 for 3 columns", func(in vars) {
			BCEWithLogits{PosWeight: make([]float64, 2)}.Loss(in[0], in[0])
		}},
		{"BCEWithLogits", "3 row weights for 2 rows", func(in vars) {
			BCEWithLogits{RowWeight: make([]float64, 3)}.Loss(in[0], in[0])
		}},
		{"BCEWithLogits", "no reduction batchmean", func(in vars) { BCEWithLogits{Reduction: BatchMean}.Loss(in[0], in[0]) }},
		{"NLL", "row 1: class 3 of 3", func(in vars) { NLL{}.Classes(in[0], []int{0, 3}) }},
		{"NLL", "row 0: class -1 of 3", func(in vars) { NLL{IgnoreIndex: new(-100)}.Classes(in[0], []int{-1, 0}) }},
		{"NLL", "2 rows with 3 targets", func(in vars) { NLL{}.Classes(in[0], []int{0, 1, 2}) }},
		{"NLL", "weight of length 4 for 3 columns", func(in vars) { NLL{Weight: make([]float64, 4)}.Classes(in[0], []int{0, 1}) }},
		{"CrossEntropy", "row 0: class 5 of 3", func(in vars) { CrossEntropy{}.Classes(in[0], []int{5, 0}) }},
		{"CrossEntropy", "label smoothing 1.5 is not in [0, 1]", func(in vars) {
			CrossEntropy{LabelSmoothing: 1.5}.Classes(in[0], []int{0, 0})
		}},
		{"CrossEntropy", "1 row weights for 2 rows", func(in vars) {
			CrossEntropy{RowWeight: make([]float64, 1)}.Classes(in[0], []int{0, 0})
		}},
		{"CrossEntropy", "logits 2×3 with probabilities 3×2", func(in vars) { CrossEntropy{}.Probabilities(in[0], in[1]) }},
		{"CrossEntropy", "IgnoreIndex 1 with probabilities", func(in vars) {
			CrossEntropy{IgnoreIndex: new(1)}.Probabilities(in[0], in[0])
		}},
		{"KLDiv", "no reduction Reduction(9)", func(in vars) { KLDiv{Reduction: 9}.Loss(in[0], in[0]) }},
		{"KLDiv", "input 2×3 with target 3×2", func(in vars) { KLDiv{}.Loss(in[0], in[1]) }},
		{"GaussianNLL", "row 0, column 0: variance -0.5", func(in vars) { GaussianNLL{}.Loss(in[0], in[0], in[3]) }},
		{"GaussianNLL", "input 2×3 with variance 2×2", func(in vars) { GaussianNLL{}.Loss(in[0], in[0], in[2]) }},
		{"GaussianNLL", "the smallest variance is -1", func(in vars) { GaussianNLL{Eps: -1}.Loss(in[0], in[0], in[0]) }},
		{"PoissonNLL", "eps is -1", func(in vars) { PoissonNLL{Eps: -1}.Loss(in[0], in[0]) }},
		{"SoftMargin", "input 2×3 with target 3×2", func(in vars) { SoftMargin{}.Loss(in[0], in[1]) }},
		{"MultiLabelSoftMargin", "weight of length 2 for 3 columns", func(in vars) {
			MultiLabelSoftMargin{Weight: make([]float64, 2)}.Loss(in[0], in[0])
		}},
		{"MSE", "input 2×3 with target 3×2", func(in vars) { MSE{}.Loss(in[0], in[1]) }},
		{"L1", "no reduction batchmean", func(in vars) { L1{Reduction: BatchMean}.Loss(in[0], in[0]) }},
	} {
		tape := autograd.NewTape(autograd.Train)
		negative := mat.NewDense(2, 3, nil)
		negative.Set(0, 0, -0.5)
		in := vars{
			tape.Const(mat.NewDense(2, 3, nil)), tape.Const(mat.NewDense(3, 2, nil)),
			tape.Const(mat.NewDense(2, 2, nil)), tape.Const(negative),
		}
		before := tape.Len()
		err := panicOf(func() { c.f(in) })
		var usage *tensor.UsageError
		if !errors.As(err, &usage) || usage.Op != "losses."+c.name || !strings.Contains(usage.Problem, c.says) {
			t.Errorf("%s, %q: %v", c.name, c.says, err)
		}
		if tape.Len() != before { // the tape can be used on
			t.Errorf("%s, %q: recorded something", c.name, c.says)
		}
		MSE{}.Loss(in[0], in[0])
	}
}

func panicOf(f func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if err, _ = p.(error); err == nil {
				err = fmt.Errorf("%v", p)
			}
		}
	}()
	f()
	return nil
}
