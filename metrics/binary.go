package metrics

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Binary evaluates predictions of two classes, 0 and 1, with one logit z a row:
// P(1) = σ(z) = 1/(1+e⁻ᶻ). Class 1 is predicted if z > 0. The zero value is
// ready to use.
type Binary struct {
	SkipRanking bool // keep no scores: no ROC AUC, no average precision, no curves

	counts   counts
	ranking  ranking
	outcomes calibration // by P(1), where that of counts is by confidence
}

// Add adds a block: logits z, n×1, outcomes y, n×1 in [0, 1], and weights w, of
// length n or nil for all 1. z may be ±Inf.
//
// An outcome between 0 and 1 is a proportion, as of grouped counts: a row with
// proportion y and weight w counts as w·y rows of class 1 and w·(1−y) of class
// 0, in every metric.
//
// It returns a *[RowError], and adds nothing, if a logit is NaN, or a weight is
// negative, above 1e100 or NaN. It panics if sizes do not fit or an outcome is
// out of range.
func (b *Binary) Add(z, y *mat.Dense, w []float64) error {
	const op = "Binary.Add"
	checkLogits(op, z, 1, w)
	checkOutcomes(op, z, y)
	n, _ := z.Dims()
	for i := range n {
		if v := y.At(i, 0); !(v >= 0 && v <= 1) {
			panic(misuse(op, "row %d: outcome %g is not in [0, 1]", i, v))
		}
	}
	if err := checkRows(b.counts.rows, z, w, false); err != nil {
		return err
	}
	for i := range n {
		b.add(z.At(i, 0), y.At(i, 0), weightOf(w, i))
	}
	return nil
}

func (b *Binary) add(z, y, w float64) {
	c := &b.counts
	c.rows++
	if w == 0 {
		return
	}
	if c.tally.hits == nil {
		c.tally = newTally(2)
	}
	yes := share(w, y)
	no := w - yes
	predicted, right := 0, no
	if z > 0 {
		predicted, right = 1, yes
	}
	e := math.Exp(-math.Abs(z))
	confidence := 1 / (1 + e)
	p, notP := confidence, e*confidence // σ(z) and σ(−z), neither by subtraction from 1
	if z < 0 {
		p, notP = notP, p
	}
	c.weight.Add(w)
	c.calibration.add(confidence, w, right)
	b.outcomes.add(p, w, yes)
	if yes > 0 {
		c.tally.add(1, predicted, yes)
		c.loss.AddProduct(yes, tensor.Softplus(-z))
		c.brier.AddProduct(yes, notP*notP)
	}
	if no > 0 {
		c.tally.add(0, predicted, no)
		c.loss.AddProduct(no, tensor.Softplus(z))
		c.brier.AddProduct(no, p*p)
	}
	if !b.SkipRanking {
		b.ranking.add(z, yes, no)
	}
}

// share is w·y. Of a whole number of trials it is a whole number again if y was
// the quotient of one, rounded.
func share(w, y float64) float64 {
	s := w * y
	if r := math.Round(s); w == math.Round(w) && math.Abs(s-r) <= 0x1p-52*r {
		return r
	}
	return s
}

// Report returns the metrics of all rows added so far. ROC AUC and average
// precision at the top are those of class 1.
func (b *Binary) Report() Report {
	r := b.counts.report()
	if b.SkipRanking || r.Weight == 0 {
		return r
	}
	auc, ap := b.ranking.areas()
	r.ROCAUC, r.AveragePrecision = Number(auc), Number(ap)
	r.Classes[0].ROCAUC, r.Classes[1].ROCAUC = r.ROCAUC, r.ROCAUC
	r.Classes[0].AveragePrecision = Number(b.ranking.otherPrecision())
	r.Classes[1].AveragePrecision = r.AveragePrecision
	return r
}

// ROC returns the receiver operating characteristic of class 1, with
// logits as thresholds.
func (b *Binary) ROC() []ROCPoint { return b.ranking.roc() }

// PrecisionRecall returns the precision-recall curve of class 1, with logits as
// thresholds.
func (b *Binary) PrecisionRecall() []PRPoint { return b.ranking.precisionRecall() }

// Reliability returns the bins of the expected calibration error.
func (b *Binary) Reliability() []Bin { return b.counts.calibration.bins() }

// OutcomeReliability returns bins of P(1), of the same bounds: Confidence is the mean
// of P(1) in a bin, and Accuracy the share of class 1.
func (b *Binary) OutcomeReliability() []Bin { return b.outcomes.bins() }
