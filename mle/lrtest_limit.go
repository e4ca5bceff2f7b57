package mle

import (
	"context"
	"fmt"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// testsOfLimit are the likelihood-ratio tests where there is no estimate, or more
// than one: suprema of the likelihood stand for maxima. A feature has as many
// degrees of freedom as the columns lose rank without it, times the logits.
func (f *Estimate) testsOfLimit(ctx context.Context) ([]Test, error) {
	switch {
	case f.Options.Penalty != None || f.classWeighted():
		return nil, f.likelihoodOnly()
	case f.Existence == nil:
		return nil, &Error{Problem: "the supremum of the likelihood is not known"}
	}
	p := f.p
	s, err := newSolver(p, &Options{}).unrelated(ctx)
	if err != nil {
		return nil, err
	}
	space, err := s.columns(ctx)
	if err != nil {
		return nil, err
	}
	var tests []Test
	for _, g := range f.groups() {
		var others []int
		for j := range p.terms {
			if j < g.from || j >= g.to {
				others = append(others, j)
			}
		}
		loglik, rank, err := p.supremum(ctx, others)
		if err != nil {
			return nil, fmt.Errorf("without %s: %w", g.name, err)
		}
		test := Test{Name: g.name, Statistic: max(0, 2*(f.Existence.SupLogLik-loglik)), DF: p.logits() * (space.Rank() - rank)}
		if test.DF == 0 { // the others span the same space: what differs is rounding
			test.Statistic = 0
		}
		test.P = test.tail()
		tests = append(tests, test)
	}
	return tests, nil
}

// supremum returns that of the log-likelihood with only some of the terms, and the
// rank of their columns.
func (p *problem) supremum(ctx context.Context, terms []int) (loglik float64, rank int, err error) {
	if len(terms) == 0 {
		return dd.Log(dd.New(float64(p.classes))).MulFloat(-p.total).Float64(), 0, nil
	}
	s, err := newSolver(p.keep(terms), &Options{}).unrelated(ctx)
	if err != nil {
		return 0, 0, err
	}
	space, err := s.columns(ctx)
	if err != nil {
		return 0, 0, err
	}
	a := s.separation(space)
	if err := a.decide(ctx, a.limit.scatter(a.limit.gather(s.p.start()))); err != nil {
		return 0, 0, err
	}
	if a.theta == nil { // every contest is won
		return 0, space.Rank(), nil
	}
	best, err := a.limit.optimum(ctx, a.theta, s.gamma())
	return -best.loss, space.Rank(), err
}
