package mle

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/trainer"
)

// fitLabels fits a logistic regression to each label of d: the likelihood of
// several labels is the product of theirs.
func fitLabels(ctx context.Context, d *datasets.Dataset, o Options) (*Estimate, error) {
	return eachLabel(d, o, func(_ int, f *Estimate) error { return f.run(ctx) })
}

// eachLabel makes an estimate for each label of d, has do find its coefficients,
// and returns them together. Labels without an estimate do not keep the others
// from theirs: then there are no coefficients of all labels, and the error joins
// those of the labels.
func eachLabel(d *datasets.Dataset, o Options, do func(k int, f *Estimate) error) (*Estimate, error) {
	all := &Estimate{Kind: trainer.Multilabel, Schema: d.Schema, Options: o, N: trainer.TotalWeight(d)}
	all.Certificate.Holds = true
	var missing []error
	for k, label := range d.Schema.Labels {
		p, err := newProblem(d, &o, k)
		if err != nil {
			return nil, err
		}
		f := &Estimate{
			Kind: trainer.Binary, Schema: d.Schema, Terms: p.names, Rows: []string{label.Name},
			Classes: []string{label.Negative, label.Positive}, Options: o, p: p, N: all.N, Total: p.total,
		}
		var none *NoEstimateError
		if err := do(k, f); errors.As(err, &none) {
			missing = append(missing, fmt.Errorf("label %q: %w", label.Name, err))
		} else if err != nil {
			return nil, fmt.Errorf("label %q: %w", label.Name, err)
		}
		all.addLabel(f)
	}
	if missing != nil {
		return all, errors.Join(missing...)
	}
	var rows, low []float64
	for _, f := range all.Labels {
		rows = slices.Concat(rows, f.Coef.RawRowView(0))
		low = slices.Concat(low, f.Low.RawRowView(0))
	}
	all.Coef = mat.NewDense(len(all.Rows), len(all.Terms), rows)
	all.Low = mat.NewDense(len(all.Rows), len(all.Terms), low)
	return all, nil
}

// addLabel adds the fit of a label to those before.
func (all *Estimate) addLabel(f *Estimate) {
	all.Labels = append(all.Labels, f)
	all.Rows = append(all.Rows, f.Rows[0])
	all.Terms, all.Total = f.Terms, f.Total
	all.LogLik += f.LogLik
	all.Objective += f.Objective
	all.Solver = max(all.Solver, f.Solver)
	all.Iterations = max(all.Iterations, f.Iterations)
	all.Passes += f.Passes
	c := &all.Certificate
	c.Holds = c.Holds && f.Certificate.Holds
	c.Gap += f.Certificate.Gap
	c.Distance = max(c.Distance, f.Certificate.Distance)
	c.ObjectiveError += f.Certificate.ObjectiveError + roundoff*all.Objective
	c.Method = f.Certificate.Method
}
