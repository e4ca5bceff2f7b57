package trainer

import (
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
)

// The curves of an evaluation are those of its rows, for every kind of target.
func TestEvaluationCurves(t *testing.T) {
	const table = "a,b,y,z\n1,2,0,1\n2,1,1,0\n3,5,2,1\n4,4,0,0\n5,1,1,1\n6,2,2,0\n"
	for kind, c := range map[Kind]struct {
		target, table string
		outputs       int
		lists         int
	}{
		Binary:     {"z", table, 1, 1},
		Multiclass: {"y", table, 3, 1},
		Multilabel: {"y,z", strings.ReplaceAll(table, ",2,1\n", ",1,1\n"), 2, 2},
	} {
		text := c.table
		if kind == Multilabel {
			text = strings.ReplaceAll(text, "6,2,2,0", "6,2,0,0")
		}
		d, err := datasets.Read(strings.NewReader(text), "table", datasets.Options{Target: strings.Split(c.target, ","), Features: []string{"a", "b"}})
		if err != nil {
			t.Fatal(err)
		}
		m, err := NewClassifier(d.Schema, nil, nil, nil, random.New(1, 2))
		if err != nil {
			t.Fatal(err)
		}
		e := m.NewEvaluation(true)
		if err := e.Add(d.X, d.Labels, d.Y, d.Weights); err != nil {
			t.Fatal(err)
		}
		if len(m.Outputs()) != c.outputs {
			t.Fatalf("%v: outputs %v", kind, m.Outputs())
		}
		for k := range c.outputs {
			roc, pr := e.ROC(k), e.PrecisionRecall(k)
			if end := roc[len(roc)-1]; end.TruePositiveRate != 1 || end.FalsePositiveRate != 1 {
				t.Errorf("%v: the ROC curve of output %d ends at %v", kind, k, end)
			}
			if end := pr[len(pr)-1]; end.Recall != 1 {
				t.Errorf("%v: the precision-recall curve of output %d ends at %v", kind, k, end)
			}
		}
		if n := len(e.OutcomeReliability()); kind == Multiclass && n != 0 || kind != Multiclass && n != c.lists {
			t.Errorf("%v: %d lists of bins by outcome", kind, n)
		}
		lists := e.Reliability()
		if len(lists) != c.lists {
			t.Errorf("%v: %d lists of bins", kind, len(lists))
		}
		for _, bins := range lists {
			rows := 0.0
			for _, b := range bins {
				rows += float64(b.Weight)
			}
			if rows != 6 {
				t.Errorf("%v: %v rows in the bins", kind, rows)
			}
		}
	}
}
