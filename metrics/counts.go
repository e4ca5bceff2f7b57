package metrics

// counts is what Binary and Multiclass sum up, besides the ranking.
type counts struct {
	rows                int
	weight, loss, brier sum
	tally               tally
	calibration         calibration
}

// report returns all but the metrics of the ranking.
func (c *counts) report() Report {
	w := c.weight.value()
	r := newReport(c.rows, w, c.loss.value(), 1)
	if w == 0 {
		return r
	}
	outcomes := c.tally.outcomes()
	r.Accuracy = Number(c.tally.right() / w)
	r.Brier = Number(c.brier.value() / w)
	r.ECE = c.calibration.ece(w)
	r.Macro, r.Weighted = macro(outcomes), weighted(outcomes)
	r.Confusion = c.tally.confusion()
	for _, o := range outcomes {
		r.Classes = append(r.Classes, o.class())
	}
	return r
}
