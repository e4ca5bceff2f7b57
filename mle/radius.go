package mle

import (
	"context"
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// R² is the largest ‖a‖² in the metric of H⁻¹ over the directions a that change
// a difference of two logits of a row: a = (e_k − e_l)⊗x. Each function here
// also counts the pseudo-rows of the log-F penalty, whose logits are single
// coefficients.

// cheapRadius returns a bound on R from the norm of the inverse of the scaled
// information: R² ≤ max ‖S⁻¹a‖²·‖(LLᵀ)⁻¹‖.
func (s *solver) cheapRadius(ctx context.Context, f factor) (float64, error) {
	p := s.p
	scale := f.scale()
	largest, norms := 0.0, make([]float64, p.logits(), p.classes)
	for from := 0; p.load(s.b, from); from += s.b.n {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		for i := range s.b.n {
			if p.w(s.b.from+i) == 0 {
				continue
			}
			for k := range norms {
				norms[k] = 0
				for j, x := range tensor.Row(s.b.x, i) {
					v := x / scale[k*p.terms+j]
					norms[k] += v * v
				}
			}
			largest = max(largest, twoLargest(norms))
		}
	}
	if p.penalty.logF {
		p.coefficients(func(i int, u float64) { largest = max(largest, u*u/scale[i]/scale[i]) })
	}
	return math.Sqrt(largest * f.inverseNorm()), nil
}

func twoLargest(x []float64) float64 {
	var a, b float64
	for _, v := range x {
		if v > a {
			a, b = v, a
		} else {
			b = max(b, v)
		}
	}
	return a + b
}

// exactRadius returns R by a triangular solve for each row and pair of classes.
func (s *solver) exactRadius(ctx context.Context, f factor) (float64, error) {
	p, d := s.p, s.p.terms
	a, largest := make([]float64, p.size()), 0.0
	white := func() {
		f.whiten(a)
		largest = max(largest, norm(a))
	}
	for from := 0; p.load(s.b, from); from += s.b.n {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		for i := range s.b.n {
			if p.w(s.b.from+i) == 0 {
				continue
			}
			x := tensor.Row(s.b.x, i)
			for k := range p.classes {
				for l := k + 1; l < p.classes; l++ {
					clear(a)
					if k >= p.first {
						copy(a[(k-p.first)*d:], x)
					}
					for j, v := range x {
						a[(l-p.first)*d+j] = -v
					}
					white()
				}
			}
		}
	}
	if p.penalty.logF {
		p.coefficients(func(i int, u float64) {
			clear(a)
			a[i] = u
			white()
		})
	}
	return largest, nil
}

// radiusWork estimates the multiplications of exactRadius.
func (p *problem) radiusWork() float64 {
	pairs, size := float64(p.classes*(p.classes-1))/2, float64(p.size())
	return float64(p.rows()) * pairs * size * size / 2
}

// spread returns S(v), the largest difference that adding v to the parameters
// makes between two logits of a row.
func (s *solver) spread(ctx context.Context, v []float64) (largest float64, err error) {
	if s.b.sweep == nil {
		s.b.sweep = s.p.newSweep()
	}
	w := s.b.sweep
	for from := 0; w.load(from); from += w.n {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		largest = max(largest, w.spread(v, w.n))
	}
	return max(largest, s.p.pseudoSpread(v)), nil
}

// pseudoSpread is what the pseudo-rows of the penalty contribute to S(v).
func (p *problem) pseudoSpread(v []float64) (largest float64) {
	if p.penalty.logF {
		p.coefficients(func(i int, u float64) { largest = max(largest, math.Abs(v[i]*u)) })
	}
	return largest
}
