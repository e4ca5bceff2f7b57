package losses

import (
	"errors"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/internal/reference"
	"github.com/surprisal-ml/surprisal/tensor"
)

// conformances names the functions of PyTorch and what they are called here.
var conformances = []struct {
	fn   string
	loss func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var
}{
	{"binary_cross_entropy", func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var {
		return BCE{Weight: matrixOption(c, "weight"), Reduction: reductionOf(c)}.Loss(in["input"], in["target"])
	}},
	{"binary_cross_entropy_with_logits", func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var {
		return BCEWithLogits{
			Weight: matrixOption(c, "weight"), PosWeight: listOption(c, "pos_weight"), Reduction: reductionOf(c),
		}.Loss(in["input"], in["target"])
	}},
	{"nll_loss", func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var {
		return NLL{
			Weight: listOption(c, "weight"), IgnoreIndex: ignoreOption(c), Reduction: reductionOf(c),
		}.Classes(in["input"], c.Input("target").Ints())
	}},
	{"cross_entropy", func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var {
		l := CrossEntropy{Weight: listOption(c, "weight"), Reduction: reductionOf(c)}
		c.Option("label_smoothing", &l.LabelSmoothing)
		if _, given := c.Options["ignore_index"]; given || len(c.Input("target").Shape) == 1 {
			l.IgnoreIndex = ignoreOption(c)
		}
		if len(c.Input("target").Shape) == 1 {
			return l.Classes(in["input"], c.Input("target").Ints())
		}
		return l.Probabilities(in["input"], in["target"])
	}},
	{"kl_div", func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var {
		l := KLDiv{Reduction: reductionOf(c)}
		c.Option("log_target", &l.LogTarget)
		return l.Loss(in["input"], in["target"])
	}},
	{"gaussian_nll_loss", func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var {
		l := GaussianNLL{Reduction: reductionOf(c)}
		c.Option("full", &l.Full)
		c.Option("eps", &l.Eps)
		return l.Loss(in["input"], in["target"], in["var"])
	}},
	{"poisson_nll_loss", func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var {
		l, logInput := PoissonNLL{Reduction: reductionOf(c)}, true
		c.Option("log_input", &logInput)
		c.Option("full", &l.Full)
		c.Option("eps", &l.Eps)
		l.Rate = !logInput
		return l.Loss(in["input"], in["target"])
	}},
	{"soft_margin_loss", func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var {
		return SoftMargin{Reduction: reductionOf(c)}.Loss(in["input"], in["target"])
	}},
	{"multilabel_soft_margin_loss", func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var {
		return MultiLabelSoftMargin{Weight: listOption(c, "weight"), Reduction: reductionOf(c)}.Loss(in["input"], in["target"])
	}},
	{"mse_loss", func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var {
		return MSE{Reduction: reductionOf(c)}.Loss(in["input"], in["target"])
	}},
	{"l1_loss", func(c *reference.LossCase, in map[string]autograd.Var) autograd.Var {
		return L1{Reduction: reductionOf(c)}.Loss(in["input"], in["target"])
	}},
}

// TestConformanceLosses compares every loss with PyTorch and with exact values.
func TestConformanceLosses(t *testing.T) {
	var score reference.Score
	for _, f := range conformances {
		for _, c := range reference.LossCases(t, f.fn) {
			tape := autograd.NewTape(autograd.Train)
			tape.Poison = true
			in := variables(tape, &c)
			loss := f.loss(&c, in)
			objective := loss
			if c.Cotangent != nil {
				r, k := loss.Dims()
				objective = autograd.Sum(autograd.Mul(loss, tape.Const(mat.NewDense(r, k, c.Cotangent.Floats()))))
			}
			tape.Backward(objective)
			grads := make(map[string]*mat.Dense)
			for name := range c.Grad {
				grads[name] = in[name].Grad()
			}
			for _, p := range score.Compare(&c, loss.Value(), grads) {
				t.Errorf("%s %v: %s", c.ID, c.Tags, p)
			}
			evalAgrees(t, &c, f.loss, loss.Value())
		}
	}
	for _, c := range reference.LossErrors(t) {
		for _, f := range conformances {
			if f.fn == c.Fn {
				refused := refuses(func() { f.loss(&c, variables(autograd.NewTape(autograd.Train), &c)) })
				if score.Refused(&c, refused); !refused {
					t.Errorf("%s is not refused: %s", c.ID, c.Note)
				}
			}
		}
	}
	score.Log(t)
}

// evalAgrees checks that a tape without gradients gives the same bits.
func evalAgrees(t *testing.T, c *reference.LossCase, loss func(*reference.LossCase, map[string]autograd.Var) autograd.Var, want *mat.Dense) {
	t.Helper()
	got := loss(c, variables(autograd.NewTape(autograd.Eval), c)).Value().RawMatrix().Data
	for i, w := range want.RawMatrix().Data {
		if got[i] != w && got[i] == got[i] {
			t.Errorf("%s: %v in evaluation, %v in training", c.ID, got[i], w)
		}
	}
}

// variables records the floating-point inputs of a case.
func variables(tape *autograd.Tape, c *reference.LossCase) map[string]autograd.Var {
	in := make(map[string]autograd.Var)
	for name, x := range c.Inputs {
		in[name] = tape.Variable(x.Dense())
	}
	return in
}

// refuses reports whether f panics with a UsageError.
func refuses(f func()) bool {
	var usage *tensor.UsageError
	return errors.As(panicOf(f), &usage)
}

func reductionOf(c *reference.LossCase) Reduction {
	name := "mean"
	c.Option("reduction", &name)
	return map[string]Reduction{"mean": Mean, "sum": Sum, "none": None, "batchmean": BatchMean}[name]
}

func matrixOption(c *reference.LossCase, name string) *mat.Dense {
	var x *reference.Tensor
	if c.Option(name, &x); x == nil {
		return nil
	}
	return x.Dense()
}

func listOption(c *reference.LossCase, name string) []float64 {
	var x *reference.Tensor
	if c.Option(name, &x); x == nil {
		return nil
	}
	return x.Floats()
}

// ignoreOption returns ignore_index, which PyTorch always has.
func ignoreOption(c *reference.LossCase) *int {
	ignore := -100
	c.Option("ignore_index", &ignore)
	return &ignore
}
