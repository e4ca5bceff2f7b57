package trainer

import (
	"slices"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
)

// A checkpoint goes on with its own data and network only, however similar
// others are.
func TestResumeRefusesOtherDataAndNetworks(t *testing.T) {
	prepare := func(d *datasets.Dataset, f activation.Func) *Trainer {
		c, err := NewClassifier(d.Schema, nil, []int{3}, f, random.New(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		tr, err := New(c, d, nil, Config{Epochs: 1})
		if err != nil {
			t.Fatal(err)
		}
		return tr
	}
	data := func() *datasets.Dataset { return datasets.TwoMoons(20, 0.1, 1) }
	checkpoint := prepare(data(), activation.Tanh{}).Checkpoint()
	if err := prepare(data(), activation.Tanh{}).Resume(checkpoint); err != nil {
		t.Errorf("the same data and network: %v", err)
	}
	number, class, weight := data(), data(), data()
	number.X.Set(19, 1, number.X.At(19, 1)+1e-15)
	class.Labels[7] = 1 - class.Labels[7]
	weight.Weights = slices.Repeat([]float64{2}, weight.Len())
	for what, d := range map[string]*datasets.Dataset{"number": number, "class": class, "weights": weight} {
		if err := prepare(d, activation.Tanh{}).Resume(checkpoint); err == nil || !strings.Contains(err.Error(), "digest of the data") {
			t.Errorf("another %s: %v", what, err)
		}
	}
	if err := prepare(data(), activation.ReLU{}).Resume(checkpoint); err == nil || !strings.Contains(err.Error(), "layers") {
		t.Errorf("another activation: %v", err)
	}
}
