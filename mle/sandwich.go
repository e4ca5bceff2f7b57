package mle

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Robust is the kind of covariance that standard errors are taken from.
type Robust uint8

const (
	// ModelBased: the inverse of the observed information, right if the model is.
	ModelBased Robust = iota
	// HC0 is the sandwich H⁻¹BH⁻¹ with B = Σ sᵢsᵢᵀ, sᵢ = (pᵢ − yᵢ)⊗xᵢ the score of
	// an observation. It is right for the best approximation by a model that is
	// not, and for class weights. A row of frequency weight c, or a group of c
	// trials, is c observations.
	HC0
	// HC1 is HC0 times n/(n − number of parameters).
	HC1
)

var robustNames = []string{"none", "hc0", "hc1"}

// String returns "none", "hc0" or "hc1".
func (r Robust) String() string { return name(robustNames, int(r), "Robust") }

// ParseRobust returns the kind of a name, as String gives it.
func ParseRobust(s string) (Robust, error) {
	i, err := parse(robustNames, s, "kind of robust standard errors")
	return Robust(i), err
}

// Sandwich returns the robust covariance of the coefficients, in the order of
// [Estimate.Covariance]. It is an error for penalised fits.
//
// Sources: Huber, "The behavior of maximum likelihood estimates under nonstandard
// conditions" (Fifth Berkeley Symposium, 1967); White, "Maximum likelihood
// estimation of misspecified models" (Econometrica 50, 1982).
func (f *Estimate) Sandwich(ctx context.Context, r Robust) (*mat.SymDense, error) {
	if r == ModelBased {
		panic(&tensor.UsageError{Op: "mle.Estimate.Sandwich", Problem: "ModelBased is no sandwich; use Covariance"})
	}
	if err := f.single(); err != nil {
		return nil, err
	}
	if f.Options.Penalty != None {
		return nil, penalised()
	}
	c, err := f.sandwich(ctx, r)
	if err != nil {
		return nil, err
	}
	return f.p.unscaled(c), nil
}

// sandwich is Sandwich for scaled parameters.
func (f *Estimate) sandwich(ctx context.Context, r Robust) (*mat.SymDense, error) {
	p := f.p
	n := p.size()
	factor := 1.0
	if r == HC1 {
		if factor = f.N / (f.N - float64(n)); !(factor > 0) {
			return nil, &Error{Problem: fmt.Sprintf("HC1 divides by n − %d, and n is %g; use HC0", n, f.N)}
		}
	}
	b, err := f.scoreProducts(ctx)
	if err != nil {
		return nil, err
	}
	// The rows of B become those of BH⁻¹, then its columns those of H⁻¹BH⁻¹.
	for i := range n {
		f.inner.solve(b[i*n : (i+1)*n])
	}
	column := make([]float64, n)
	s := mat.NewSymDense(n, nil)
	for j := range n {
		for i := range column {
			column[i] = b[i*n+j]
		}
		f.inner.solve(column)
		for i := range j + 1 {
			s.SetSym(i, j, factor*column[i])
		}
	}
	return s, nil
}

// scoreProducts returns Σ sᵢsᵢᵀ over the observations, for scaled parameters.
func (f *Estimate) scoreProducts(ctx context.Context) ([]float64, error) {
	p, b := f.p, f.p.newBlock()
	n, d := p.size(), p.terms
	sum := make([]float64, n*n)
	for from := 0; p.load(b, from); from += b.n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p.linear(b, f.theta.Hi)
		p.respond(b)
		for k := range p.logits() {
			for l := k; l < p.logits(); l++ {
				for i := range b.n {
					b.weights[i] = p.scoreProduct(b, i, k, l)
				}
				tensor.Gram(b.gram, b.x, b.weights[:b.n])
				for i := range d {
					for j, g := range tensor.Row(b.gram, i) {
						sum[(k*d+i)*n+l*d+j] += g
					}
				}
			}
		}
	}
	for i := range n {
		for j := range i {
			sum[i*n+j] = sum[j*n+i]
		}
	}
	return sum, nil
}

// scoreProduct returns the sum over the observations of row i of a²rₖrₗ, where
// r = p − y and a is the class weight: a single one enters p.w and the
// residuals of b.
func (p *problem) scoreProduct(b *block, i, k, l int) float64 {
	at := b.from + i
	w := p.w(at)
	if w == 0 {
		return 0
	}
	class := func(k int) float64 {
		if p.classWeight == nil {
			return 1
		}
		return p.classWeight[k]
	}
	if p.hits != nil {
		z := tensor.Row(b.z, i)
		return class(1)*p.hits[at]*z[0]*z[0] + class(0)*(w-p.hits[at])*z[1]*z[1]
	}
	r := tensor.Row(b.residual, i)
	return class(p.label[at]) * r[k] / w * r[l]
}
