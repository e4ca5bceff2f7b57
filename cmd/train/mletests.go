package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/surprisal-ml/surprisal/mle"
)

// tests are those of each feature.
type tests struct {
	all     []mle.Test
	wald    bool   // with the robust covariance, in place of likelihood ratios
	without string // why there are none
}

// test makes the tests of the features, if they are asked for: of likelihood ratios,
// which assume the model, or with robust standard errors those of Wald. The latter
// would need the covariance between labels.
func (i *inference) test(ctx context.Context, e *mle.Estimate, s *settings) (err error) {
	if !s.Tests {
		return nil
	}
	i.tests = &tests{wald: s.Robust && e.Labels == nil}
	if !i.tests.wald {
		i.tests.all, err = e.LikelihoodRatioTests(ctx)
		return err
	}
	var refused *mle.Error
	i.tests.all, err = e.WaldTests(ctx, s.wald())
	if errors.As(err, &refused) {
		i.tests.without, err = refused.Problem, nil
		if refused.Column != "" {
			i.tests.without = fmt.Sprintf("%s: %s", refused.Column, refused.Problem)
		}
	}
	return err
}

// print writes a line for each feature.
func (t *tests) print(w *page) {
	if t == nil {
		return
	}
	w.line("")
	if t.without != "" {
		w.item("No robust tests: %s.", t.without)
		return
	}
	title := "Likelihood-ratio tests"
	if t.wald {
		title = "Robust Wald tests"
	}
	rows := [][]string{{title, "χ²", "df", "p"}}
	for _, x := range t.all {
		rows = append(rows, []string{x.Name, figureOf(x.Statistic), fmt.Sprint(x.DF), pValue(x.P)})
	}
	w.table(rows)
}

// alsoRobust adds to a list of what is robust.
func (t *tests) alsoRobust() string {
	if t == nil || !t.wald {
		return ""
	}
	return " and Wald tests"
}

// json returns the tests for scripts.
func (t *tests) json() (all []testJSON) {
	if t == nil {
		return nil
	}
	for _, x := range t.all {
		j := testJSON{Feature: x.Name}
		statistic, df, p := defined(x.Statistic), &x.DF, defined(x.P)
		if t.wald {
			j.Wald, j.WaldDF, j.WaldP = statistic, df, p
		} else {
			j.Ratio, j.RatioDF, j.RatioP = statistic, df, p
		}
		all = append(all, j)
	}
	return all
}
