package mle

import (
	"context"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// HauckDonner returns for each coefficient the derivative of its z by itself, times
// its standard error:
//
//	se·dz/dw = 1 − (w/2)·d(log se²)/dw
//
// It is 1 where the log-likelihood is quadratic. Where it is negative, as happens
// when data are nearly separated, a larger effect gives a smaller z: the p-value
// and the interval of Wald are then not to be trusted, and likelihood-ratio tests
// and profile intervals do better.
//
// Sources: Hauck and Donner, "Wald's test as applied to hypotheses in logit
// analysis" (JASA 72, 1977); Yee, "On the Hauck–Donner effect in Wald tests"
// (JASA 117, 2022).
//
// It is an error where [Estimate.Wald] without Robust is one.
func (f *Estimate) HauckDonner(ctx context.Context) (*mat.Dense, error) {
	if _, err := f.covariances(ctx, ModelBased, 0); err != nil {
		return nil, err
	}
	p, c := f.p, f.p.inverse(f.inner)
	// In scaled parameters: the columns of the covariance, and the third
	// derivatives of −log-likelihood, twice along a column and once by its own
	// parameter, which are −d se²/dw.
	columns, third := make([][]float64, p.size()), make([]float64, p.size())
	for j := range columns {
		columns[j] = make([]float64, p.size())
		for i := range columns[j] {
			columns[j][i] = c.At(i, j) / p.unscale(i) / p.unscale(j)
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
				moment := thirdMoment(tensor.Row(prob, i), tensor.Row(b.z, i), p.first+j/p.terms)
				third[j] += p.w(b.from+i) * moment * b.x.Data[i*b.x.Stride+j%p.terms]
			}
		}
	}
	rows, terms := f.Coef.Dims()
	slope := mat.NewDense(rows, terms, nil)
	for j, t := range third {
		slope.Set(j/terms, j%terms, 1+f.theta.Hi[j]*t/(2*columns[j][j]))
	}
	return slope, nil
}

// thirdMoment returns E[(u − ū)²(1_k − p_k)] over the classes: the derivative of
// their variance of u by logit k.
func thirdMoment(p, u []float64, k int) float64 {
	var mean, variance float64
	for l, v := range p {
		mean += v * u[l]
	}
	for l, v := range p {
		variance += v * (u[l] - mean) * (u[l] - mean)
	}
	return p[k] * ((u[k]-mean)*(u[k]-mean) - variance)
}
