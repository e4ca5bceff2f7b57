package metrics

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// ROCPoint is a point of the receiver operating characteristic: the rates if
// the rows with scores of at least Threshold are taken to be of the class.
type ROCPoint struct {
	Threshold         Number `json:"threshold"`           // a logit
	FalsePositiveRate Number `json:"false_positive_rate"` // share of the other rows that are taken
	TruePositiveRate  Number `json:"true_positive_rate"`  // share of the class that is taken: recall
}

// PRPoint is a point of the precision-recall curve: the figures if the rows
// with scores of at least Threshold are taken to be of the class. The curve is
// a staircase: precision is not interpolated between points.
type PRPoint struct {
	Threshold Number `json:"threshold"` // a logit
	Recall    Number `json:"recall"`    // share of the class that is taken
	Precision Number `json:"precision"` // share of the class among the taken
}

// roc returns the points from (0, 0), at threshold +Inf, to (1, 1), a point for
// each distinct score; nil if there are no rows of the class or no others.
func (r *ranking) roc() []ROCPoint {
	pos, neg := r.totals()
	if pos == 0 || neg == 0 {
		return nil
	}
	points := []ROCPoint{{Threshold: Number(math.Inf(1))}}
	var tp, fp tensor.Sum
	for s := range r.steps() {
		tp.Add(s.pos)
		fp.Add(s.neg)
		points = append(points, ROCPoint{Number(s.score), Number(fp.Value() / neg), Number(tp.Value() / pos)})
	}
	return points
}

// precisionRecall returns a point for each distinct score, recall rising; nil
// if there are no rows of the class.
func (r *ranking) precisionRecall() []PRPoint {
	pos, _ := r.totals()
	if pos == 0 {
		return nil
	}
	var points []PRPoint
	var tp, fp tensor.Sum
	for s := range r.steps() {
		tp.Add(s.pos)
		fp.Add(s.neg)
		hits := tp.Value()
		points = append(points, PRPoint{Number(s.score), Number(hits / pos), Number(hits / (hits + fp.Value()))})
	}
	return points
}

// totals returns the weight of the rows of the class and of the others.
func (r *ranking) totals() (pos, neg float64) {
	var p, n tensor.Sum
	for s := range r.steps() {
		p.Add(s.pos)
		n.Add(s.neg)
	}
	return p.Value(), n.Value()
}
