package mle

import (
	"context"
	"math"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// jointSummary is the Summary of several labels together: their likelihood is
// the product of those of the labels.
func (f *Estimate) jointSummary(ctx context.Context) (*Summary, error) {
	all := &Summary{}
	for _, label := range f.Labels {
		s, err := label.Summary(ctx)
		if err != nil {
			return nil, err
		}
		all.N, all.Rows = s.N, s.Rows
		all.Parameters += s.Parameters
		all.DFModel += s.DFModel
		all.DFResidual += s.DFResidual
		all.LogLik += s.LogLik
		all.Null += s.Null
		all.Deviance += s.Deviance
		all.NullDeviance += s.NullDeviance
		all.Pearson += s.Pearson
		all.AIC += s.AIC
		all.BIC += s.BIC
		all.Ratio.Statistic += s.Ratio.Statistic
		all.Ratio.DF += s.Ratio.DF
	}
	all.McFadden = all.Ratio.Statistic / (-2 * all.Null)
	all.CoxSnell = -math.Expm1(-all.Ratio.Statistic / all.N)
	all.Nagelkerke = all.CoxSnell / -math.Expm1(2*all.Null/all.N)
	all.Ratio.P = all.Ratio.tail()
	return all, nil
}

// jointTests are the likelihood-ratio tests of each feature for several labels,
// of its coefficients for all of them together.
func (f *Estimate) jointTests(ctx context.Context) ([]Test, error) {
	var all []Test
	for k, label := range f.Labels {
		tests, err := label.LikelihoodRatioTests(ctx)
		if err != nil {
			return nil, err
		}
		if k == 0 {
			all = tests
			continue
		}
		for i, t := range tests {
			all[i].Statistic += t.Statistic
			all[i].DF += t.DF
		}
	}
	for i := range all {
		all[i].P = all[i].tail()
	}
	return all, nil
}

// tail returns the probability of a larger statistic.
func (t Test) tail() float64 {
	if t.DF == 0 {
		return 1
	}
	return chiSquared(dd.New(t.Statistic), t.DF)
}
