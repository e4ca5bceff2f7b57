package mle

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/surprisal-ml/surprisal/tensor"
)

// kronecker is a factor of a matrix that stands for the information of a problem
// of many parameters, at the price of one Gram matrix:
//
//	M = (I − 11ᵀ/K)⊗G,  G = Σ cᵢvᵢ·xᵢxᵢᵀ + penalty
//
// in the parameters of all K classes, those of a reference class being 0. With
// vᵢ the mean variance of the classes it is a metric for descent; with vᵢ the
// least probability of the row it is below the information, because
// diag(p) − ppᵀ ⪰ min p·(I − 11ᵀ/K), and a certificate by M holds. What adds the
// same to all classes has the curvature of the ridge and the gauge.
type kronecker struct {
	p    *problem
	gram *cholesky // of G
	tile []float64 // scale of the terms, for each class
	mean []float64 // by term: K·curvature of what all classes share; nil with a reference class
	inv  float64
}

// meanVariance returns the mean over the classes of p·(1 − p), by what it is for
// equal probabilities.
func meanVariance(prob []float64) float64 {
	v := 0.0
	for _, p := range prob {
		v += p * (1 - p)
	}
	return v / float64(len(prob)-1)
}

// leastProbability returns that, and for two classes 2·p(1−p), for which M is
// the information itself.
func leastProbability(prob []float64) float64 {
	if len(prob) == 2 {
		return 2 * prob[0] * prob[1]
	}
	return slices.Min(prob)
}

// variances sets v to wᵢ times the function given, one of those above.
func (s *sweep) variances(v []float64, variance func([]float64) float64) {
	for i := range s.n {
		if s.p.classes == 2 {
			v[i] = 2 * s.product[i]
		} else {
			v[i] = variance(tensor.Row(s.z, i))
		}
		v[i] *= s.p.w(s.from + i)
	}
}

// gramRows are enough rows at once to make little of adding up their sums.
const gramRows = 2048

// gram returns Σ vᵢ·xᵢxᵢᵀ.
func (p *problem) gram(ctx context.Context, v []float64) ([]float64, error) {
	s := &sweep{p: p, most: gramRows, gram: newMatrix(p.terms, p.terms), totals: make([]float64, 1)}
	sum := make([]float64, p.terms*p.terms)
	for from := 0; s.load(from); from += s.n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.product = v[from:]
		s.weigh()
		floats.Add(sum, s.gram.Data)
	}
	return sum, nil
}

// newKronecker returns the factor of the Gram matrix with variances v.
func (s *solver) newKronecker(ctx context.Context, v []float64) (*kronecker, error) {
	p, d := s.p, s.p.terms
	gram, err := p.gram(ctx, v)
	if err != nil {
		return nil, err
	}
	floats.Scale(p.c, gram)
	for j := p.skip(); j < d; j++ {
		u := p.unscale(j)
		gram[j*d+j] += p.penalty.ridge * u * u
	}
	c, ok := newCholesky(gram, d, float64(gramRows+p.rows()/gramRows+6)*roundoff)
	if !ok {
		return nil, s.singular("the Gram matrix of the columns is singular in float64")
	}
	f := &kronecker{p: p, gram: c, inv: c.inv}
	for range p.logits() {
		f.tile = append(f.tile, c.s...)
	}
	if p.first == 1 {
		f.inv *= float64(p.classes)
		return f, nil
	}
	f.mean = make([]float64, d)
	for j := range f.mean {
		if j < p.gauged() {
			f.mean[j] = p.gauge(j) * float64(p.classes)
		}
		if j >= p.skip() {
			u := p.unscale(j)
			f.mean[j] += p.penalty.ridge * u * u
		}
		f.inv = max(f.inv, c.s[j]*c.s[j]/f.mean[j])
	}
	return f, nil
}

func (f *kronecker) rows(g []float64, do func(row []float64)) {
	for k := range f.p.logits() {
		do(g[k*f.p.terms : (k+1)*f.p.terms])
	}
}

// share returns Σₖ gₖ/divisor.
func (f *kronecker) share(g []float64, divisor float64) []float64 {
	sum := make([]float64, f.p.terms)
	f.rows(g, func(row []float64) { floats.Add(sum, row) })
	floats.Scale(1/divisor, sum)
	return sum
}

// solve uses that the inverse of I − 11ᵀ/K, in the parameters of K−1 classes, is
// I + 11ᵀ.
func (f *kronecker) solve(g []float64) {
	if f.mean == nil {
		sum := f.share(g, 1)
		f.rows(g, func(row []float64) {
			floats.Add(row, sum)
			f.gram.solve(row)
		})
		return
	}
	mean := f.share(g, float64(f.p.classes))
	f.rows(g, func(row []float64) {
		floats.Sub(row, mean)
		f.gram.solve(row)
		for j, v := range mean {
			row[j] += v / f.mean[j]
		}
	})
}

// whiten uses that (I + 11ᵀ)^½ = I + b·11ᵀ with b = (√K − 1)/(K − 1). With all
// classes, what they share is orthogonal to the rest.
func (f *kronecker) whiten(g []float64) {
	k := float64(f.p.classes)
	if f.mean == nil {
		f.rows(g, f.gram.whiten)
		sum := f.share(g, (k-1)/(math.Sqrt(k)-1))
		f.rows(g, func(row []float64) { floats.Add(row, sum) })
		return
	}
	mean := f.share(g, k)
	f.rows(g, func(row []float64) {
		floats.Sub(row, mean)
		f.gram.whiten(row)
		for j, v := range mean {
			row[j] += v / math.Sqrt(f.mean[j])
		}
	})
}

func (f *kronecker) scale() []float64     { return f.tile }
func (f *kronecker) inverseNorm() float64 { return f.inv }
func (f *kronecker) rounding() float64    { return f.gram.rounding() }

// precondition returns the metric of a descent from theta.
func (s *solver) precondition(ctx context.Context, theta []float64) (point, *kronecker, error) {
	pt, err := s.p.pass(ctx, s.b, theta, ask{variance: meanVariance})
	if err != nil {
		return pt, nil, err
	}
	f, err := s.newKronecker(ctx, pt.variance)
	return pt, f, err
}
