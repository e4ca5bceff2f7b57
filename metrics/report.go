package metrics

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Report is what is known about predictions. W is the sum of the weights of the
// rows; every mean is weighted. A Number that the data or the kind of target
// does not define is NaN, and absent from the JSON.
type Report struct {
	Name   string `json:"name,omitempty"` // of a label; for the caller to fill in
	Rows   int    `json:"rows"`           // rows added, those of weight 0 included
	Weight Number `json:"weight"`

	// Accuracy is the share of rows predicted right. The predicted class is the
	// one with the largest logit, the first of equals; with a single logit, 1 if
	// it is positive. A row of a multilabel target is right if all labels are.
	Accuracy Number `json:"accuracy,omitzero"`

	// LogLoss is the mean cross-entropy in nats, −LogLik/W; for K labels the
	// mean over rows and labels, −LogLik/(W·K). It is +Inf if an outcome with
	// predicted probability 0 happened.
	LogLoss     Number `json:"log_loss,omitzero"`
	LogLossBits Number `json:"log_loss_bits,omitzero"` // LogLoss/log 2
	Perplexity  Number `json:"perplexity,omitzero"`    // exp(LogLoss)
	LogLik      Number `json:"loglik,omitzero"`        // Σ w·log P(outcome), nats

	// Brier is the mean of (p−y)², where p is the probability of class 1 and y
	// the outcome, 0 or 1; with more classes the mean of Σₖ(pₖ−yₖ)², which for
	// two classes is twice as much; for labels the mean over them.
	Brier Number `json:"brier,omitzero"`

	// ECE is the expected calibration error, Σ (W_b/W)·|accuracy_b −
	// confidence_b| over 15 equal bins b of the confidence of the predicted
	// class: its probability, max(p, 1−p) for two classes (Guo, Pleiss, Sun &
	// Weinberger, "On calibration of modern neural networks", ICML 2017). For
	// labels it is the mean over them. See [Bin].
	ECE Number `json:"ece,omitzero"`

	// ROCAUC is the probability that a random row of the class has a higher
	// score than a random row of another, a tie counting one half. For two
	// classes it is that of class 1; otherwise the mean over the classes, each
	// against the rest, or labels for which it is defined.
	ROCAUC Number `json:"roc_auc,omitzero"`

	// AveragePrecision is Σ (Rᵢ−Rᵢ₋₁)·Pᵢ over the distinct scores as thresholds,
	// with recall R and precision P. It is of class 1, or a mean, as ROCAUC is.
	AveragePrecision Number `json:"average_precision,omitzero"`

	SubsetAccuracy Number `json:"subset_accuracy,omitzero"` // labels only: rows with all labels right
	HammingLoss    Number `json:"hamming_loss,omitzero"`    // labels only: share of wrong labels

	Macro    Averages `json:"macro,omitzero"`    // plain mean over classes, or labels
	Weighted Averages `json:"weighted,omitzero"` // weighted by support
	Micro    Averages `json:"micro,omitzero"`    // labels only: of the counts of all labels together

	// Confusion is the weight of the rows by [true class][predicted class]. It
	// is nil above [MaxConfusion] classes and for several labels.
	Confusion [][]float64 `json:"confusion,omitempty"`

	Classes []Class  `json:"per_class,omitempty"` // nil for several labels
	Labels  []Report `json:"per_label,omitempty"` // a binary report each
}

// Class is how one class is predicted, against all the others.
type Class struct {
	Name             string `json:"name,omitempty"` // for the caller to fill in
	Support          Number `json:"support"`        // weight of the rows of the class
	Precision        Number `json:"precision,omitzero"`
	Recall           Number `json:"recall,omitzero"`
	F1               Number `json:"f1,omitzero"` // 2·hits/(predicted+support), the harmonic mean of both
	ROCAUC           Number `json:"roc_auc,omitzero"`
	AveragePrecision Number `json:"average_precision,omitzero"`
}

// Averages are means over classes or labels. A class that is never predicted
// counts with precision 0, one that never occurs but is predicted with recall
// 0; one that neither occurs nor is predicted is left out.
type Averages struct {
	Precision Number `json:"precision,omitzero"`
	Recall    Number `json:"recall,omitzero"`
	F1        Number `json:"f1,omitzero"`
}

// IsZero reports whether no average is defined, which leaves a out of JSON.
func (a Averages) IsZero() bool {
	return a.Precision.IsZero() && a.Recall.IsZero() && a.F1.IsZero()
}

var (
	undefined         = Number(math.NaN())
	undefinedAverages = Averages{undefined, undefined, undefined}
)

// newReport returns a report that knows no more than the log-loss, from its sum
// over rows and over the outcomes, one or one per label, of each.
func newReport(rows int, weight, loss float64, outcomes int) Report {
	mean := ratio(loss, weight*float64(outcomes))
	return Report{
		Rows:             rows,
		Weight:           Number(weight),
		Accuracy:         undefined,
		LogLoss:          Number(mean),
		LogLossBits:      Number(mean / math.Ln2),
		Perplexity:       Number(math.Exp(mean)),
		LogLik:           Number(0 - loss), // not −0
		Brier:            undefined,
		ECE:              undefined,
		ROCAUC:           undefined,
		AveragePrecision: undefined,
		SubsetAccuracy:   undefined,
		HammingLoss:      undefined,
		Macro:            undefinedAverages,
		Weighted:         undefinedAverages,
		Micro:            undefinedAverages,
	}
}

// meanDefined is the mean of the values that are defined.
func meanDefined[T any](of []T, value func(*T) Number) Number {
	var total tensor.Sum
	n := 0
	for i := range of {
		if v := value(&of[i]); v.Defined() {
			total.Add(float64(v))
			n++
		}
	}
	return Number(ratio(total.Value(), float64(n)))
}
