package optim

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Adam scales each parameter's step by running moments of its gradient
// (torch.optim.Adam; Kingma and Ba 2015, Adam: a method for stochastic
// optimization). At step t, counted from 1, with m "exp_avg" and v "exp_avg_sq":
//
//	g ← g + WeightDecay θ
//	m ← Beta1 m + (1-Beta1) g
//	v ← Beta2 v + (1-Beta2) g²
//	θ ← θ - LR/(1-Beta1^t) m / (√v/√(1-Beta2^t) + Eps)
//
// With AMSGrad, v in the last line is replaced by the largest v so far,
// "max_exp_avg_sq" (Reddi, Kale and Kumar 2018, On the convergence of Adam and
// beyond). A schedule's momentum is Beta1, in both places.
type Adam struct {
	LR          float64 // learning rate; zero means 0.001
	Beta1       float64 // zero means 0.9
	Beta2       float64 // zero means 0.999
	Eps         float64 // zero means 1e-8
	WeightDecay float64 // L2 penalty, through the moments; see AdamW
	AMSGrad     bool
}

// AdamW is [Adam] with decoupled weight decay, which does not pass through the
// moments (torch.optim.AdamW; Loshchilov and Hutter 2019, Decoupled weight decay
// regularization):
//
//	θ ← (1 - LR WeightDecay) θ, then Adam's step without weight decay.
type AdamW struct {
	LR          float64 // learning rate; zero means 0.001
	Beta1       float64 // zero means 0.9
	Beta2       float64 // zero means 0.999
	Eps         float64 // zero means 1e-8
	WeightDecay float64 // zero means 0.01
	AMSGrad     bool
}

// Name implements [Method].
func (Adam) Name() string { return "Adam" }

// Name implements [Method].
func (AdamW) Name() string { return "AdamW" }

// Base implements [Method].
func (o Adam) Base() Rates { return Rates{LR: option(o.LR, 1e-3), Momentum: option(o.Beta1, 0.9)} }

// Base implements [Method].
func (o AdamW) Base() Rates { return Adam(o).Base() }

// Validate implements [Method].
func (o Adam) Validate() error { return o.validate("Adam") }

// Validate implements [Method].
func (o AdamW) Validate() error { return Adam(o).validate("AdamW") }

func (o Adam) validate(name string) error {
	return first(
		atLeastZero(name, "LR", o.LR),
		belowOne(name, "Beta1", o.Beta1),
		belowOne(name, "Beta2", o.Beta2),
		atLeastZero(name, "Eps", o.Eps),
		atLeastZero(name, "WeightDecay", o.WeightDecay),
	)
}

// Init implements [Method].
func (o Adam) Init(n int) State {
	if o.AMSGrad {
		return newState(n, "exp_avg", "exp_avg_sq", "max_exp_avg_sq")
	}
	return newState(n, "exp_avg", "exp_avg_sq")
}

// Init implements [Method].
func (o AdamW) Init(n int) State { return Adam(o).Init(n) }

// Update implements [Method].
func (o Adam) Update(theta, grad []float64, s *State, r Rates) {
	begin("optim.Adam", theta, grad, s)
	o.update(theta, grad, s, r, 1, o.WeightDecay)
}

// Update implements [Method].
func (o AdamW) Update(theta, grad []float64, s *State, r Rates) {
	begin("optim.AdamW", theta, grad, s)
	Adam(o).update(theta, grad, s, r, 1-r.LR*option(o.WeightDecay, 0.01), 0)
}

// update is the step both rules share: shrink multiplies the parameters, l2
// adds them to the gradient.
func (o Adam) update(theta, grad []float64, s *State, r Rates, shrink, l2 float64) {
	var (
		beta1, beta2 = r.Momentum, option(o.Beta2, 0.999)
		t            = float64(s.Step)
		largest      []float64
	)
	if o.AMSGrad {
		largest = s.Moments[2].Values
	}
	tensor.AdamStep(theta, s.Moments[0].Values, s.Moments[1].Values, largest, grad, tensor.AdamRates{
		Shrink: shrink, Decay: l2,
		KeepMean: beta1, AddMean: 1 - beta1,
		KeepSquare: beta2, AddSquare: 1 - beta2,
		Rate:    r.LR / (1 - math.Pow(beta1, t)),
		Unbias:  1 / math.Sqrt(1-math.Pow(beta2, t)),
		Epsilon: option(o.Eps, 1e-8),
	})
}
