package trainer

import (
	"fmt"
	"io"
	"iter"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Prediction is what a classifier says of one row.
type Prediction struct {
	// Class is the most probable class; for labels it is empty.
	Class string
	// Labels are the labels with a probability above 1/2.
	Labels []string
	// Probabilities are in the order of Classifier.Classes, or of the labels.
	Probabilities []float64
}

// Predict returns the prediction for one row, given as the text of its cells
// by column name. It returns an error that names the column if a feature is
// missing, not a number, or has a level that was not seen in training.
func (c *Classifier) Predict(row map[string]string) (Prediction, error) {
	x, err := c.Schema.EncodeRow(row)
	if err != nil {
		return Prediction{}, err
	}
	return c.PredictRows(mat.NewDense(1, len(x), x))[0], nil
}

// PredictRows returns the predictions for encoded rows.
func (c *Classifier) PredictRows(x *mat.Dense) []Prediction {
	n, _ := x.Dims()
	z := mat.NewDense(n, len(c.Outputs()), nil)
	c.Logits(z, x)
	all := make([]Prediction, n)
	for i := range all {
		all[i] = c.prediction(z.RawRowView(i))
	}
	return all
}

// PredictStream reads rows from r in the form of a CSV file, called name in
// errors, and yields their predictions block by block, in memory that does not
// grow with their number.
func (c *Classifier) PredictStream(r io.Reader, name string, o datasets.StreamOptions) iter.Seq2[[]Prediction, error] {
	return func(yield func([]Prediction, error) bool) {
		for b, err := range datasets.Stream(r, name, c.Schema, o) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(c.PredictRows(b.X), nil) {
				return
			}
		}
	}
}

// prediction turns the logits of a row into probabilities.
func (c *Classifier) prediction(z []float64) Prediction {
	p := Prediction{Probabilities: make([]float64, c.probabilityCount())}
	top := c.probabilities(p.Probabilities, z)
	if c.Kind != Multilabel {
		p.Class = c.Classes()[top]
		return p
	}
	for k, v := range z {
		if v > 0 {
			p.Labels = append(p.Labels, c.Schema.Labels[k].Name)
		}
	}
	return p
}

// probabilityCount is the number of classes, or of labels.
func (c *Classifier) probabilityCount() int {
	if c.Kind == Binary {
		return 2
	}
	return len(c.Outputs())
}

// probabilities fills p with the probabilities of the classes, or labels, of a
// row with logits z, and returns the most probable class.
func (c *Classifier) probabilities(p, z []float64) (top int) {
	switch c.Kind {
	case Multilabel:
		activation.Sigmoid{}.Value(p, z)
	case Multiclass:
		var rest float64
		top, rest = tensor.ExpGaps(p, z)
		for k := range p {
			p[k] /= 1 + rest
		}
	default:
		p[0], p[1] = -z[0], z[0]
		activation.Sigmoid{}.Value(p, p)
		if z[0] > 0 {
			top = 1
		}
	}
	return top
}

// linearTerms returns the coefficients of a model without hidden layers in the
// units of the data: scaling is undone. Rows are those of Outputs; column 0 is
// the intercept, then follow the terms of the schema. It returns an error for a
// model with hidden layers.
func (c *Classifier) linearTerms() (*mat.Dense, error) {
	if len(c.Net.Layers) != 1 {
		return nil, fmt.Errorf("a model with hidden layers has no coefficients in the units of the data")
	}
	layer := c.Net.Layers[0]
	d, k := layer.Weight.Value.Dims()
	coef, intercept := mat.DenseCopyOf(layer.Weight.Value), slices.Clone(layer.Bias.Value.RawRowView(0))
	switch {
	case c.Scaling == nil:
	case layer.Bias.Frozen: // there is no intercept, and so no centring
		c.Scaling.UndoCoef(coef, nil)
	default:
		c.Scaling.UndoCoef(coef, intercept)
	}
	b := mat.NewDense(k, d+1, nil)
	b.SetCol(0, intercept)
	b.Slice(0, k, 1, d+1).(*mat.Dense).Copy(coef.T())
	return b, nil
}
