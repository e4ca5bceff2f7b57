package main

import (
	"context"
	"errors"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/mle"
)

// inference is what the likelihood says about an estimate. What was not asked for
// or does not exist is nil.
type inference struct {
	table     *mle.Table
	without   string // why there is no table
	symmetric *mle.Table
	covs      []*mat.SymDense // of each of the estimates
	summary   *mle.Summary
	byLabel   []*mle.Summary // of several labels
	profile   *profileIntervals
	tests     *tests
	warning   *warning // of Wald tests; nil: not looked for
}

type profileIntervals struct{ low, high *mat.Dense }

// infer takes from the likelihood what the settings ask for.
func (l *likelihood) infer(ctx context.Context, watch *iterations) (*inference, error) {
	i := &inference{}
	e, s := l.estimate, &l.settings
	if e == nil {
		return i, nil
	}
	if err := i.wald(ctx, e, s); err != nil {
		return nil, err
	}
	if e.Options.Penalty != mle.None || s.ClassWeight != "" || s.PosWeight != nil {
		return i, nil // the objective is not the likelihood
	}
	var err error
	if i.summary, err = e.Summary(ctx); err != nil {
		return nil, err
	}
	if i.byLabel, err = labelSummaries(ctx, e); err != nil {
		return nil, err
	}
	if s.Profile && i.table != nil {
		if i.profile, err = profiles(ctx, e, plain(s.Level), watch); err != nil {
			return nil, err
		}
	}
	if err := i.test(ctx, e, s); err != nil {
		return nil, err
	}
	if i.table != nil && !s.Robust {
		i.warning, err = l.misled(ctx, i.summary.Parameters)
	}
	return i, err
}

// wald makes the table of the coefficients, or says why there is none.
func (i *inference) wald(ctx context.Context, e *mle.Estimate, s *settings) error {
	var err error
	var refused *mle.Error
	switch i.table, err = e.Wald(ctx, s.wald()); {
	case errors.As(err, &refused):
		i.without = refused.Problem
		one := single(e)[0]
		if n := len(one.Rows) * len(one.Terms); n > largestInformation && e.Options.Penalty == mle.None {
			i.without = fmt.Sprintf("%d parameters are too many for the inverse of their information (at most %d)", n, largestInformation)
			if s.Profile {
				i.without += ", and for intervals of the profile likelihood"
			}
		}
		return nil
	case err != nil:
		return err
	}
	if e.Labels == nil {
		o := s.wald()
		o.Symmetric = true
		if i.symmetric, err = e.Wald(ctx, o); err != nil {
			return err
		}
	}
	i.covs, err = covariances(ctx, e, s.Robust)
	return err
}

// single returns the independent fits that an estimate consists of.
func single(e *mle.Estimate) []*mle.Estimate {
	if e.Labels != nil {
		return e.Labels
	}
	return []*mle.Estimate{e}
}

func covariances(ctx context.Context, e *mle.Estimate, robust bool) (all []*mat.SymDense, err error) {
	for _, one := range single(e) {
		c := one.Covariance()
		if robust {
			if c, err = one.Sandwich(ctx, mle.HC0); err != nil {
				return nil, err
			}
		}
		all = append(all, c)
	}
	return all, nil
}

// profiles returns the profile-likelihood intervals of all coefficients.
func profiles(ctx context.Context, e *mle.Estimate, level float64, watch *iterations) (*profileIntervals, error) {
	rows, terms := e.Coef.Dims()
	p := &profileIntervals{mat.NewDense(rows, terms, nil), mat.NewDense(rows, terms, nil)}
	at := 0
	for _, one := range single(e) {
		for k := range one.Rows {
			for j := range terms {
				watch.phase(fmt.Sprintf("profile interval %d of %d", at*terms+j+1, rows*terms))
				interval, err := one.Profile(ctx, k, j, level)
				if err != nil {
					return nil, err
				}
				p.low.Set(at, j, interval.Low)
				p.high.Set(at, j, interval.High)
			}
			at++
		}
	}
	return p, nil
}
