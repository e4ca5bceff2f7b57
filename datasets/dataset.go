package datasets

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Dataset is a table as matrices: n rows of d encoded terms and their target.
type Dataset struct {
	Name   string
	Schema *Schema
	// X is n×d with d = Schema.Width(); there is no intercept column.
	X *mat.Dense
	// Labels holds for each row of a single target the index of its class in
	// Schema.Classes; nil otherwise.
	Labels []int
	// Y is n×K of 0 and 1 for a multilabel target of K columns, and n×1 of
	// proportions successes/trials for grouped counts; nil otherwise.
	Y *mat.Dense
	// Weights are frequency weights, or the numbers of trials; nil means
	// every row counts once.
	Weights []float64
	// Dropped is how many rows were left out because a cell was missing.
	Dropped int
	// Filled is how many missing numbers were replaced by a mean.
	Filled int

	lines *lines // of the file; nil: not known
}

// Len returns the number of rows.
func (d *Dataset) Len() int { return d.X.RawMatrix().Rows }

// Outcomes returns what losses.BCEWithLogits compares the logits with. For two
// classes it is n×1, 0 for the reference class and 1 for the other; for grouped
// counts and for labels it is Y itself. It panics if there are more than two
// classes, whose Labels losses.CrossEntropy takes.
func (d *Dataset) Outcomes() *mat.Dense {
	if d.Y != nil {
		return d.Y
	}
	return d.Schema.Outcomes(d.Labels)
}

// Rows returns a new Dataset with the rows of d at the given indices, in that
// order. Without indices its matrices are empty (0×0). It panics if an index is
// out of range.
func (d *Dataset) Rows(indices []int) *Dataset {
	sub := &Dataset{Name: d.Name, Schema: d.Schema, X: gatherNew(d.X, indices)}
	if d.Y != nil {
		sub.Y = gatherNew(d.Y, indices)
	}
	if d.Labels != nil {
		sub.Labels = make([]int, len(indices))
		for i, row := range indices {
			sub.Labels[i] = d.Labels[row]
		}
	}
	if d.Weights != nil {
		sub.Weights = make([]float64, len(indices))
		for i, row := range indices {
			sub.Weights[i] = d.Weights[row]
		}
	}
	return sub
}

// Split divides d into rows to train on and rows held out, as [SplitClasses]
// does where there is a single target and as [Split] otherwise.
func (d *Dataset) Split(fraction float64, seed uint64) (train, held *Dataset) {
	t, h := d.splitRows(fraction, seed)
	return d.Rows(t), d.Rows(h)
}

func (d *Dataset) splitRows(fraction float64, seed uint64) (train, held []int) {
	if d.Labels != nil {
		return SplitClasses(d.Labels, fraction, seed)
	}
	return Split(d.Len(), fraction, seed)
}

// SplitInPlace is [Dataset.Split] without a second copy of the data: it brings
// the rows of d in another order, those to train on before those held out, and
// returns both as parts of d, whose memory they share.
func (d *Dataset) SplitInPlace(fraction float64, seed uint64) (train, held *Dataset) {
	t, h := d.splitRows(fraction, seed)
	d.reorder(slices.Concat(t, h))
	train, held = d.slice(0, len(t)), d.slice(len(t), d.Len())
	train.lines, held.lines = d.lines.divide(h)
	d.lines = nil // its rows have moved
	return train, held
}

// GatherRows copies the rows of x at the given indices into dst, which must have
// len(indices) rows and as many columns as x. It panics if dst has another shape
// or an index is out of range.
func GatherRows(dst, x *mat.Dense, indices []int) {
	from, to := x.RawMatrix(), dst.RawMatrix()
	if to.Rows != len(indices) || to.Cols != from.Cols {
		panic(&tensor.UsageError{Op: "datasets.GatherRows", Problem: fmt.Sprintf(
			"dst is %d×%d, needs %d×%d", to.Rows, to.Cols, len(indices), from.Cols)})
	}
	for i, row := range indices {
		if row < 0 || row >= from.Rows {
			panic(&tensor.UsageError{Op: "datasets.GatherRows", Problem: fmt.Sprintf(
				"index %d is %d, x has %d rows", i, row, from.Rows)})
		}
		copy(to.Data[i*to.Stride:][:to.Cols], from.Data[row*from.Stride:][:from.Cols])
	}
}

func gatherNew(x *mat.Dense, indices []int) *mat.Dense {
	if len(indices) == 0 {
		return &mat.Dense{}
	}
	dst := mat.NewDense(len(indices), x.RawMatrix().Cols, nil)
	GatherRows(dst, x, indices)
	return dst
}
