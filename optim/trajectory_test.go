package optim_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/internal/reference"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/optim"
)

// trajectory is a training run of PyTorch, step by step.
type trajectory struct {
	Data  struct{ X, Y reference.Tensor }
	Model struct {
		Layers []struct {
			Kind, Fn, Weight, Bias string
			In, Out                int
		}
	}
	Initial map[string]reference.Tensor
	Loss    struct {
		Fn        string
		Options   map[string]reference.Tensor
		Reduction string
	}
	Optimizer struct {
		Name    string
		Options torchOptions
	}
	Scheduler *struct {
		Name    string
		Every   int `json:"step_every"`
		Options torchOptions
	}
	ClipNorm *float64 `json:"clip_grad_norm"`
	Batches  [][]int
	Expect   struct {
		Loss          []float64
		LR            []float64
		Momentum      []float64
		GradNorm      []float64                           `json:"grad_norm"`
		FirstGradient map[string]reference.Tensor         `json:"first_gradient"`
		ParamsAfter   map[int]map[string]reference.Tensor `json:"params_after"`
		FinalFullLoss float64                             `json:"final_full_loss"`
		FinalOutputs  reference.Tensor                    `json:"final_outputs_first5"`
	}
}

// score is the largest difference seen of each quantity.
type score struct {
	loss, rates, norm, gradient, params, finalLoss, outputs float64
}

// fair are the differences that the arithmetic of two programs explains.
var fair = score{loss: 1e-10, rates: 1e-13, norm: 1e-10, gradient: 1e-12, params: 1e-9, finalLoss: 1e-10, outputs: 1e-9}

func (s score) passes() bool {
	return s.loss <= fair.loss && s.rates <= fair.rates && s.norm <= fair.norm && s.gradient <= fair.gradient &&
		s.params <= fair.params && s.finalLoss <= fair.finalLoss && s.outputs <= fair.outputs
}

func (s score) row(name any) string {
	return fmt.Sprintf("%-42v %8.1e %8.1e %8.1e %8.1e %8.1e %8.1e %8.1e\n",
		name, s.loss, s.rates, s.norm, s.gradient, s.params, s.finalLoss, s.outputs)
}

// Losses, rates, norms and the final loss are compared relatively, gradients by
// their largest entry, parameters and outputs absolutely.
func TestConformanceTrajectories(t *testing.T) {
	runs := reference.Files[trajectory](t, "trajectories")
	names := make([]string, 0, len(runs))
	for name := range runs {
		names = append(names, name)
	}
	slices.Sort(names)
	table := fmt.Sprintf("%-42s %8s %8s %8s %8s %8s %8s %8s\n",
		"trajectory", "loss", "rates", "norm", "gradient", "params", "end loss", "outputs")
	passed := 0
	for _, name := range names {
		s := follow(t, runs[name])
		table += s.row(name)
		if s.passes() {
			passed++
		} else {
			t.Errorf("%s: differences above the fair ones", name)
		}
	}
	fmt.Fprintf(t.Output(), "%s%sconformance: trajectories %d/%d\n", table, fair.row("fair"), passed, len(names))
}

// follow repeats a run and scores it.
func follow(t *testing.T, run trajectory) (s score) {
	t.Helper()
	model := newNetwork(t, run)
	theta := model.params.Vector()
	opt := optim.New(run.method(t), len(theta))
	tape := autograd.NewTape(autograd.Train)
	for k, batch := range run.Batches {
		tape.Reset()
		_, loss := model.loss(t, tape, run, batch)
		tape.Backward(loss)
		grad := tape.FlatGrad(model.params)
		if k == 0 {
			s.gradient = model.worst(grad, run.Expect.FirstGradient) / floats.Norm(grad, math.Inf(1))
		}
		norm := optim.ClipNorm(grad, run.maxNorm())
		rates := run.rates(t, k, opt.Base())
		opt.StepAt(rates, theta, grad)

		s.loss = math.Max(s.loss, relative(loss.Scalar(), run.Expect.Loss[k]))
		s.norm = math.Max(s.norm, relative(norm, run.Expect.GradNorm[k]))
		s.rates = math.Max(s.rates, relative(rates.LR, run.Expect.LR[k]))
		if run.Expect.Momentum != nil {
			s.rates = math.Max(s.rates, relative(rates.Momentum, run.Expect.Momentum[k]))
		}
		if want, ok := run.Expect.ParamsAfter[k+1]; ok {
			s.params = math.Max(s.params, model.worst(theta, want))
		}
	}
	rows, _ := model.x.Dims()
	all := make([]int, rows)
	for i := range all {
		all[i] = i
	}
	tape.Reset()
	z, loss := model.loss(t, tape, run, all)
	s.finalLoss = relative(loss.Scalar(), run.Expect.FinalFullLoss)
	for i, want := range run.Expect.FinalOutputs.Floats() {
		s.outputs = math.Max(s.outputs, math.Abs(z.Value().RawMatrix().Data[i]-want))
	}
	return s
}

func relative(got, want float64) float64 {
	if got == want {
		return 0
	}
	return math.Abs(got-want) / math.Abs(want)
}

// network is the model and the data of a run.
type network struct {
	x      *mat.Dense
	y      reference.Tensor
	layers []*nn.Linear
	params *autograd.Params
}

func newNetwork(t *testing.T, run trajectory) *network {
	t.Helper()
	n := &network{x: run.Data.X.Dense(), y: run.Data.Y}
	var all []*autograd.Param
	for _, l := range run.Model.Layers {
		if l.Kind == "activation" { // of the linear layer before it
			f := activations[l.Fn]
			if f == nil {
				t.Fatalf("unknown activation %q", l.Fn)
			}
			n.layers[len(n.layers)-1].Activation = f
			continue
		}
		linear := nn.NewLinear(l.In, l.Out, nil, nil)
		linear.Weight.Name, linear.Bias.Name = l.Weight, l.Bias
		weight, bias := run.Initial[l.Weight], run.Initial[l.Bias]
		linear.Weight.Value.Copy(weight.Dense().T()) // PyTorch's are out×in
		linear.Bias.Value.Copy(bias.Dense())
		n.layers, all = append(n.layers, linear), append(all, linear.Params()...)
	}
	n.params = autograd.NewParams(all...)
	return n
}

// loss records the outputs and the mean loss of the given rows.
func (n *network) loss(t *testing.T, tape *autograd.Tape, run trajectory, rows []int) (z, loss autograd.Var) {
	t.Helper()
	z = tape.Const(pick(n.x, rows))
	for _, l := range n.layers {
		z = l.Forward(z)
	}
	option := func(name string) []float64 { // nil if it is not given
		if w, ok := run.Loss.Options[name]; ok {
			return w.Floats()
		}
		return nil
	}
	switch run.Loss.Fn {
	case "binary_cross_entropy_with_logits":
		l := losses.BCEWithLogits{PosWeight: option("pos_weight")}
		if w := option("weight"); w != nil {
			l.Weight = mat.NewDense(1, len(w), w)
		}
		return z, l.Loss(z, tape.Const(pick(n.y.Dense(), rows)))
	case "cross_entropy":
		l := losses.CrossEntropy{Weight: option("weight")}
		if e := option("label_smoothing"); e != nil {
			l.LabelSmoothing = e[0]
		}
		labels, y := n.y.Ints(), make([]int, len(rows))
		for i, row := range rows {
			y[i] = labels[row]
		}
		return z, l.Classes(z, y)
	}
	t.Fatalf("unknown loss %q", run.Loss.Fn)
	return z, loss
}

var activations = map[string]activation.Func{
	"tanh": activation.Tanh{}, "relu": activation.ReLU{}, "sigmoid": activation.Sigmoid{}, "gelu": activation.GELU{},
}

func pick(m *mat.Dense, rows []int) *mat.Dense {
	_, cols := m.Dims()
	picked := mat.NewDense(len(rows), cols, nil)
	for i, row := range rows {
		picked.SetRow(i, m.RawRowView(row))
	}
	return picked
}

// worst returns the largest difference between a vector in the layout of the
// parameters and named tensors in PyTorch's.
func (n *network) worst(vector []float64, want map[string]reference.Tensor) (worst float64) {
	offset := 0
	for _, p := range n.params.List() {
		r, c := p.Value.Dims()
		got := mat.NewDense(r, c, vector[offset:offset+r*c])
		tensor := want[p.Name]
		w := tensor.Dense()
		if p.Role == autograd.Weight {
			w = mat.DenseCopyOf(w.T())
		}
		var d mat.Dense
		d.Sub(got, w)
		for _, v := range d.RawMatrix().Data {
			worst = math.Max(worst, math.Abs(v))
		}
		offset += r * c
	}
	return worst
}
