package mle

import (
	"context"
	"fmt"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// LikelihoodRatioTests returns for each feature the test of the model without it
// against the model: twice the difference of their log-likelihoods, which has
// a degree of freedom for each coefficient of the feature, of all classes and all
// levels of a factor; for several labels it is of the coefficients for all of
// them. Both maxima are certified. (R: drop1 with test = "LRT".)
//
// Where the estimate does not exist, the suprema of the likelihoods stand for the
// maxima. The statistic is as good as elsewhere; that χ² describes it well when the
// model is true is not, since the data are then at the edge of what it allows.
//
// It is an error for fits with a penalty or class weights, and for coefficients
// that are not those of maximum likelihood. The test of all features together
// is that of [Estimate.Summary].
func (f *Estimate) LikelihoodRatioTests(ctx context.Context) ([]Test, error) {
	if f.Labels != nil {
		return f.jointTests(ctx)
	}
	if f.limited != nil {
		g := *f
		g.p = f.limited
		return g.testsOfLimit(ctx)
	}
	if err := f.maximal(); err != nil {
		return nil, err
	}
	full, err := f.logLik(ctx)
	if err != nil {
		return nil, err
	}
	var tests []Test
	groups := f.groups()
	for i, g := range groups {
		if f.Options.Observer != nil {
			f.Options.Observer(Progress{Test: i + 1, Tests: len(groups)})
		}
		without := g.parameters(f.p)
		best, err := f.solver().hold(without...).minimise(ctx, f.p.start())
		if err != nil {
			return nil, fmt.Errorf("without %s: %w", g.name, err)
		}
		tests = append(tests, newTest(g.name, full.Add(best.loss).Scale(2), len(without)))
	}
	return tests, nil
}

// solver returns a solver of the problem of f, without its observer.
func (f *Estimate) solver() *solver {
	o := f.Options
	o.Observer = nil
	s := newSolver(f.p, &o)
	s.exact.gradient = f.inDoubleDouble()
	return s
}

// maximal returns an error unless f is the maximum of a likelihood.
func (f *Estimate) maximal() error {
	if err := f.likelihoodOnly(); err != nil {
		return err
	}
	if !f.Certificate.Holds || f.Certificate.Gap > maxGap {
		return &Error{Problem: fmt.Sprintf("the log-likelihood may be %.2g nats below its maximum; likelihood ratios compare maxima: fit the model by Fit", f.Certificate.Gap)}
	}
	return nil
}

// nullLogLik returns the log-likelihood of the model without terms but the
// intercept, Σ nₖ·log(nₖ/n); of one without an intercept that of equal
// probabilities.
func (f *Estimate) nullLogLik() (sum dd.Float) {
	n := dd.New(f.p.total)
	if !f.p.intercept {
		return n.Mul(dd.Log(dd.New(float64(f.p.classes)))).Neg()
	}
	for _, nk := range f.p.classTotals() {
		if nk > 0 {
			sum = sum.Add(dd.Log(dd.New(nk).Div(n)).MulFloat(nk))
		}
	}
	return sum
}
