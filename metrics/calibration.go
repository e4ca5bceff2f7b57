package metrics

import "math"

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
type calibration [Bins]struct{ weight, confidence, right sum }

// add adds w rows of which right are predicted right.
func (c *calibration) add(confidence, w, right float64) {
	i := int(math.Ceil(confidence*Bins)) - 1
	b := &c[min(max(i, 0), Bins-1)]
	b.weight.add(w)
	b.confidence.addProduct(w, confidence)
	b.right.add(right)
}

func (c *calibration) bins() []Bin {
	bins := make([]Bin, Bins)
	for i := range c {
		w := c[i].weight.value()
		bins[i] = Bin{
			Lower:      float64(i) / Bins,
			Upper:      float64(i+1) / Bins,
			Weight:     Number(w),
			Confidence: Number(ratio(c[i].confidence.value(), w)),
			Accuracy:   Number(ratio(c[i].right.value(), w)),
		}
	}
	return bins
}

// ece is the expected calibration error of rows of the given total weight.
func (c *calibration) ece(weight float64) Number {
	var gaps sum
	for i := range c {
		gaps.add(math.Abs(c[i].right.value() - c[i].confidence.value()))
	}
	return Number(ratio(gaps.value(), weight))
}
