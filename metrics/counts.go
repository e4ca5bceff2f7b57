package metrics

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// counts is what Binary and Multiclass sum up, besides the ranking.
type counts struct {
	rows                int
	weight, loss, brier tensor.Sum
	tally               tally
	calibration         calibration
}

// report returns all but the metrics of the ranking.
func (c *counts) report() Report {
	w := c.weight.Value()
	r := newReport(c.rows, w, c.loss.Value(), 1)
	if w == 0 {
		return r
	}
	outcomes := c.tally.outcomes()
	r.Accuracy = Number(c.tally.right() / w)
	r.Brier = Number(c.brier.Value() / w)
	r.ECE = c.calibration.ece(w)
	r.Macro, r.Weighted = macro(outcomes), weighted(outcomes)
	r.Confusion = c.tally.confusion()
	for _, o := range outcomes {
		r.Classes = append(r.Classes, o.class())
	}
	return r
}

// ratio is a/b, undefined if there is nothing to divide by.
func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}
