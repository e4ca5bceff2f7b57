package trainer

import "github.com/surprisal-ml/surprisal/metrics"

// ROC returns the receiver operating characteristic of an output, an index of
// [Classifier.Outputs], over all rows added; see [metrics.Multiclass.ROC].
func (e *Evaluation) ROC(output int) []metrics.ROCPoint {
	switch e.c.Kind {
	case Multiclass:
		return e.multiclass.ROC(output)
	case Multilabel:
		return e.multilabel.ROC(output)
	}
	return e.binary.ROC()
}

// PrecisionRecall returns the precision-recall curve of an output, an index of
// [Classifier.Outputs], over all rows added.
func (e *Evaluation) PrecisionRecall(output int) []metrics.PRPoint {
	switch e.c.Kind {
	case Multiclass:
		return e.multiclass.PrecisionRecall(output)
	case Multilabel:
		return e.multilabel.PrecisionRecall(output)
	}
	return e.binary.PrecisionRecall()
}

// Reliability returns the bins of the expected calibration error over all rows
// added: one list, or for labels one each.
func (e *Evaluation) Reliability() [][]metrics.Bin {
	switch e.c.Kind {
	case Multiclass:
		return [][]metrics.Bin{e.multiclass.Reliability()}
	case Multilabel:
		all := make([][]metrics.Bin, len(e.c.Outputs()))
		for k := range all {
			all[k] = e.multilabel.Reliability(k)
		}
		return all
	}
	return [][]metrics.Bin{e.binary.Reliability()}
}

// OutcomeReliability returns bins of the probability of yes over all rows added: of
// the second of two classes one list, of labels one each, and of more classes none;
// see [metrics.Binary.OutcomeReliability].
func (e *Evaluation) OutcomeReliability() [][]metrics.Bin {
	switch e.c.Kind {
	case Multiclass:
		return nil
	case Multilabel:
		all := make([][]metrics.Bin, len(e.c.Outputs()))
		for k := range all {
			all[k] = e.multilabel.OutcomeReliability(k)
		}
		return all
	}
	return [][]metrics.Bin{e.binary.OutcomeReliability()}
}
