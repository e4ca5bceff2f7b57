package metrics

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Multiclass evaluates predictions of one of K ≥ 2 classes, with a logit for
// each: P(k) = exp(zₖ)/Σⱼexp(zⱼ). The class with the largest logit is predicted,
// the first of equals. The zero value is ready to use; K is that of the first
// block.
//
// ROC AUC and average precision of a class rank the rows by their log-odds of
// the class against the rest, zₖ − log Σⱼ≠ₖ exp(zⱼ).
type Multiclass struct {
	SkipRanking bool // keep no scores: no ROC AUC, no average precision, no curves

	counts  counts
	ranking []ranking // per class
	e       []float64 // the exponentials of a row
}

// Add adds a block: logits z, n×K, labels of n classes 0…K−1, and weights w, of
// length n or nil for all 1. A logit of −Inf gives its class probability 0.
//
// It returns a *[RowError], and adds nothing, if a row has a NaN or +Inf among
// its logits or only −Inf, or a weight that is negative, above 1e100 or NaN. It
// panics if sizes do not fit or a label is out of range.
func (m *Multiclass) Add(z *mat.Dense, labels []int, w []float64) error {
	const op = "Multiclass.Add"
	checkLogits(op, z, len(m.e), w)
	n, k := z.Dims()
	if k < 2 {
		panic(misuse(op, "%d×%d logits; two classes are the least", n, k))
	}
	if len(labels) != n {
		panic(misuse(op, "%d×%d logits with %d labels", n, k, len(labels)))
	}
	for i, y := range labels {
		if y < 0 || y >= k {
			panic(misuse(op, "row %d: class %d of %d", i, y, k))
		}
	}
	if err := checkRows(m.counts.rows, z, w, true); err != nil {
		return err
	}
	if m.e == nil {
		m.e = make([]float64, k)
		m.counts.tally = newTally(k)
		m.ranking = make([]ranking, k)
	}
	for i, y := range labels {
		m.add(z.RawRowView(i), y, weightOf(w, i))
	}
	return nil
}

func (m *Multiclass) add(z []float64, y int, w float64) {
	c := &m.counts
	c.rows++
	if w == 0 {
		return
	}
	top, rest := tensor.ExpGaps(m.e, z)
	total := 1 + rest
	var brier, right float64
	for k, e := range m.e {
		if k != y {
			p := e / total
			brier += p * p
		}
	}
	others := rest // Σ exp of the classes that did not happen
	if y == top {
		right = w
	} else {
		others = 1 + (rest - m.e[y])
	}
	others /= total
	c.weight.Add(w)
	c.tally.add(y, top, w)
	c.calibration.add(1/total, w, right)
	c.loss.AddProduct(w, math.Log1p(rest)+(z[top]-z[y]))
	c.brier.AddProduct(w, brier+others*others)
	if !m.SkipRanking {
		m.rank(z, top, rest, y, w)
	}
}

// rank adds a row to the ranking of every class by the log-odds of the class,
// which tell rows apart whose probabilities round to 0 or 1. It overwrites e.
func (m *Multiclass) rank(z []float64, top int, rest float64, y int, w float64) {
	add := func(k int, odds float64) {
		if k == y {
			m.ranking[k].add(odds, w, 0)
		} else {
			m.ranking[k].add(odds, 0, w)
		}
	}
	for k := range z {
		if k != top {
			// rest is a sum that e[k] is part of: the difference is not negative.
			add(k, (z[k]-z[top])-math.Log1p(rest-m.e[k]))
		}
	}
	others := append(append(m.e[:0], z[:top]...), z[top+1:]...)
	second := slices.Max(others)
	if math.IsInf(second, -1) {
		add(top, math.Inf(1))
		return
	}
	_, rest = tensor.ExpGaps(others, others)
	add(top, (z[top]-second)-math.Log1p(rest))
}

// Report returns the metrics of all rows added so far. ROC AUC and average
// precision at the top are means over the classes.
func (m *Multiclass) Report() Report {
	r := m.counts.report()
	if m.SkipRanking || r.Weight == 0 {
		return r
	}
	for k := range r.Classes {
		auc, ap := m.ranking[k].areas()
		r.Classes[k].ROCAUC, r.Classes[k].AveragePrecision = Number(auc), Number(ap)
	}
	r.ROCAUC = meanDefined(r.Classes, func(c *Class) Number { return c.ROCAUC })
	r.AveragePrecision = meanDefined(r.Classes, func(c *Class) Number { return c.AveragePrecision })
	return r
}

// ROC returns the receiver operating characteristic of a class against the
// rest, with its log-odds as thresholds.
func (m *Multiclass) ROC(class int) []ROCPoint {
	return pick("Multiclass.ROC", m.ranking, class).roc()
}

// PrecisionRecall returns the precision-recall curve of a class against the
// rest, with its log-odds as thresholds.
func (m *Multiclass) PrecisionRecall(class int) []PRPoint {
	return pick("Multiclass.PrecisionRecall", m.ranking, class).precisionRecall()
}

// Reliability returns the bins of the expected calibration error.
func (m *Multiclass) Reliability() []Bin { return m.counts.calibration.bins() }
