package trainer

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/metrics"
)

// Evaluate returns how good the predictions for labelled rows are. Without
// ranking it leaves out what needs a sort of all scores: ROC AUC and average
// precision.
func (c *Classifier) Evaluate(d *datasets.Dataset, ranking bool) (metrics.Report, error) {
	e := c.NewEvaluation(ranking)
	err := e.Add(d.X, d.Labels, d.Y, d.Weights)
	return e.Report(), err
}

// Evaluation gathers the quality of predictions block by block, for data that
// do not fit in memory.
type Evaluation struct {
	c          *Classifier
	binary     metrics.Binary
	multiclass metrics.Multiclass
	multilabel metrics.Multilabel

	logits   logitBlock
	outcomes []float64 // of a block
}

// NewEvaluation returns an empty evaluation; see [Classifier.Evaluate] for
// ranking.
func (c *Classifier) NewEvaluation(ranking bool) *Evaluation {
	return &Evaluation{
		c:          c,
		logits:     logitBlock{c: c},
		binary:     metrics.Binary{SkipRanking: !ranking},
		multiclass: metrics.Multiclass{SkipRanking: !ranking},
		multilabel: metrics.Multilabel{SkipRanking: !ranking},
	}
}

// Add adds labelled rows, in the form of a [datasets.Dataset] or
// [datasets.Block] with the classifier's schema. It returns an error, a
// [*metrics.RowError] inside, for a row whose logits are not numbers; many rows
// before it have been added.
func (e *Evaluation) Add(x *mat.Dense, labels []int, y *mat.Dense, weights []float64) error {
	n, _ := x.Dims()
	for from := 0; from < n; from += blockRows {
		to := min(from+blockRows, n)
		z := e.logits.of(rowsOf(x, from, to))
		var w []float64
		if weights != nil {
			w = weights[from:to]
		}
		var err error
		switch e.c.Kind {
		case Multiclass:
			err = e.multiclass.Add(z, labels[from:to], w)
		case Multilabel:
			err = e.multilabel.Add(z, rowsOf(y, from, to), w)
		default:
			err = e.binary.Add(z, e.binaryOutcomes(labels, y, from, to), w)
		}
		if err != nil {
			return fmt.Errorf("the predictions cannot be evaluated: %w", err)
		}
	}
	return nil
}

// logitBlock holds the logits of a block of rows, in memory that is reused.
type logitBlock struct {
	c    *Classifier
	data []float64
}

// of returns the logits of rows, until the next call.
func (b *logitBlock) of(x *mat.Dense) *mat.Dense {
	n, k := x.RawMatrix().Rows, len(b.c.Outputs())
	b.data = slices.Grow(b.data[:0], n*k)[:n*k]
	z := mat.NewDense(n, k, b.data)
	b.c.Logits(z, x)
	return z
}

// binaryOutcomes returns rows of y, or of labels as the outcomes of the class
// that is not the reference, in memory that is reused.
func (e *Evaluation) binaryOutcomes(labels []int, y *mat.Dense, from, to int) *mat.Dense {
	if y != nil {
		return rowsOf(y, from, to)
	}
	reference := e.c.Schema.ReferenceIndex()
	e.outcomes = e.outcomes[:0]
	for _, class := range labels[from:to] {
		outcome := 0.0
		if class != reference {
			outcome = 1
		}
		e.outcomes = append(e.outcomes, outcome)
	}
	return mat.NewDense(to-from, 1, e.outcomes)
}

// rowsOf returns the rows of m from one to before another.
func rowsOf(m *mat.Dense, from, to int) *mat.Dense {
	_, columns := m.Dims()
	return m.Slice(from, to, 0, columns).(*mat.Dense)
}

// outcomes returns y, or labels as the outcomes of the class that is not the
// reference.
func (c *Classifier) outcomes(labels []int, y *mat.Dense) *mat.Dense {
	if y != nil {
		return y
	}
	return c.Schema.Outcomes(labels)
}

// Report returns the metrics of all rows added, with the names of classes and
// labels filled in.
func (e *Evaluation) Report() metrics.Report {
	var r metrics.Report
	switch e.c.Kind {
	case Multiclass:
		r = e.multiclass.Report()
	case Multilabel:
		r = e.multilabel.Report()
		for i := range r.Labels {
			r.Labels[i].Name = e.c.Schema.Labels[i].Name
		}
		return r
	default:
		r = e.binary.Report()
	}
	for i := range r.Classes {
		r.Classes[i].Name = e.c.Classes()[i]
	}
	return r
}
