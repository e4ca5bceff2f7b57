package mle

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// HauckDonner returns for each coefficient the derivative of its z by itself, times
// its standard error, while the other coefficients follow:
//
//	se·dz/dw = 1 − (w/2)·d(log se²)/dw = 1 + w·D³f[c,c,c]/(2·se⁴)
//
// where f is −log-likelihood and c the column of the covariance, the direction in
// which they do. It is 1 where the log-likelihood is quadratic. Where it is
// negative, as happens when data are nearly separated, a larger effect gives a
// smaller z: the p-value and the interval of Wald are then not to be trusted, and
// likelihood-ratio tests and profile intervals do better.
//
// Source: Hauck and Donner, "Wald's test as applied to hypotheses in logit
// analysis" (JASA 72, 1977). Yee, "On the Hauck–Donner effect in Wald tests" (JASA
// 117, 2022) holds the other coefficients; then the answer depends on the origin
// of their columns.
//
// It is an error where [Estimate.Wald] without Robust is one.
func (f *Estimate) HauckDonner(ctx context.Context) (*mat.Dense, error) {
	if _, err := f.covariances(ctx, ModelBased, 0); err != nil {
		return nil, err
	}
	p, c := f.p, f.p.inverse(f.inner)
	columns, third := make([][]float64, p.size()), make([]tensor.Sum, p.size())
	for j := range columns { // of scaled parameters, for a standard error of 1
		columns[j] = make([]float64, p.size())
		for i := range columns[j] {
			columns[j][i] = c.At(i, j) / math.Sqrt(c.At(j, j))
		}
	}
	b := p.newBlock()
	prob := tensor.Matrix{Cols: p.classes, Stride: p.classes, Data: make([]float64, len(b.z.Data))}
	for from := 0; p.load(b, from); from += b.n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p.linear(b, f.theta.Hi)
		p.respond(b)
		copy(prob.Data, b.z.Data[:b.n*p.classes])
		prob.Rows = b.n
		for j, v := range columns {
			p.linear(b, v)
			for i := range b.n {
				third[j].Add(p.w(b.from+i) * thirdMoment(tensor.Row(prob, i), tensor.Row(b.z, i)))
			}
		}
	}
	rows, terms := f.Coef.Dims()
	slope := mat.NewDense(rows, terms, nil)
	for j := range third {
		z := f.theta.At(j).Float64() / math.Sqrt(c.At(j, j))
		slope.Set(j/terms, j%terms, 1+z/2*third[j].Value())
	}
	return slope, nil
}

// thirdMoment returns the third central moment of u over the classes.
func thirdMoment(p, u []float64) (sum float64) {
	var mean float64
	for k, v := range p {
		mean += v * u[k]
	}
	for k, v := range p {
		d := u[k] - mean
		sum += v * d * d * d
	}
	return sum
}
