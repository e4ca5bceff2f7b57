package mle

import (
	"context"
	"fmt"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// Test is a test of the hypothesis that DF coefficients are 0.
type Test struct {
	Name      string  // of the feature whose coefficients they are
	Statistic float64 // chi-squared in large samples, if the hypothesis is true
	DF        int
	P         float64 // the probability that it is so large then
}

func newTest(name string, statistic dd.Float, df int) Test {
	return Test{name, statistic.Float64(), df, chiSquared(statistic, df)}
}

// group is the terms of a feature.
type group struct {
	name     string
	from, to int
}

// groups returns the features with their terms: one for a number, one less than
// the levels for a factor.
func (f *Estimate) groups() []group {
	at := len(f.Terms) - f.Schema.Width()
	var all []group
	for _, feature := range f.Schema.Features {
		width := 1
		if feature.Levels != nil {
			width = len(feature.Levels) - 1
		}
		if width > 0 {
			all = append(all, group{feature.Name, at, at + width})
		}
		at += width
	}
	return all
}

// parameters returns the indices of the coefficients of a feature, of all classes.
func (g group) parameters(p *problem) []int {
	var all []int
	for k := range p.logits() {
		for j := g.from; j < g.to; j++ {
			all = append(all, k*p.terms+j)
		}
	}
	return all
}

// WaldTests returns for each feature the joint test of all its coefficients, of
// all classes and of all levels of a factor: bᵀC⁻¹b with their covariance C.
// What [Estimate.Wald] refuses is an error here too; Level and Symmetric do not
// matter.
func (f *Estimate) WaldTests(ctx context.Context, o WaldOptions) ([]Test, error) {
	cov, err := f.covariances(ctx, o.Robust, o.MaxParameters)
	if err != nil {
		return nil, err
	}
	var tests []Test
	for _, g := range f.groups() {
		at := g.parameters(f.p)
		n := len(at)
		c, b := dd.NewVector(n*n), make([]float64, n) // of scaled parameters
		for i, from := range at {
			b[i] = f.theta.Hi[from]
			for j := i; j < n; j++ {
				c.Set(i*n+j, cov(from, at[j]))
			}
		}
		factor, ok := newExactCholesky(c, n)
		if !ok {
			return nil, &Error{Column: g.name, Problem: fmt.Sprintf("the covariance of its %d coefficients is singular; there are too few observations for robust standard errors", n)}
		}
		v := factor.white(b)
		tests = append(tests, newTest(g.name, v.Inner(v), n))
	}
	return tests, nil
}
