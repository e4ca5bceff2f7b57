package trainer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/random"
)

func load(t testing.TB, name string) *datasets.Dataset {
	t.Helper()
	d, err := datasets.Load(name, datasets.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// network returns an untrained network with dropout for d.
func network(t testing.TB, d *datasets.Dataset, hidden ...int) *Classifier {
	t.Helper()
	c, err := NewClassifier(d.Schema, datasets.MeasureScaling(d.X, nil), hidden, activation.Tanh{}, random.New(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	c.Net.Dropout = 0.2
	return c
}

func trainerFor(t testing.TB, c *Classifier, train, held *datasets.Dataset, cfg Config) *Trainer {
	t.Helper()
	tr, err := New(c, train, held, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func mustRun(t testing.TB, tr *Trainer, ctx context.Context, o ...Observer) Result {
	t.Helper()
	r, err := tr.Run(ctx, o...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var methods = map[string]Config{
	"adam": {Method: optim.Adam{LR: 0.01}, BatchSize: 16, Epochs: 6, Seed: 3, Patience: 3,
		Schedule: optim.OneCycleLR{MaxLR: 0.02, TotalSteps: 60}, PerBatch: true, ClipNorm: 1},
	"sgd":     {Method: optim.SGD{LR: 0.1, Momentum: 0.9}, BatchSize: 20, Epochs: 6, Schedule: optim.StepLR{StepSize: 2, Gamma: 0.5}},
	"restart": {Method: optim.SGD{LR: 0.1, Momentum: 0.9, Nesterov: true}, Restart: true, Epochs: 6},
}

// Batches that are large enough for several processors give the same bits on
// one.
func TestProcessorsDoNotMatter(t *testing.T) {
	d := load(t, "digits")
	var want []float64
	for _, procs := range []int{1, 2, 3} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			c := network(t, d, 32)
			mustRun(t, trainerFor(t, c, d, nil, Config{Method: optim.Adam{}, Epochs: 3}), context.Background())
			if got := parameters(c); want == nil {
				want = got
			} else if !slices.Equal(got, want) {
				t.Errorf("parameters differ with %d processors", procs)
			}
		}()
	}
}

func TestEarlyStoppingBringsTheBestBack(t *testing.T) {
	train, held := load(t, "iris2").Split(0.3, 5)
	c := network(t, train, 16)
	r := mustRun(t, trainerFor(t, c, train, held, Config{Method: optim.Adam{LR: 0.05}, BatchSize: 8, Epochs: 300, Patience: 10}), context.Background())
	if r.Reason != EarlyStopped || len(r.History) != r.BestEpoch+10 {
		t.Fatalf("%v after %d epochs, best %d", r.Reason, len(r.History), r.BestEpoch)
	}
	quality, err := c.Evaluate(held, false)
	if err != nil {
		t.Fatal(err)
	}
	best := *r.History[r.BestEpoch-1].HeldLoss
	if float64(quality.LogLoss) != best {
		t.Errorf("held-out loss %g, best of the history %g", quality.LogLoss, best)
	}
	for _, h := range r.History {
		if *h.HeldLoss < best {
			t.Errorf("epoch %d is better than the best", h.Epoch)
		}
	}
}

func TestNonFiniteStopsWithPlaceAndAdvice(t *testing.T) {
	d := load(t, "iris")
	c := network(t, d, 4)
	_, err := trainerFor(t, c, d, nil, Config{Method: optim.SGD{LR: 1e308}, BatchSize: 50, Epochs: 50}).Run(context.Background())
	var e *NonFiniteError
	if !errors.As(err, &e) {
		t.Fatalf("no NonFiniteError but %v", err)
	}
	for _, part := range []string{"epoch ", "batch ", "lower the learning rate"} {
		if !strings.Contains(e.Error(), part) {
			t.Errorf("%q does not say %q", e, part)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	d := load(t, "iris")
	for want, cfg := range map[string]Config{
		"-1 epochs":     {Epochs: -1},
		"batch of -2":   {BatchSize: -2},
		"held-out data": {Patience: 3},
		"full batches":  {Tolerance: 1e-3, BatchSize: 10},
		"Nesterov":      {Restart: true},
		"nesterov":      {Method: optim.SGD{Nesterov: true}},
		"label smooth":  {Loss: Loss{PosWeight: []float64{2}}},
	} {
		_, err := New(network(t, d), d, nil, cfg)
		if err == nil || want != "label smooth" && !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(want)) {
			t.Errorf("%+v: %v does not say %q", cfg, err, want)
		}
	}
}

func TestOneFileIsEnoughToPredict(t *testing.T) {
	for _, name := range []string{"iris", "iris2", "penguins"} {
		d := load(t, name)
		c := network(t, d, 5)
		mustRun(t, trainerFor(t, c, d, nil, Config{Method: optim.Adam{LR: 0.01}, BatchSize: 32, Epochs: 30}), context.Background())
		path := filepath.Join(t.TempDir(), "model")
		if err := c.Save(path); err != nil {
			t.Fatal(err)
		}
		loaded, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		want, got := c.PredictRows(d.X), loaded.PredictRows(d.X)
		if fmt.Sprint(want) != fmt.Sprint(got) {
			t.Errorf("%s: the loaded model predicts otherwise", name)
		}
		row := map[string]string{}
		for j, f := range d.Schema.Features {
			row[f.Name] = fmt.Sprint(d.X.At(7, j))
		}
		one, err := loaded.Predict(row)
		if err != nil {
			t.Fatal(err)
		}
		if one.Class != want[7].Class {
			t.Errorf("%s: one row alone is %s, among others %s", name, one.Class, want[7].Class)
		}
		for k, p := range one.Probabilities {
			if math.Abs(p-want[7].Probabilities[k]) > 1e-15 {
				t.Errorf("%s: probability %g alone, %g among others", name, p, want[7].Probabilities[k])
			}
		}
	}
}

func TestPredictStreamEqualsPredictRows(t *testing.T) {
	d := load(t, "iris")
	c := network(t, d, 5)
	var csv bytes.Buffer
	fmt.Fprintln(&csv, strings.Join(d.Schema.Terms(), ","))
	for i := range d.Len() {
		for j, v := range d.X.RawRowView(i) {
			if j > 0 {
				csv.WriteByte(',')
			}
			fmt.Fprint(&csv, v)
		}
		csv.WriteByte('\n')
	}
	var all []Prediction
	for block, err := range c.PredictStream(&csv, "rows.csv", datasets.StreamOptions{Rows: 17}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, block...)
	}
	if want := c.PredictRows(d.X); fmt.Sprint(all) != fmt.Sprint(want) {
		t.Error("stream and rows differ")
	}
}

// Two-class softmax is the sigmoid of the difference of the logits: trained
// from zero, its coefficients are half of those of the logistic regression,
// with opposite signs.
func TestTwoClassSoftmaxIsTheSigmoidOfTheDifference(t *testing.T) {
	d := load(t, "iris2")
	logistic, _ := fitLinear(t, d)
	softmax := &Classifier{Kind: Multiclass, Net: nnLinear(d.Schema.Width(), 2), Schema: d.Schema, Scaling: logistic.Scaling}
	cfg, err := Accelerated(softmax, d, Loss{}, 1e-13, 100000)
	if err != nil {
		t.Fatal(err)
	}
	mustRun(t, trainerFor(t, softmax, d, nil, cfg), context.Background())
	one, _ := logistic.linearTerms()
	two, _ := softmax.linearTerms()
	var difference mat.VecDense
	difference.SubVec(two.RowView(1), two.RowView(0))
	for j := range difference.Len() {
		if got := digitsOf(difference.AtVec(j), one.At(0, j)); got < 9 {
			t.Errorf("term %d: %g and %g, %.1f digits", j, difference.AtVec(j), one.At(0, j), got)
		}
		if a, b := two.At(0, j), two.At(1, j); math.Abs(a+b) > 1e-9*math.Abs(a) {
			t.Errorf("term %d: rows %g and %g do not add up to zero", j, a, b)
		}
	}
}

func TestAHiddenLayerBeatsTheLinearModelWhereTheBoundaryIsCurved(t *testing.T) {
	for name, d := range map[string]*datasets.Dataset{
		"moons": datasets.TwoMoons(400, 0.15, 1),
		"xor":   datasets.XOR(400, 0.2, 1),
	} {
		train, held := d.Split(0.5, 2)
		linear, _ := fitLinear(t, train)
		c := network(t, train, 16)
		c.Net.Dropout = 0
		mustRun(t, trainerFor(t, c, train, nil, Config{Method: optim.Adam{LR: 0.02}, BatchSize: 32, Epochs: 100}), context.Background())
		a, err := linear.Evaluate(held, false)
		if err != nil {
			t.Fatal(err)
		}
		b, err := c.Evaluate(held, false)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s, held out: linear %.3f nats and %.1f %%, one hidden layer %.3f nats and %.1f %%", name, a.LogLoss, 100*a.Accuracy, b.LogLoss, 100*b.Accuracy)
		if b.LogLoss > a.LogLoss/2 || b.Accuracy < 0.95 {
			t.Errorf("%s: the network is not better", name)
		}
	}
}
