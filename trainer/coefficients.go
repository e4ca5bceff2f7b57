package trainer

import (
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
)

// Coefficients are the parameters of a model without hidden layers, as
// statisticians write them.
type Coefficients struct {
	Terms []string // "(intercept)" and the terms of the schema, the columns of Values
	// Rows name the rows of Values: the classes but the reference class, or the
	// labels.
	Rows []string
	// Values are the coefficients of the log-odds of a class against the
	// reference class, or of a label.
	Values *mat.Dense
	// Symmetric is the same model with a row for each of Classes, rows that add
	// to 0; nil for labels.
	Symmetric *mat.Dense
}

// Coefficients returns the parameters of a model without hidden layers, in the
// units of the data or, if standardized, of features of mean 0 and standard
// deviation 1. It returns an error for a model with hidden layers.
func (c *Classifier) Coefficients(standardized bool) (Coefficients, error) {
	logits, err := c.linearTerms()
	if err != nil {
		return Coefficients{}, err
	}
	if standardized {
		layer := c.Net.Layers[0]
		logits.SetCol(0, layer.Bias.Value.RawRowView(0))
		_, columns := logits.Dims()
		logits.Slice(0, len(c.Outputs()), 1, columns).(*mat.Dense).Copy(layer.Weight.Value.T())
	}
	b := Coefficients{Terms: append([]string{"(intercept)"}, c.Schema.Terms()...), Rows: c.Outputs(), Values: logits}
	switch c.Kind {
	case Binary:
		b.Symmetric = mat.NewDense(2, len(b.Terms), nil)
		for j := range b.Terms {
			half := logits.At(0, j) / 2
			b.Symmetric.Set(0, j, -half)
			b.Symmetric.Set(1, j, half)
		}
	case Multiclass:
		b.Symmetric = centred(logits)
		b.Rows, b.Values = againstReference(c.Schema, logits)
	}
	return b, nil
}

// centred returns z less the mean of its rows.
func centred(z *mat.Dense) *mat.Dense {
	rows, columns := z.Dims()
	s := mat.NewDense(rows, columns, nil)
	for j := range columns {
		var mean float64
		for k := range rows {
			mean += z.At(k, j) / float64(rows)
		}
		for k := range rows {
			s.Set(k, j, z.At(k, j)-mean)
		}
	}
	return s
}

// againstReference returns the rows of z but that of the reference class, less
// that one, and their names.
func againstReference(s *datasets.Schema, z *mat.Dense) (names []string, values *mat.Dense) {
	rows, columns := z.Dims()
	values = mat.NewDense(rows-1, columns, nil)
	reference := s.ReferenceIndex()
	for k, class := range s.Classes {
		if k == reference {
			continue
		}
		row := values.RawRowView(len(names))
		for j := range row {
			row[j] = z.At(k, j) - z.At(reference, j)
		}
		names = append(names, class)
	}
	return names, values
}
