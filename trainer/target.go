package trainer

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/losses"
)

// target is what a batch is compared with, in the form its loss takes.
type target struct {
	kind    Kind
	loss    Loss
	classes []int      // Multiclass
	y       *mat.Dense // otherwise: n×1 or n×K in [0, 1]
	weight  []float64  // per row, frequency times class weight; nil: all 1
}

// newTarget returns the target of all rows of d for classifier c.
func newTarget(c *Classifier, d *datasets.Dataset, loss Loss) (*target, error) {
	t := &target{kind: c.Kind, loss: loss, weight: d.Weights}
	switch c.Kind {
	case Multiclass:
		t.classes = d.Labels
	default:
		t.y = c.outcomes(d.Labels, d.Y)
	}
	if loss.LabelSmoothing > 0 && c.Kind != Multiclass {
		return nil, fmt.Errorf("label smoothing is defined for three or more classes")
	}
	if loss.PosWeight != nil && c.Kind == Multiclass {
		return nil, fmt.Errorf("pos_weight is defined for two classes or labels; use class weights")
	}
	if n := len(loss.PosWeight); n > 1 && n != len(c.Outputs()) {
		return nil, fmt.Errorf("%d pos_weights for %d labels", n, len(c.Outputs()))
	}
	for _, w := range slices.Concat(loss.PosWeight, loss.ClassWeight) {
		if !(w >= 0) || math.IsInf(w, 0) {
			return nil, fmt.Errorf("a weight of %g", w)
		}
	}
	if loss.ClassWeight == nil {
		return t, nil
	}
	if c.Kind == Multilabel || d.Schema.Successes != "" {
		return nil, fmt.Errorf("class weights are defined for a single target column")
	}
	if n := len(c.Classes()); len(loss.ClassWeight) != n {
		return nil, fmt.Errorf("%d class weights for %d classes", len(loss.ClassWeight), n)
	}
	t.weight = make([]float64, d.Len())
	for i, class := range d.Labels {
		if c.Kind == Binary {
			class = int(t.y.At(i, 0))
		}
		t.weight[i] = loss.ClassWeight[class]
		if d.Weights != nil {
			t.weight[i] *= d.Weights[i]
		}
	}
	return t, nil
}

// separation returns a sum of losses, log 2 times the smallest weight of an
// outcome, that is not reached as long as an outcome has a probability of 1/2 or
// less. It is 0 where labels are smoothed, for then it proves nothing.
func (t *target) separation() float64 {
	if t.loss.LabelSmoothing > 0 {
		return 0
	}
	return leastPositive(t.weight) * leastPositive(t.loss.PosWeight) * math.Ln2
}

// leastPositive returns the smallest positive weight, or 1 if none is smaller.
func leastPositive(weights []float64) float64 {
	least := 1.0
	for _, w := range weights {
		if w > 0 {
			least = min(least, w)
		}
	}
	return least
}

// batch is the target of some rows, in memory that is reused.
type batch struct {
	target
	yData, weightData []float64
	yHeader           mat.Dense
	weightHeader      mat.Dense
}

// total returns the sum of the weights of the given rows, or of all n if rows
// is nil.
func (t *target) total(rows []int, n int) float64 {
	if t.weight == nil {
		return float64(n)
	}
	var sum float64
	for i := range n {
		sum += t.weight[at(rows, i)]
	}
	return sum
}

// at returns the i-th of some rows, nil standing for all of them in order.
func at(rows []int, i int) int {
	if rows == nil {
		return i
	}
	return rows[i]
}

// fill sets b to the targets of rows[from:to], or of rows from to to−1 if rows
// is nil.
func (b *batch) fill(t *target, rows []int, from, to int) {
	n := to - from
	b.kind, b.loss = t.kind, t.loss
	if t.kind == Multiclass {
		b.classes = b.classes[:0]
		for i := from; i < to; i++ {
			b.classes = append(b.classes, t.classes[at(rows, i)])
		}
	} else {
		_, k := t.y.Dims()
		b.yData = b.yData[:0]
		for i := from; i < to; i++ {
			b.yData = append(b.yData, t.y.RawRowView(at(rows, i))...)
		}
		b.yHeader.SetRawMatrix(matrix(n, k, b.yData))
		b.y = &b.yHeader
	}
	b.weight = nil
	if t.weight != nil {
		b.weightData = b.weightData[:0]
		for i := from; i < to; i++ {
			b.weightData = append(b.weightData, t.weight[at(rows, i)])
		}
		b.weight = b.weightData
	}
}

// sum records the sum over rows, and labels, of the weighted losses.
func (b *batch) sum(z autograd.Var) autograd.Var {
	if b.kind == Multiclass {
		return losses.CrossEntropy{
			RowWeight: b.weight, LabelSmoothing: b.loss.LabelSmoothing, Reduction: losses.Sum,
		}.Classes(z, b.classes)
	}
	l := losses.BCEWithLogits{PosWeight: b.loss.PosWeight, Reduction: losses.Sum}
	if b.weight != nil {
		b.weightHeader.SetRawMatrix(matrix(len(b.weight), 1, b.weight))
		l.Weight = &b.weightHeader
	}
	return l.Loss(z, z.Tape().Const(b.y))
}
