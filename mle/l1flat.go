package mle

import (
	"slices"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// flat returns the terms along which an L1 penalty leaves the optimum free:
// where every class has a logit and half of the coefficients of a term are
// positive and the others negative, adding the same small number to all of them
// changes neither a probability nor the sum of their magnitudes.
//
// Of the optima that are alike a fit returns that whose coefficients have the
// median 0, the middle of the interval. Factors of the information have the gauge
// of [penalty] added there, value and gradient have not: of the optima, that holds
// the one with the sum of the point itself, and leaves what a certificate says of
// the objective as it is.
func (p *problem) flat(theta []float64) (terms []int) {
	if p.first == 1 || p.penalty.lasso == 0 || p.penalty.ridge > 0 {
		return nil
	}
	for j := p.skip(); j < p.terms; j++ {
		sum, all := 0.0, true
		for i := j; i < len(theta); i += p.terms {
			sum += sign(theta[i])
			all = all && theta[i] != 0
		}
		if all && sum == 0 {
			terms = append(terms, j)
		}
	}
	return terms
}

// hold adds the gauge of terms to the second derivatives info, size×size.
func (p *problem) hold(info []float64, terms ...int) {
	n := p.size()
	for _, j := range terms {
		strength := p.gauge(j)
		for i := j; i < n; i += p.terms {
			for l := j; l < n; l += p.terms {
				info[i*n+l] += strength
			}
		}
	}
}

// holdExactly is hold in double-double, for the upper triangle.
func (p *problem) holdExactly(info dd.Vector, j int) {
	n, strength := p.size(), dd.New(p.gauge(j))
	for i := j; i < n; i += p.terms {
		for l := i; l < n; l += p.terms {
			info.Add(i*n+l, strength)
		}
	}
}

// centre subtracts from the coefficients of each term their median, where that
// lowers the L1 penalty or leaves it as it is and changes no probability.
func (p *problem) centre(theta dd.Vector) {
	if p.first == 1 || p.penalty.lasso == 0 || p.penalty.ridge > 0 {
		return
	}
	order := make([]dd.Float, p.logits())
	for j := p.skip(); j < p.terms; j++ {
		for k := range order {
			order[k] = theta.At(k*p.terms + j)
		}
		slices.SortFunc(order, func(a, b dd.Float) int { return int(sign(a.Sub(b).Float64())) })
		half := len(order) / 2
		median := order[half]
		if len(order)%2 == 0 {
			median = median.Add(order[half-1]).Scale(0.5)
		}
		if median == (dd.Float{}) {
			continue
		}
		for k := range order {
			theta.Set(k*p.terms+j, theta.At(k*p.terms+j).Sub(median))
		}
	}
}
