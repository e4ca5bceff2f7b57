package trainer

import (
	"math"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
)

// Objective returns the sum over rows, and labels, of the loss that training
// minimises the mean of, and what that mean divides by. Without options it is
// the negative log-likelihood in nats.
func (c *Classifier) Objective(d *datasets.Dataset, loss Loss) (sum, weight float64, err error) {
	t, err := newTarget(c, d, loss)
	if err != nil {
		return 0, 0, err
	}
	tape := autograd.NewTape(autograd.Eval)
	var x rows
	var b batch
	n := d.Len()
	for from := 0; from < n; from += blockRows {
		to := min(from+blockRows, n)
		x.fill(d.X, c.Scaling, nil, from, to)
		b.fill(t, nil, from, to)
		tape.Reset()
		sum += b.sum(c.Net.Forward(tape.Const(&x.x))).Scalar()
	}
	return sum, t.total(nil, n) * float64(labels(c)), nil
}

// ClassTotals returns the weight of the rows of each class, in the order of the
// schema's Classes; for grouped counts the failures and the successes, and for
// labels the weight of the rows that have them.
func ClassTotals(d *datasets.Dataset) []float64 {
	weight := func(i int) float64 {
		if d.Weights == nil {
			return 1
		}
		return d.Weights[i]
	}
	switch {
	case d.Schema.Successes != "":
		totals := make([]float64, 2)
		for i := range d.Len() {
			y := d.Y.At(i, 0)
			totals[0] += weight(i) * (1 - y)
			totals[1] += weight(i) * y
		}
		return totals
	case d.Schema.Labels != nil:
		totals := make([]float64, len(d.Schema.Labels))
		for i := range d.Len() {
			for k, y := range d.Y.RawRowView(i) {
				totals[k] += weight(i) * y
			}
		}
		return totals
	}
	totals := make([]float64, len(d.Schema.Classes))
	for i, class := range d.Labels {
		totals[class] += weight(i)
	}
	return totals
}

// TotalWeight returns the number of rows, each counted by its weight: n, the
// number of observations or trials.
func TotalWeight(d *datasets.Dataset) float64 {
	if d.Weights == nil {
		return float64(d.Len())
	}
	var sum float64
	for _, w := range d.Weights {
		sum += w
	}
	return sum
}

// NullLogLik returns the log-likelihood of the model with nothing but an
// intercept, whose probabilities are the relative frequencies: Σ nₖ·log(nₖ/n),
// in nats. For labels it is the sum of theirs.
func NullLogLik(d *datasets.Dataset) float64 {
	n := TotalWeight(d)
	var sum float64
	for _, nk := range ClassTotals(d) {
		sum += xlogy(nk, nk/n)
		if d.Schema.Labels != nil {
			sum += xlogy(n-nk, (n-nk)/n)
		}
	}
	return sum
}

// xlogy returns x·log y, and 0 if x is 0.
func xlogy(x, y float64) float64 {
	if x == 0 {
		return 0
	}
	return x * math.Log(y)
}

// Balanced returns the class weights n/(K·nₖ) for Loss.ClassWeight, which give
// each of K classes the same total weight; a class without rows gets 0. It is
// scikit-learn's class_weight="balanced".
func (c *Classifier) Balanced(d *datasets.Dataset) []float64 {
	totals, n := ClassTotals(d), TotalWeight(d)
	if c.Kind == Binary && c.Schema.ReferenceIndex() == 1 {
		totals[0], totals[1] = totals[1], totals[0]
	}
	weights := make([]float64, len(totals))
	for k, nk := range totals {
		if nk > 0 {
			weights[k] = n / (float64(len(totals)) * nk)
		}
	}
	return weights
}

// Saturated returns the share of the weight whose outcome is predicted with a
// probability within 1e-6 of 1. Together with a loss that goes on falling it is
// a sign of separated classes, where the likelihood has no maximum; it is no
// proof.
func (c *Classifier) Saturated(d *datasets.Dataset) float64 {
	var sure, total float64
	n := d.Len()
	p := make([]float64, c.probabilityCount())
	b := logitBlock{c: c}
	for from := 0; from < n; from += blockRows {
		z := b.of(rowsOf(d.X, from, min(from+blockRows, n)))
		for k := range z.RawMatrix().Rows {
			i := from + k
			w := 1.0
			if d.Weights != nil {
				w = d.Weights[i]
			}
			total += w
			c.probabilities(p, z.RawRowView(k))
			if c.saturated(d, i, p) {
				sure += w
			}
		}
	}
	return sure / total
}

// saturated reports whether row i has an outcome of probability close to 1; for
// labels, any of them.
func (c *Classifier) saturated(d *datasets.Dataset, i int, p []float64) bool {
	const near = 1e-6
	switch {
	case c.Kind == Multilabel:
		for k, v := range p {
			if y := d.Y.At(i, k); math.Abs(v-y) < near {
				return true
			}
		}
		return false
	case d.Y != nil:
		y := d.Y.At(i, 0)
		return (y == 0 || y == 1) && math.Abs(p[1]-y) < near
	case c.Kind == Binary:
		if d.Labels[i] == c.Schema.ReferenceIndex() {
			return p[0] > 1-near
		}
		return p[1] > 1-near
	}
	return p[d.Labels[i]] > 1-near
}
