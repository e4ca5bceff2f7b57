package mle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// sparse finds the optimum of an objective with an L1 penalty. Where it has no
// certificate, and columns are equal, it names them.
func (s *solver) sparse(ctx context.Context, theta []float64) (optimum, error) {
	best, err := s.expand(ctx, theta)
	var uncertified *NotCertifiedError
	if err == nil && !best.certificate.Holds {
		best.certificate.Why += s.ambiguity(ctx)
	} else if errors.As(err, &uncertified) {
		uncertified.Why += s.ambiguity(ctx)
	}
	return best, err
}

// expand finds the optimum of an objective with an L1 penalty, on a working set
// of terms: those with a coefficient, and those whose gradient says that they
// should have one. Only the columns of the working set are copied.
func (s *solver) expand(ctx context.Context, theta []float64) (optimum, error) {
	p := s.p
	terms := p.firstTerms()
	if p.size() > manyParameters {
		var err error
		if theta, err = s.approach(ctx, theta); err != nil {
			return optimum{}, err
		}
		terms = p.termsOf(theta)
	}
	for {
		at := p.parametersOf(terms)
		q := &solver{p: p.keep(terms), o: s.o, iterations: s.iterations, cheap: s.cheap, exact: s.exact}
		q.b = q.p.newBlock()
		best, err := q.sparseOn(ctx, gather(theta, at))
		s.iterations = q.iterations
		if err != nil {
			return optimum{}, err
		}
		best = best.among(at, p.size())
		theta = best.theta.Hi
		more, err := s.violators(ctx, theta, terms)
		if err != nil {
			return optimum{}, err
		}
		if more == nil {
			e, err := s.certifySparse(ctx, theta, best.factor, best.at)
			return optimum{evaluated: e, theta: best.theta, factor: best.factor}, err
		}
		terms = append(terms, more...)
		slices.Sort(terms)
	}
}

// sparseOptimum is the optimum on a working set.
type sparseOptimum struct {
	theta  dd.Vector
	factor *supported
	at     dd.Vector // where the factor is of
}

// among returns the same as parameters at of n.
func (o sparseOptimum) among(at []int, n int) sparseOptimum {
	spread := func(v dd.Vector) dd.Vector {
		all := dd.NewVector(n)
		for i, j := range at {
			all.Set(j, v.At(i))
		}
		return all
	}
	return sparseOptimum{spread(o.theta), on(o.factor.factor, gather(at, o.factor.at), n), spread(o.at)}
}

// workingSet is how many terms a working set begins with, at most.
const workingSet = 100

// firstTerms returns all terms, or the intercept if they are many.
func (p *problem) firstTerms() []int {
	n := p.terms
	if n > workingSet {
		n = p.skip()
	}
	terms := make([]int, n)
	for j := range terms {
		terms[j] = j
	}
	return terms
}

// termsOf returns the intercept, if there is one, and the terms that have a
// coefficient in theta.
func (p *problem) termsOf(theta []float64) (terms []int) {
	for j := range p.terms {
		some := j < p.skip()
		for i := j; i < len(theta); i += p.terms {
			some = some || theta[i] != 0
		}
		if some {
			terms = append(terms, j)
		}
	}
	return terms
}

// violators returns terms that are not in the working set and have a gradient
// above the threshold at theta: those with the largest, at most as many as there
// are in the set.
func (s *solver) violators(ctx context.Context, theta []float64, terms []int) ([]int, error) {
	p := s.p
	if len(terms) == p.terms {
		return nil, nil
	}
	pt, err := p.evaluate(ctx, s.b, theta, nil)
	if err != nil {
		return nil, err
	}
	excess := make([]float64, p.terms)
	thresholds := p.thresholds()
	for i, g := range pt.grad {
		if theta[i] == 0 && !p.isIntercept(i) {
			excess[i%p.terms] = max(excess[i%p.terms], math.Abs(g)/thresholds[i])
		}
	}
	for _, j := range terms {
		excess[j] = 0
	}
	var more []int
	for j, e := range excess {
		if e > 1 {
			more = append(more, j)
		}
	}
	slices.SortStableFunc(more, func(a, b int) int { return cmp.Compare(excess[b], excess[a]) })
	return more[:min(len(more), max(workingSet/2, len(terms)))], nil
}

// sparseOn is expand for the terms of s.p, without the certificate.
func (s *solver) sparseOn(ctx context.Context, theta []float64) (best sparseOptimum, err error) {
	if theta, err = s.proximal(ctx, theta); err != nil {
		return best, err
	}
	n := len(theta)
	s.p.centre(dd.Vector{Hi: theta, Lo: make([]float64, n)})
	support := s.p.support(theta)
	pt, err := s.p.evaluate(ctx, s.b, theta, make([]float64, n*n))
	if err != nil {
		return best, err
	}
	s.p.hold(pt.info, s.p.flat(theta)...)
	inner, ok := choleskyOn(pt.info, n, support, s.gamma())
	if !ok {
		return best, &NotCertifiedError{s.iterations, "the information of the coefficients that are not 0 is singular in float64: there are several optima, or their columns are nearly dependent"}
	}
	best.factor = on(inner, support, n)
	best.at = dd.Vector{Hi: theta, Lo: make([]float64, n)}
	if s.exact.gradient {
		best.theta, err = s.refine(ctx, theta, best.factor)
	} else {
		best.theta = dd.Vector{Hi: slices.Clone(pt.grad), Lo: make([]float64, n)}
		best.factor.solve(best.theta.Hi)
		floats.SubTo(best.theta.Hi, theta, best.theta.Hi)
	}
	if err == nil && s.p.flat(theta) != nil {
		s.p.centre(best.theta)
	}
	for i, v := range theta {
		if !s.p.isIntercept(i) && sign(best.theta.Hi[i]) != sign(v) {
			return best, &NotCertifiedError{s.iterations, nearZero(s.p, i)}
		}
	}
	return best, err
}

func nearZero(p *problem, i int) string {
	return fmt.Sprintf("the coefficient of %q is too near 0 for its sign to be proved", p.names[i%p.terms])
}
