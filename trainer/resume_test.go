package trainer

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/optim"
)

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
