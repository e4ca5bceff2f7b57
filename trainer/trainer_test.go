package trainer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
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

// A run that is interrupted after any batch, saved to a file and resumed by
// another trainer ends with the same bits as an unbroken one.
func TestResumeIsBitForBit(t *testing.T) {
	train, held := load(t, "iris").Split(0.2, 1)
	for name, cfg := range methods {
		whole := network(t, train, 8)
		want := mustRun(t, trainerFor(t, whole, train, held, cfg), context.Background())
		perEpoch := 1
		if cfg.BatchSize > 0 {
			perEpoch = (train.Len() + cfg.BatchSize - 1) / cfg.BatchSize
		}
		for _, stopAfter := range []int{1, perEpoch, 3*perEpoch + perEpoch/2} {
			c := network(t, train, 8)
			tr := trainerFor(t, c, train, held, cfg)
			ctx, cancel := context.WithCancel(context.Background())
			n := 0
			r := mustRun(t, tr, ctx, ObserverFunc(func(e Event) {
				if e.Summary == nil {
					if n++; n == stopAfter {
						cancel()
					}
				}
			}))
			if r.Reason != Interrupted {
				t.Fatalf("%s: stopped after %d batches: %v", name, stopAfter, r.Reason)
			}
			path := filepath.Join(t.TempDir(), "checkpoint")
			if err := tr.Checkpoint().Save(path); err != nil {
				t.Fatal(err)
			}
			saved, err := LoadCheckpoint(path)
			if err != nil {
				t.Fatal(err)
			}
			again := network(t, train, 8)
			tr = trainerFor(t, again, train, held, cfg)
			if err := tr.Resume(saved); err != nil {
				t.Fatal(err)
			}
			got := mustRun(t, tr, context.Background())
			if a, b := parameters(again), parameters(whole); !slices.Equal(a, b) {
				t.Errorf("%s: parameters differ after a stop at batch %d", name, stopAfter)
			}
			if fmt.Sprint(history(got)) != fmt.Sprint(history(want)) || got.Reason != want.Reason || got.BestEpoch != want.BestEpoch {
				t.Errorf("%s: history %v, unbroken %v", name, history(got), history(want))
			}
		}
	}
}

// A run that has stopped is resumed where it stopped: with early stopping or
// converged it stays there, with more epochs it goes on from its last
// parameters, not from its best; and a checkpoint taken while a batch is
// reported counts that batch once.
func TestResumeOfRunsThatStopped(t *testing.T) {
	train, held := datasets.XOR(200, 0.6, 1).Split(0.3, 1)
	adam := Config{Method: optim.Adam{LR: 0.05}, BatchSize: 16, Epochs: 60, Patience: 3}
	patient := adam
	patient.Patience = 50
	full := Config{Method: optim.SGD{LR: 1, Momentum: 0.9, Nesterov: true}, Restart: true, Epochs: 5000, Tolerance: 1e-3}
	for name, cfg := range map[string]Config{"early stopping": adam, "converged": full, "more epochs": patient} {
		whole := network(t, train, 4)
		want := mustRun(t, trainerFor(t, whole, train, held, cfg), context.Background())
		first := cfg
		if name == "more epochs" {
			first.Epochs = 30
		}
		var last Checkpoint
		tr := trainerFor(t, network(t, train, 4), train, held, first)
		mustRun(t, tr, context.Background(), ObserverFunc(func(e Event) {
			if e.Summary != nil || name == "more epochs" {
				last = tr.Checkpoint()
			}
		}))
		for how, c := range map[string]Checkpoint{"by an observer": last, "after the run": tr.Checkpoint()} {
			again := network(t, train, 4)
			tr := trainerFor(t, again, train, held, cfg)
			if err := tr.Resume(c); err != nil {
				t.Fatal(err)
			}
			got := mustRun(t, tr, context.Background())
			if !slices.Equal(parameters(again), parameters(whole)) || got.Reason != want.Reason || got.BestEpoch != want.BestEpoch ||
				fmt.Sprint(history(got)) != fmt.Sprint(history(want)) {
				t.Errorf("%s, checkpoint taken %s: %v at epoch %d (best %d), unbroken %v at %d (best %d)", name, how,
					got.Reason, len(got.History), got.BestEpoch, want.Reason, len(want.History), want.BestEpoch)
			}
		}
	}
}

func TestBatchesWithoutWeightAreNoSteps(t *testing.T) {
	d := load(t, "iris2")
	d.Weights = make([]float64, d.Len())
	for i := 0; i < d.Len(); i += 7 {
		d.Weights[i] = 1
	}
	c := network(t, d, 3)
	r := mustRun(t, trainerFor(t, c, d, nil, Config{Method: optim.Adam{}, BatchSize: 2, Epochs: 3}), context.Background())
	if r.Reason != Completed || !(r.History[2].Loss < r.History[0].Loss) {
		t.Errorf("%v, losses %+v", r.Reason, r.History)
	}
	clear(d.Weights)
	if _, err := New(c, d, nil, Config{Epochs: 1}); err == nil || !strings.Contains(err.Error(), "all weights are 0") {
		t.Errorf("no weights at all: %v", err)
	}
}

// Every byte of a checkpoint file counts.
func TestDamagedCheckpoints(t *testing.T) {
	d := load(t, "iris2")
	tr := trainerFor(t, network(t, d, 2), d, nil, Config{Epochs: 2})
	mustRun(t, tr, context.Background())
	path := filepath.Join(t.TempDir(), "checkpoint")
	if err := tr.Checkpoint().Save(path); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := decodeCheckpoint(good); err != nil {
		t.Fatal(err)
	}
	for i := range bytes.TrimRight(good, "\n") {
		bad := slices.Clone(good)
		bad[i] ^= 1
		if c, err := decodeCheckpoint(bad); err == nil && tr.Resume(c) == nil {
			t.Fatalf("byte %d (%q) was changed without notice", i, good[max(0, i-20):i+1])
		}
		if _, err := decodeCheckpoint(good[:i]); err == nil {
			t.Fatalf("the first %d bytes were accepted", i)
		}
	}
}

func parameters(c *Classifier) []float64 {
	var theta []float64
	for _, p := range c.Net.Params() {
		theta = append(theta, p.Value.RawMatrix().Data...)
	}
	return theta
}

func history(r Result) []string {
	var lines []string
	for _, h := range r.History {
		lines = append(lines, fmt.Sprintf("%d %x %x %x %x", h.Epoch, h.Loss, h.LearningRate, h.GradientNorm, value(h.HeldLoss)))
	}
	return lines
}

func value(x *float64) float64 {
	if x == nil {
		return 0
	}
	return *x
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

func TestStepsDoNotAllocate(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	d := load(t, "digits")
	for name, cfg := range map[string]Config{
		"batches":       {Method: optim.Adam{}, BatchSize: 64, Epochs: 5, ClipNorm: 1},
		"large batches": {Method: optim.SGD{LR: 0.1, Momentum: 0.9}, BatchSize: 1500, Epochs: 20},
	} {
		c := network(t, d, 32)
		var before, after runtime.MemStats
		least := uint64(math.MaxUint64) // of the epochs: the runtime allocates now and then too
		mustRun(t, trainerFor(t, c, d, nil, cfg), context.Background(), ObserverFunc(func(e Event) {
			switch {
			case e.Summary != nil || e.Epoch == 0: // between epochs, or warming up
			case e.Batch == 0:
				runtime.ReadMemStats(&before)
			case e.Batch == e.Batches-1:
				runtime.ReadMemStats(&after)
				least = min(least, after.Mallocs-before.Mallocs)
			}
		}))
		if least > 0 {
			t.Errorf("%s: %d allocations in the steps of an epoch", name, least)
		}
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

func TestResumeRefusesAnotherRun(t *testing.T) {
	d := load(t, "iris")
	cfg := Config{Method: optim.Adam{}, BatchSize: 10, Epochs: 2}
	tr := trainerFor(t, network(t, d, 4), d, nil, cfg)
	mustRun(t, tr, context.Background())
	c := tr.Checkpoint()
	for want, change := range map[string]func(*Config){
		"batch size": func(c *Config) { c.BatchSize = 20 },
		"seed":       func(c *Config) { c.Seed = 9 },
		"optimizer":  func(c *Config) { c.Method = optim.SGD{} },
		"options":    func(c *Config) { c.ClipNorm = 2 },
	} {
		other := cfg
		change(&other)
		err := trainerFor(t, network(t, d, 4), d, nil, other).Resume(c)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name the %s", err, want)
		}
	}
	if err := trainerFor(t, network(t, d, 5), d, nil, cfg).Resume(c); err == nil {
		t.Error("a checkpoint of another network was accepted")
	}
	more := cfg
	more.Epochs = 4
	if err := trainerFor(t, network(t, d, 4), d, nil, more).Resume(c); err != nil {
		t.Errorf("more epochs: %v", err)
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
