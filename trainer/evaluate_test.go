package trainer

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/random"
)

// randomData has more rows than a block, of each kind of target, with weights.
func randomData(kind Kind) *datasets.Dataset {
	const n = 2*blockRows + 100
	src := random.New(5, uint64(kind))
	d := &datasets.Dataset{Name: "random", Schema: &datasets.Schema{Features: []datasets.Feature{{Name: "x"}, {Name: "z"}}}, X: mat.NewDense(n, 2, nil)}
	d.Schema.Target, d.Schema.Classes, d.Schema.Reference = "y", []string{"a", "b", "c"}[:2+int(kind%2)], "b"
	if kind == Multilabel {
		d.Schema.Target, d.Schema.Classes, d.Schema.Reference = "", nil, ""
		d.Schema.Labels = []datasets.Label{{Name: "u", Negative: "0", Positive: "1"}, {Name: "v", Negative: "0", Positive: "1"}}
		d.Y = mat.NewDense(n, 2, nil)
	}
	for i := range n {
		d.X.SetRow(i, []float64{src.Norm(), src.Norm()})
		d.Weights = append(d.Weights, float64(src.Uint64()%3))
		if kind == Multilabel {
			d.Y.SetRow(i, []float64{float64(src.Uint64() % 2), float64(src.Uint64() % 2)})
		} else {
			d.Labels = append(d.Labels, int(src.Uint64()%uint64(len(d.Schema.Classes))))
		}
	}
	return d
}

// Evaluating block by block gives what all logits at once do.
func TestEvaluateInBlocks(t *testing.T) {
	for _, kind := range []Kind{Binary, Multiclass, Multilabel} {
		d := randomData(kind)
		c := network(t, d, 3)
		if c.Kind != kind {
			t.Fatalf("%v, want %v", c.Kind, kind)
		}
		for _, p := range c.Net.Params() {
			p.Value.Scale(30, p.Value) // probabilities close to 0 and 1
		}
		z := mat.NewDense(d.Len(), len(c.Outputs()), nil)
		c.Logits(z, d.X)
		all := c.NewEvaluation(true)
		var err error
		switch kind {
		case Binary:
			err = all.binary.Add(z, d.Outcomes(), d.Weights)
		case Multiclass:
			err = all.multiclass.Add(z, d.Labels, d.Weights)
		case Multilabel:
			err = all.multilabel.Add(z, d.Y, d.Weights)
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Evaluate(d, true)
		if want := all.Report(); err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%v: %+v (%v)\nwant %+v", kind, got, err, want)
		}

		var sure, total float64
		for i, p := range c.PredictRows(d.X) {
			total += d.Weights[i]
			if c.saturated(d, i, p.Probabilities) {
				sure += d.Weights[i]
			}
		}
		if got := c.Saturated(d); got != sure/total || sure == 0 {
			t.Errorf("%v: saturated %v, want %v", kind, got, sure/total)
		}

		const bad = blockRows + 7
		d.X.Set(bad, 0, math.NaN())
		_, err = c.Evaluate(d, false)
		var row *metrics.RowError
		if !errors.As(err, &row) || row.Row != bad {
			t.Errorf("%v: NaN in row %d: %v", kind, bad, err)
		}
	}
}
