package main

import (
	"context"
	"fmt"

	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/mle"
)

// graver returns the status that says more against an estimate: separation more
// than dependent columns, which leave the probabilities as they are.
func graver(a, b mle.Status) mle.Status {
	rank := func(s mle.Status) int {
		for i, at := range []mle.Status{mle.Overlap, mle.RankDeficient, mle.QuasiComplete, mle.Complete} {
			if s == at {
				return i
			}
		}
		return int(s) + 1
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// labelSummaries are the summaries of the fits of several labels; nil for other
// targets.
func labelSummaries(ctx context.Context, e *mle.Estimate) (all []*mle.Summary, err error) {
	for _, label := range e.Labels {
		s, err := label.Summary(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// labelJSON is the fit of one of several labels.
type labelJSON struct {
	Label   string          `json:"label"`
	LogLik  *metrics.Number `json:"loglik"`
	AIC     *metrics.Number `json:"aic"`
	BIC     *metrics.Number `json:"bic"`
	LRStat  *metrics.Number `json:"lr_stat"`
	LRDF    int             `json:"lr_df"`
	LRP     *metrics.Number `json:"lr_p"`
	McF     *metrics.Number `json:"mcfadden_r2"`
	LogLik0 *metrics.Number `json:"loglik_null"`
}

func labelsJSON(names []string, summaries []*mle.Summary) (all []labelJSON) {
	for k, s := range summaries {
		all = append(all, labelJSON{names[k], defined(s.LogLik), defined(s.AIC), defined(s.BIC),
			defined(s.Ratio.Statistic), s.Ratio.DF, defined(s.Ratio.P), defined(s.McFadden), defined(s.Null)})
	}
	return all
}

// printLabels writes the summary of each label.
func (l *likelihood) printLabels(w *page) {
	const most = 40
	if l.inference == nil || len(l.byLabel) == 0 || len(l.byLabel) > most {
		return
	}
	rows := [][]string{{"Each label alone", "log-likelihood", "AIC", "χ² of the features", "df", "p"}}
	for k, s := range l.byLabel {
		rows = append(rows, []string{l.estimate.Rows[k], figureOf(s.LogLik), figureOf(s.AIC), figureOf(s.Ratio.Statistic), fmt.Sprint(s.Ratio.DF), pValue(s.Ratio.P)})
	}
	w.line("")
	w.table(rows)
	w.item("Figures of all labels together assume that these are independent given the features; those of a single label do not.")
}
