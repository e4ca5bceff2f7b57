package metrics

import (
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Multilabel evaluates predictions of K yes-no labels, each with a logit of its
// own, as [Binary] is. The zero value is ready to use; K is that of the first
// block.
type Multilabel struct {
	SkipRanking bool // keep no scores: no ROC AUC, no average precision, no curves

	rows          int
	weight, exact tensor.Sum // of all rows, and of those with all labels right
	labels        []Binary
}

// Add adds a block: logits z and outcomes y of 0 and 1, both n×K, and weights w
// of the rows, of length n or nil for all 1. Logits may be ±Inf.
//
// It returns a *[RowError], and adds nothing, if a logit is NaN, or a weight is
// negative, above 1e100 or NaN. It panics if sizes do not fit or an outcome is
// neither 0 nor 1.
func (m *Multilabel) Add(z, y *mat.Dense, w []float64) error {
	const op = "Multilabel.Add"
	checkLogits(op, z, len(m.labels), w)
	checkOutcomes(op, z, y)
	n, k := z.Dims()
	for i := range n {
		for j, v := range y.RawRowView(i) {
			if v != 0 && v != 1 {
				panic(misuse(op, "row %d, label %d: outcome %g is neither 0 nor 1", i, j, v))
			}
		}
	}
	if err := checkRows(m.rows, z, w, false); err != nil {
		return err
	}
	if m.labels == nil {
		m.labels = make([]Binary, k)
		for j := range m.labels {
			m.labels[j].SkipRanking = m.SkipRanking
		}
	}
	for i := range n {
		m.add(z.RawRowView(i), y.RawRowView(i), weightOf(w, i))
	}
	return nil
}

func (m *Multilabel) add(z, y []float64, w float64) {
	m.rows++
	m.weight.Add(w)
	exact := true
	for j := range z {
		exact = exact && (z[j] > 0) == (y[j] == 1)
		m.labels[j].add(z[j], y[j], w)
	}
	if exact {
		m.exact.Add(w)
	}
}

// Report returns the metrics of all rows added so far: those of each label in
// Labels, and at the top means over the labels.
func (m *Multilabel) Report() Report {
	w := m.weight.Value()
	var loss, wrong tensor.Sum
	for j := range m.labels {
		loss.Add(m.labels[j].counts.loss.Value())
	}
	r := newReport(m.rows, w, loss.Value(), len(m.labels))
	if w == 0 {
		return r
	}
	var positive []outcome
	for j := range m.labels {
		label := m.labels[j].Report()
		wrong.Add(label.Confusion[0][1])
		wrong.Add(label.Confusion[1][0])
		positive = append(positive, m.labels[j].counts.tally.outcomes()[1])
		r.Labels = append(r.Labels, label)
	}
	r.Accuracy = Number(m.exact.Value() / w)
	r.SubsetAccuracy = r.Accuracy
	r.HammingLoss = Number(wrong.Value() / (w * float64(len(m.labels))))
	r.Macro, r.Weighted, r.Micro = macro(positive), weighted(positive), micro(positive)
	r.Brier = meanDefined(r.Labels, func(l *Report) Number { return l.Brier })
	r.ECE = meanDefined(r.Labels, func(l *Report) Number { return l.ECE })
	r.ROCAUC = meanDefined(r.Labels, func(l *Report) Number { return l.ROCAUC })
	r.AveragePrecision = meanDefined(r.Labels, func(l *Report) Number { return l.AveragePrecision })
	return r
}

// ROC returns the receiver operating characteristic of a label, with its logits
// as thresholds.
func (m *Multilabel) ROC(label int) []ROCPoint {
	return pick("Multilabel.ROC", m.labels, label).ROC()
}

// PrecisionRecall returns the precision-recall curve of a label, with its logits
// as thresholds.
func (m *Multilabel) PrecisionRecall(label int) []PRPoint {
	return pick("Multilabel.PrecisionRecall", m.labels, label).PrecisionRecall()
}

// Reliability returns the bins of the expected calibration error of a label.
func (m *Multilabel) Reliability(label int) []Bin {
	return pick("Multilabel.Reliability", m.labels, label).Reliability()
}

// OutcomeReliability returns bins of the probability of a label; see
// [Binary.OutcomeReliability].
func (m *Multilabel) OutcomeReliability(label int) []Bin {
	return pick("Multilabel.OutcomeReliability", m.labels, label).OutcomeReliability()
}
