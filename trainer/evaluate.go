package trainer

import (
	"fmt"

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
}

// NewEvaluation returns an empty evaluation; see [Classifier.Evaluate] for
// ranking.
func (c *Classifier) NewEvaluation(ranking bool) *Evaluation {
	return &Evaluation{
		c:          c,
		binary:     metrics.Binary{SkipRanking: !ranking},
		multiclass: metrics.Multiclass{SkipRanking: !ranking},
		multilabel: metrics.Multilabel{SkipRanking: !ranking},
	}
}

// Add adds labelled rows, in the form of a [datasets.Dataset] or
// [datasets.Block] with the classifier's schema. It returns an error, a
// [*metrics.RowError] inside, for a row whose logits are not numbers.
func (e *Evaluation) Add(x *mat.Dense, labels []int, y *mat.Dense, weights []float64) error {
	n, _ := x.Dims()
	z := mat.NewDense(n, len(e.c.Outputs()), nil)
	e.c.Logits(z, x)
	var err error
	switch e.c.Kind {
	case Multiclass:
		err = e.multiclass.Add(z, labels, weights)
	case Multilabel:
		err = e.multilabel.Add(z, y, weights)
	default:
		err = e.binary.Add(z, e.c.outcomes(labels, y), weights)
	}
	if err != nil {
		return fmt.Errorf("the predictions cannot be evaluated: %w", err)
	}
	return nil
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
