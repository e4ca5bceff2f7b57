package metrics

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Bins is the number of bins of the confidence.
const Bins = 15

// Bin is one bar of a reliability diagram: the rows whose confidence, the
// probability of the predicted class, is above Lower and at most Upper. With
// two classes confidence is at least 1/2, and the lower bins are empty.
type Bin struct {
	Lower      float64 `json:"lower"`
	Upper      float64 `json:"upper"`
	Weight     Number  `json:"weight"`              // of the rows of the bin
	Confidence Number  `json:"confidence,omitzero"` // their mean confidence
	Accuracy   Number  `json:"accuracy,omitzero"`   // their share predicted right
}

// calibration sums up rows by their confidence.
type calibration [Bins]struct{ weight, confidence, right tensor.Sum }

// add adds w rows of which right are predicted right.
func (c *calibration) add(confidence, w, right float64) {
	i := int(math.Ceil(confidence*Bins)) - 1
	b := &c[min(max(i, 0), Bins-1)]
	b.weight.Add(w)
	b.confidence.AddProduct(w, confidence)
	b.right.Add(right)
}

func (c *calibration) bins() []Bin {
	bins := make([]Bin, Bins)
	for i := range c {
		w := c[i].weight.Value()
		bins[i] = Bin{
			Lower:      float64(i) / Bins,
			Upper:      float64(i+1) / Bins,
			Weight:     Number(w),
			Confidence: Number(ratio(c[i].confidence.Value(), w)),
			Accuracy:   Number(ratio(c[i].right.Value(), w)),
		}
	}
	return bins
}

// ece is the expected calibration error of rows of the given total weight.
func (c *calibration) ece(weight float64) Number {
	var gaps tensor.Sum
	for i := range c {
		gaps.Add(math.Abs(c[i].right.Value() - c[i].confidence.Value()))
	}
	return Number(ratio(gaps.Value(), weight))
}
