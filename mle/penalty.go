package mle

import (
	"math"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// penalty is a convex function of the parameters that is added to the negative
// log-likelihood: a sum over the coefficients w that are not intercepts, of
// ridge·w²/2, lasso·|w| and, if logF, of log(2·cosh(w/2)). All is smooth where no
// coefficient is 0; derivatives of |w| at 0 are taken to be 0.
//
// Where every class has a logit, adding the same to all of them changes no
// probability. gauge·Σⱼ(Σₖθₖⱼ)²/(2K) takes that freedom: it is 0 at the optimum,
// whose coefficients add to 0 over the classes. With log-F and
// lasso only the intercepts are free. A weak gauge keeps what rounding adds to it out of the certificate.
type penalty struct {
	ridge float64
	lasso float64
	logF  bool
	gauge float64
}

// coefficients calls do for every parameter that is penalised for itself, with
// its index and the factor that makes a coefficient of it.
func (p *problem) coefficients(do func(i int, unscale float64)) {
	for i := range p.size() {
		if !(p.intercept && i%p.terms == 0) {
			do(i, p.unscale(i))
		}
	}
}

// gauged returns the number of terms whose sums over classes are held at 0.
func (p *problem) gauged() int {
	switch {
	case p.penalty.gauge == 0:
		return 0
	case p.penalty.logF || p.penalty.lasso > 0:
		return p.skip()
	}
	return p.terms
}

// gauge returns the factor of (Σₖθₖⱼ)²/2 in the objective.
func (p *problem) gauge(j int) float64 {
	return p.penalty.gauge / float64(p.logits()) / p.unit[j] / p.unit[j]
}

// classSum returns Σₖθₖⱼ.
func (p *problem) classSum(theta []float64, j int) (sum float64) {
	for i := j; i < len(theta); i += p.terms {
		sum += theta[i]
	}
	return sum
}

// penalise adds the gradient of the penalty to grad and its second derivatives
// to info (size×size, both triangles), where they are not nil, and returns its
// value.
func (p *problem) penalise(theta, grad, info []float64) (value float64) {
	n := p.size()
	add := func(i int, slope, curvature float64) {
		if grad != nil {
			grad[i] += slope
		}
		if info != nil {
			info[i*n+i] += curvature
		}
	}
	if q := p.penalty.ridge; q > 0 {
		p.coefficients(func(i int, s float64) {
			w := theta[i] * s
			value += q / 2 * w * w
			add(i, q*w*s, q*s*s)
		})
	}
	if l := p.penalty.lasso; l > 0 {
		p.coefficients(func(i int, s float64) {
			value += l * math.Abs(theta[i]*s)
			add(i, l*s*sign(theta[i]), 0)
		})
	}
	if p.penalty.logF {
		p.coefficients(func(i int, s float64) {
			w := theta[i] * s
			e := math.Exp(-math.Abs(w))
			value += math.Abs(w)/2 + math.Log1p(e)
			add(i, s*math.Tanh(w/2)/2, s*s*e/((1+e)*(1+e)))
		})
	}
	for j := range p.gauged() {
		strength, sum := p.gauge(j), p.classSum(theta, j)
		value += strength / 2 * sum * sum
		for i := j; i < n; i += p.terms {
			add(i, strength*sum, 0)
			if info != nil {
				for l := j; l < n; l += p.terms {
					info[i*n+l] += strength
				}
			}
		}
	}
	return value
}

// penaltyCurvature adds to hv the second derivatives of the penalty at theta, by
// v.
func (p *problem) penaltyCurvature(theta, v, hv []float64) {
	p.coefficients(func(i int, s float64) {
		hv[i] += p.penalty.ridge * s * s * v[i]
		if p.penalty.logF {
			e := math.Exp(-math.Abs(theta[i] * s))
			hv[i] += s * s * e / ((1 + e) * (1 + e)) * v[i]
		}
	})
	for j := range p.gauged() {
		sum := p.gauge(j) * p.classSum(v, j)
		for i := j; i < len(v); i += p.terms {
			hv[i] += sum
		}
	}
}

// penaliseExactly is penalise in double-double; info has the upper triangle,
// and may be empty.
func (p *problem) penaliseExactly(theta, grad, info dd.Vector) (value dd.Float) {
	if p.penalty == (penalty{}) {
		return value
	}
	n := p.size()
	p.coefficients(func(i int, s float64) {
		w := theta.At(i).Scale(s)
		var slope, curvature dd.Float
		if q := p.penalty.ridge; q > 0 {
			value = value.Add(w.Mul(w).MulFloat(q).Scale(0.5))
			slope, curvature = w.MulFloat(q), dd.New(q)
		}
		if l := p.penalty.lasso; l > 0 {
			value = value.Add(w.Abs().MulFloat(l))
			slope = slope.AddFloat(l * sign(w.Hi))
		}
		if p.penalty.logF {
			one, other := dd.Logistic(w)
			value = value.Add(dd.Softplus(w).Sub(w.Scale(0.5)))
			slope = slope.Add(one.AddFloat(-0.5))
			curvature = curvature.Add(one.Mul(other))
		}
		grad.Add(i, slope.Scale(s))
		if info.Len() > 0 {
			info.Add(i*n+i, curvature.Scale(s*s))
		}
	})
	for j := range p.gauged() {
		strength := dd.New(p.gauge(j))
		var sum dd.Float
		for i := j; i < n; i += p.terms {
			sum = sum.Add(theta.At(i))
		}
		value = value.Add(strength.Mul(sum).Mul(sum).Scale(0.5))
		for i := j; i < n; i += p.terms {
			grad.Add(i, strength.Mul(sum))
			if info.Len() > 0 {
				for l := i; l < n; l += p.terms {
					info.Add(i*n+l, strength)
				}
			}
		}
	}
	if info.Len() > 0 {
		for _, j := range p.flat(theta.Hi) {
			p.holdExactly(info, j)
		}
	}
	return value
}
