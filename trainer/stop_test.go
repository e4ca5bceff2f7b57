package trainer

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/optim"
)

// With weight decay what is minimised is the mean loss plus ½λ‖θ‖²: a run
// converges where the gradient of that vanishes, and finds the same minimum with
// any method.
func TestWeightDecayConvergesToThePenalisedEstimate(t *testing.T) {
	const lambda = 0.05
	d := load(t, "iris") // separated: without a penalty there is no estimate
	var want []float64
	for name, m := range map[string]optim.Method{
		"sgd":      optim.SGD{LR: 0.5, Momentum: 0.9, Nesterov: true, WeightDecay: lambda},
		"plain":    optim.SGD{LR: 0.5, WeightDecay: lambda},
		"adagrad":  optim.Adagrad{LR: 0.5, WeightDecay: lambda},
		"restarts": optim.SGD{LR: 0.5, Momentum: 0.9, Nesterov: true, WeightDecay: lambda},
	} {
		c := network(t, d)
		c.Net.Dropout = 0
		cfg := Config{Method: m, Epochs: 20000, Tolerance: 1e-10, Restart: name == "restarts", StopSeparated: true}
		r := mustRun(t, trainerFor(t, c, d, nil, cfg), context.Background())
		if r.Reason != Converged || r.MaxGradient > 1e-10 {
			t.Errorf("%s: %v after %d epochs, gradient %g", name, r.Reason, len(r.History), r.MaxGradient)
			continue
		}
		theta := parameters(c)
		if g := penalisedGradient(t, c, d, lambda); g > 1e-7 { // central differences
			t.Errorf("%s: gradient of the objective by differences %g", name, g)
		}
		if want == nil {
			want = theta
		}
		for i := range theta {
			if math.Abs(theta[i]-want[i]) > 1e-7 {
				t.Errorf("%s: parameter %d is %g, with another method %g", name, i, theta[i], want[i])
			}
		}
	}
}

// penalisedGradient is the largest slope of the mean loss plus ½λ‖θ‖², by
// central differences.
func penalisedGradient(t *testing.T, c *Classifier, d *datasets.Dataset, lambda float64) float64 {
	t.Helper()
	objective := func() float64 {
		sum, weight, err := c.Objective(d, Loss{})
		if err != nil {
			t.Fatal(err)
		}
		var squares float64
		for _, p := range parameters(c) {
			squares += p * p
		}
		return sum/weight + lambda/2*squares
	}
	const h = 1e-4
	var largest float64
	for _, p := range c.Net.Params() {
		theta := p.Value.RawMatrix().Data
		for i, x := range theta {
			theta[i] = x + h
			up := objective()
			theta[i] = x - h
			largest = max(largest, math.Abs(up-objective())/(2*h))
			theta[i] = x
		}
	}
	return largest
}

// Where nothing is minimised that could be measured, no gradient is reported.
func TestGradientsThatCannotBeMeasured(t *testing.T) {
	d := load(t, "iris2")
	for name, c := range map[string]struct {
		cfg     Config
		dropout float64
		defined bool
	}{
		"adam":              {cfg: Config{Method: optim.Adam{}}, defined: true},
		"decoupled":         {cfg: Config{Method: optim.AdamW{}}},
		"decoupled, none":   {cfg: Config{Method: optim.AdamW{WeightDecay: optim.Zero}}, defined: true},
		"decoupled, chosen": {cfg: Config{Method: optim.AdamW{WeightDecay: 0.1}}},
		"dropout":           {cfg: Config{Method: optim.Adam{}}, dropout: 0.5},
		"batches":           {cfg: Config{Method: optim.Adam{}, BatchSize: 10}},
	} {
		model := network(t, d, 3)
		model.Net.Dropout = c.dropout
		c.cfg.Epochs = 2
		r := mustRun(t, trainerFor(t, model, d, nil, c.cfg), context.Background())
		if math.IsNaN(r.MaxGradient) == c.defined || r.Reason != Completed {
			t.Errorf("%s: %v, gradient %g", name, r.Reason, r.MaxGradient)
		}
	}
	if _, err := New(network(t, d), d, nil, Config{Method: optim.AdamW{}, Tolerance: 1e-3}); err == nil || !strings.Contains(err.Error(), "decoupled") {
		t.Errorf("a tolerance with decoupled decay: %v", err)
	}
}

// A small sum of the losses proves that the classes are separated; what only
// looks so goes on to the last step.
func TestSeparatedClassesStopTheRun(t *testing.T) {
	const y, rows = "x,y\n", "1,a\n2,a\n3,b\n4,b\n"
	for name, c := range map[string]struct {
		text string
		o    datasets.Options
		loss Loss
		want Reason
	}{
		"separated":       {text: y + rows, want: Separated},
		"touching":        {text: y + "1,a\n2,a\n2,b\n3,b\n", want: Completed},
		"overlapping":     {text: y + "1,a\n2,b\n3,a\n4,b\n", want: Converged},
		"small weights":   {text: "x,w,y\n1,1e-3,a\n2,1,b\n3,1e-3,a\n4,0,b\n", o: datasets.Options{Weights: "w"}, want: Converged},
		"weight 0 wrong":  {text: "x,w,y\n1,1,a\n2,0,b\n3,2,a\n4,1,b\n", o: datasets.Options{Weights: "w"}, want: Separated},
		"three classes":   {text: y + "1,a\n2,b\n3,c\n", want: Separated},
		"smoothed":        {text: y + "1,a\n2,b\n3,c\n", loss: Loss{LabelSmoothing: 0.1}, want: Converged},
		"counts":          {text: "x,s,f\n1,0,3\n2,4,0\n", o: datasets.Options{Successes: "s", Failures: "f"}, want: Separated},
		"mixed counts":    {text: "x,s,f\n1,0,3\n2,4,1\n3,5,0\n", o: datasets.Options{Successes: "s", Failures: "f"}, want: Completed},
		"labels":          {text: "x,p,q\n1,0,1\n2,0,1\n3,1,0\n", o: datasets.Options{Target: []string{"p", "q"}}, want: Separated},
		"one label":       {text: "x,p,q\n1,0,1\n2,0,0\n3,1,1\n4,1,0\n", o: datasets.Options{Target: []string{"p", "q"}}, want: Completed},
		"small posweight": {text: y + rows, loss: Loss{PosWeight: []float64{1e-3}}, want: Separated},
	} {
		if c.o.Target == nil && c.o.Successes == "" {
			c.o.Target = []string{"y"}
		}
		d := read(t, c.text, c.o)
		model, err := NewClassifier(d.Schema, datasets.MeasureScaling(d.X, nil), nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := Accelerated(model, d, c.loss, 1e-12, 3000)
		if err != nil {
			t.Fatal(err)
		}
		cfg.StopSeparated = true
		tr := trainerFor(t, model, d, nil, cfg)
		r := mustRun(t, tr, context.Background())
		if r.Reason != c.want {
			t.Errorf("%s: %v after %d steps, want %v", name, r.Reason, len(r.History), c.want)
		}
		if r.Reason != Separated {
			continue
		}
		quality, err := model.Evaluate(d, false)
		if err != nil || quality.Accuracy != 1 {
			t.Errorf("%s: accuracy %g (%v)", name, quality.Accuracy, err)
		}
		if last := r.History[len(r.History)-1].Loss; last >= nearInfimum {
			t.Errorf("%s: stopped at a loss of %g", name, last)
		}
		// It stays where it is, also by way of a checkpoint.
		before := parameters(model)
		again := trainerFor(t, model, d, nil, cfg)
		if err := again.Resume(tr.Checkpoint()); err != nil {
			t.Fatal(err)
		}
		if r2 := mustRun(t, again, context.Background()); r2.Reason != Separated || len(r2.History) != len(r.History) || !slices.Equal(parameters(model), before) {
			t.Errorf("%s: resumed, it has not stayed", name)
		}
	}
}

// A checkpoint holds numbers, and JSON has no infinity: a loss that is none ends
// the run.
func TestInfiniteHeldOutLossEndsTheRun(t *testing.T) {
	d := load(t, "iris2")
	train, held := d.Split(0.2, 1)
	held = held.Rows([]int{0, 1, 2, 3})
	for i := range held.Len() {
		held.X.Set(i, 0, -math.MaxFloat64/2*float64(1-2*(i%2)))
	}
	tr := trainerFor(t, network(t, train), train, held, Config{Method: optim.Adam{LR: 1}, Epochs: 20, BatchSize: 10, Patience: 5})
	_, err := tr.Run(context.Background())
	var e *NonFiniteError
	if !errors.As(err, &e) || !e.Held || !strings.Contains(err.Error(), "held-out rows") {
		t.Fatalf("error %v", err)
	}
	if err := tr.Checkpoint().Save(t.TempDir() + "/c"); err != nil {
		t.Error(err)
	}
}

func TestAdviceFitsTheClassifier(t *testing.T) {
	for _, scaled := range []bool{false, true} {
		e := NonFiniteError{Loss: math.Inf(1), Scaled: scaled}
		if strings.Contains(e.Error(), "standardize") == scaled {
			t.Errorf("scaled %v: %v", scaled, &e)
		}
	}
}

func TestResumeRefusesFewerEpochs(t *testing.T) {
	d := load(t, "iris2")
	cfg := Config{Method: optim.Adam{}, BatchSize: 50, Epochs: 4}
	tr := trainerFor(t, network(t, d), d, nil, cfg)
	mustRun(t, tr, context.Background())
	for epochs, ok := range map[int]bool{2: false, 4: true, 5: true} {
		cfg.Epochs = epochs
		err := trainerFor(t, network(t, d), d, nil, cfg).Resume(tr.Checkpoint())
		if (err == nil) != ok || !ok && !strings.Contains(err.Error(), "has done 4 epochs") {
			t.Errorf("%d epochs: %v", epochs, err)
		}
	}
}
