package mle

import (
	"context"
	"errors"
	"math"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// sample returns the problem of about m rows of p, one drawn from each of m
// groups of neighbours, with the likelihood weighted so that its objective
// estimates that of p; nil if the rows have no weight.
func (p *problem) sample(m int) *problem {
	q := *p
	src := random.New(1, 1)
	picked := make([]int, m)
	for i := range picked {
		from, to := i*p.rows()/m, (i+1)*p.rows()/m
		picked[i] = from + int(src.Float64()*float64(to-from))
	}
	q.x = newMatrix(m, p.x.Cols)
	for i, row := range picked {
		copy(tensor.Row(q.x, i), tensor.Row(p.x, row))
	}
	q.label, q.hits, q.weight = gather(p.label, picked), gather(p.hits, picked), gather(p.weight, picked)
	q.total = float64(m)
	if q.weight != nil {
		q.total = 0
		for _, w := range q.weight {
			q.total += w
		}
	}
	if !(q.total > 0) {
		return nil
	}
	q.c *= p.total / q.total
	return &q
}

// gather returns the elements of x with the indices given; nil of nil.
func gather[T any](x []T, indices []int) []T {
	if x == nil {
		return nil
	}
	y := make([]T, len(indices))
	for i, j := range indices {
		y[i] = x[j]
	}
	return y
}

// sampleShare: of so many rows one is in the sample that a fit starts from.
const sampleShare = 12

// sampleError estimates the relative error of the information of a sample.
func (p *problem) sampleError() float64 {
	return math.Sqrt(2 * float64(p.terms) * sampleShare / float64(p.rows()))
}

// head starts a fit of many rows from the optimum of a sample of them, whose
// information also is a metric to begin with. Where the sample is too small for
// an optimum of its own, it returns theta and no factor.
func (s *solver) head(ctx context.Context, theta []float64) ([]float64, factor, error) {
	const enough = 25 // rows a parameter
	m := s.p.rows() / sampleShare
	if m < enough*s.p.size() {
		return theta, nil, nil
	}
	q := s.p.sample(m)
	if q == nil {
		return theta, nil, nil
	}
	t := newSolver(q, &Options{MaxIterations: 15, Penalty: s.o.Penalty})
	t.exact = exactness{}
	pt, f, _, err := t.newton(ctx, theta, 0.1)
	var uncertified *NotCertifiedError
	if errors.As(err, &uncertified) {
		return theta, nil, nil
	}
	return pt.theta, f, err
}
