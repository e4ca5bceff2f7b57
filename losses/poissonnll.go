package losses

import (
	"math"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// PoissonNLL is the negative log-likelihood of counts t with Poisson rates λ,
// without log t!:
//
//	λ − t·log λ
//
// in nats, element by element. The input x is log λ, the loss eˣ − t·x, unless
// Rate is set: then x is λ, the loss x − t·log(x + ε). Full adds Stirling's
// approximation t·log t − t + ½·log 2πt of log t! where t > 1. Minimised over a
// linear x it is log-linear (Poisson) regression.
//
// Mean divides by the number of elements. Compare
// https://pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html, where
// Rate is log_input=False.
type PoissonNLL struct {
	Rate      bool    // the input is λ instead of log λ
	Full      bool    // with Stirling's approximation of log t!
	Eps       float64 // ε, keeps log λ finite with Rate; 0 means 1e-8
	Reduction Reduction
}

// Loss returns the loss of the input x with counts t, both n×K: n×K without
// reduction, otherwise 1×1. It has derivatives with respect to both. It panics
// if the shapes differ.
func (l PoissonNLL) Loss(x, t autograd.Var) autograd.Var {
	const name = "PoissonNLL"
	checkReduction(name, l.Reduction, None)
	if !(l.Eps >= 0) {
		panic(misuse(name, "eps is %v", l.Eps))
	}
	s := settings{reduction: l.Reduction}
	if !l.Rate {
		return record(name, poissonLog{l.Full}, s, x, t)
	}
	k := poissonRate{l.Full, l.Eps}
	if k.eps == 0 {
		k.eps = 1e-8
	}
	return record(name, k, s, x, t)
}

// poissonLog takes x = log λ.
type poissonLog struct{ full bool }

func (k poissonLog) loss(l []float64, d, in block) {
	tensor.Exp(l, in.x) // λ
	if d.x != nil {
		for j, rate := range l {
			d.x[j] = rate - in.t[j]
		}
	}
	for j, x := range in.x {
		if t := in.t[j]; t != 0 { // 0·∞ is 0 here
			l[j] = math.FMA(-t, x, l[j])
		}
		set(d.t, j, -x)
	}
	if k.full {
		addStirling(l, d.t, in.t)
	}
}

func (k poissonLog) curvature(h second, in block) {
	if h.xx != nil {
		tensor.Exp(h.xx, in.x)
	}
	fill(h.xt, -1)
	stirlingCurvature(h.tt, in.t, k.full)
}

// poissonRate takes x = λ.
type poissonRate struct {
	full bool
	eps  float64
}

func (k poissonRate) loss(l []float64, d, in block) {
	for j, x := range in.x {
		t, log := in.t[j], math.Log(x+k.eps)
		if l[j] = x; t != 0 {
			l[j] = math.FMA(-t, log, x)
		}
		if d.x != nil {
			d.x[j] = 1 - t/(x+k.eps)
		}
		set(d.t, j, -log)
	}
	if k.full {
		addStirling(l, d.t, in.t)
	}
}

func (k poissonRate) curvature(h second, in block) {
	for j, x := range in.x {
		r := 1 / (x + k.eps)
		set(h.xx, j, in.t[j]*r*r)
		set(h.xt, j, -r)
	}
	stirlingCurvature(h.tt, in.t, k.full)
}

// addStirling adds t·log t − t + ½·log 2πt where t > 1 to l, and its derivative
// to dt unless that is nil.
func addStirling(l, dt, t []float64) {
	for j, v := range t {
		if v > 1 {
			log := math.Log(v)
			l[j] += v*log - v + (log/2 + halfLog2Pi)
			if dt != nil {
				dt[j] += log + 0.5/v
			}
		}
	}
}

func stirlingCurvature(tt, t []float64, full bool) {
	clear(tt)
	for j := range tt {
		if v := t[j]; full && v > 1 {
			tt[j] = 1/v - 0.5/(v*v)
		}
	}
}
