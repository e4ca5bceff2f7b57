package optim

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/tensor"
)

// SGD is stochastic gradient descent, with heavy-ball or Nesterov momentum
// (torch.optim.SGD). With g the gradient and b the "momentum_buffer":
//
//	g     ← g + WeightDecay θ
//	b     ← Momentum b + (1-Dampening) g         (b ← g at its first step)
//	g     ← g + Momentum b  if Nesterov, else b  (both only with momentum)
//	θ     ← θ - LR g
//
// Nesterov needs a momentum and no dampening. The learning rate is outside of
// b, so a change of it acts at once (Sutskever et al. 2013, On the importance of
// initialization and momentum in deep learning, has it inside).
//
// The buffer comes to life at the first step with momentum: one that a schedule
// switches on for an SGD without momentum works as in PyTorch.
type SGD struct {
	LR          float64 // learning rate; zero means 0.001
	Momentum    float64
	Dampening   float64
	WeightDecay float64 // L2 penalty: WeightDecay/2 Σ θ² is added to the loss
	Nesterov    bool
}

// Name implements [Method].
func (SGD) Name() string { return "SGD" }

// Base implements [Method].
func (o SGD) Base() Rates { return Rates{LR: option(o.LR, 1e-3), Momentum: o.Momentum} }

// Validate implements [Method].
func (o SGD) Validate() error {
	if o.Nesterov && (o.Momentum == 0 || o.Dampening != 0) {
		return fmt.Errorf("optim.SGD: Nesterov needs a Momentum above 0 and a Dampening of 0, not %v and %v",
			o.Momentum, o.Dampening)
	}
	return first(
		atLeastZero("SGD", "LR", o.LR),
		atLeastZero("SGD", "Momentum", o.Momentum),
		atLeastZero("SGD", "Dampening", o.Dampening),
		atLeastZero("SGD", "WeightDecay", o.WeightDecay),
	)
}

// Init implements [Method].
func (SGD) Init(int) State { return State{Moments: []Moment{{Name: "momentum_buffer"}}} }

// Update implements [Method].
func (o SGD) Update(theta, grad []float64, s *State, r Rates) {
	begin("optim.SGD", theta, grad, s)
	if r.Momentum == 0 {
		tensor.SGDStep(theta, grad, r.LR, o.WeightDecay)
		return
	}
	b, add := &s.Moments[0].Values, 1-o.Dampening
	if len(*b) == 0 {
		*b, add = make([]float64, len(theta)), 1
	}
	tensor.MomentumStep(theta, *b, grad, tensor.MomentumRates{
		Rate: r.LR, Decay: o.WeightDecay, Keep: r.Momentum, Add: add, Nesterov: o.Nesterov,
	})
}
