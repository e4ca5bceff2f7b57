package main

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/trainer"
)

func loaded(t *testing.T, name string) (*datasets.Dataset, *trainer.Classifier) {
	t.Helper()
	d, err := datasets.Load(name, datasets.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := trainer.NewClassifier(d.Schema, datasets.MeasureScaling(d.X, nil), nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d, c
}

// The accuracy shown is that of the model as it is, not of an earlier one.
func TestProgressShowsTheAccuracyOfNow(t *testing.T) {
	d, c := loaded(t, "iris2")
	p := newProgress(&bytes.Buffer{}, &task{train: d, model: c})
	e := trainer.Event{Epoch: 4, Epochs: 100, Batches: 3, Loss: 0.5}
	if got, want := p.long(e), "epoch 5/100: loss 0.5, accuracy 50.0%"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	c.Net.Layers[0].Weight.Value.Set(3, 0, 10) // petal width tells the species well
	p.accuracy.took = 0
	if got := p.long(e); got == "epoch 5/100: loss 0.5, accuracy 50.0%" || !strings.Contains(got, "accuracy 9") {
		t.Errorf("after a change of the model: %q", got)
	}
}

// The status leaves room for a bar in 80 columns, and says what is held out.
func TestProgressIsShort(t *testing.T) {
	loss, accuracy := 0.000123456, 0.98765
	d, c := loaded(t, "iris2")
	p := newProgress(&bytes.Buffer{}, &task{train: d, held: d, model: c})
	p.Observe(trainer.Event{Epochs: 1, Batches: 1, Summary: &trainer.Epoch{HeldLoss: &loss, HeldAccuracy: &accuracy}})
	e := trainer.Event{Epoch: 19999, Epochs: 20000, Batches: 1, Loss: 0.000123456}
	if got, want := p.long(e), "epoch 20000/20000: loss 0.000123; held out: loss 0.000123, accuracy 98.8%"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := p.short(e); len(got) > 52 || !strings.Contains(got, "held-out 0.000123 98.8%") {
		t.Errorf("%q, %d columns", got, len(got))
	}
}

func TestSample(t *testing.T) {
	d, _ := loaded(t, "digits")
	if sample(d, 5000) != d {
		t.Error("a small data set was copied")
	}
	s := sample(d, 100)
	if s.Len() != 100 || s.X.At(99, 20) != d.X.At(99*d.Len()/100, 20) {
		t.Errorf("%d rows", s.Len())
	}
	for _, label := range s.Labels {
		if label < 0 || label > 9 {
			t.Fatal(label)
		}
	}
}

// Six significant digits each, points below each other.
func TestAligned(t *testing.T) {
	got := aligned([]float64{-42.637812, 0.000659219, 0, 7, 123456.7, -1.5e-9, 1e300, math.Inf(1)})
	want := []string{
		"   -42.6378        ",
		"     0.000659219   ",
		"     0             ",
		"     7.00000       ",
		"123457             ",
		"    -1.50000e-09   ",
		"     1.00000e+300  ",
		"  +Inf             ",
	}
	for i := range want {
		if strings.TrimRight(got[i], " ") != strings.TrimRight(want[i], " ") || len(got[i]) != len(got[0]) {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
}

// Of a fit by likelihood, iterations and the tests after them are shown.
func TestIterations(t *testing.T) {
	var b strings.Builder
	i := &iterations{w: &b}
	i.observe(mle.Progress{Iteration: 3, Objective: 2.5, Decrement: math.NaN()})
	i.observe(mle.Progress{Test: 17, Tests: 300})
	want := "iteration 3: objective 2.5 nats\nlikelihood-ratio test 17 of 300\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	if got := i.interrupted(); !strings.Contains(got, "while computing likelihood-ratio test 17 of 300") {
		t.Error(got)
	}
}
