package optim

import "math"

// Adagrad divides the gradient by the root of the sum of its squares so far
// (torch.optim.Adagrad; Duchi, Hazan and Singer 2011, Adaptive subgradient
// methods for online learning and stochastic optimization). At step t, counted
// from 1, with s "sum", which begins at InitialAccumulator:
//
//	g ← g + WeightDecay θ
//	s ← s + g²
//	θ ← θ - LR/(1+(t-1) LRDecay) g / (√s + Eps)
//
// It has no momentum; that of a schedule is ignored.
type Adagrad struct {
	LR                 float64 // learning rate; zero means 0.01
	LRDecay            float64
	WeightDecay        float64 // L2 penalty
	InitialAccumulator float64 // initial_accumulator_value
	Eps                float64 // zero means 1e-10
}

// Name implements [Method].
func (Adagrad) Name() string { return "Adagrad" }

// Base implements [Method].
func (o Adagrad) Base() Rates { return Rates{LR: option(o.LR, 1e-2)} }

// Validate implements [Method].
func (o Adagrad) Validate() error {
	return first(
		atLeastZero("Adagrad", "LR", o.LR),
		atLeastZero("Adagrad", "LRDecay", o.LRDecay),
		atLeastZero("Adagrad", "WeightDecay", o.WeightDecay),
		atLeastZero("Adagrad", "InitialAccumulator", o.InitialAccumulator),
		atLeastZero("Adagrad", "Eps", o.Eps),
	)
}

// Init implements [Method].
func (o Adagrad) Init(n int) State {
	s := newState(n, "sum")
	sum := s.Moments[0].Values
	for i := range sum {
		sum[i] = o.InitialAccumulator
	}
	return s
}

// Update implements [Method].
func (o Adagrad) Update(theta, grad []float64, s *State, r Rates) {
	begin("optim.Adagrad", theta, grad, s)
	var (
		lr  = r.LR / (1 + float64(s.Step-1)*o.LRDecay)
		eps = option(o.Eps, 1e-10)
		sum = s.Moments[0].Values
	)
	for i, g := range grad {
		g += o.WeightDecay * theta[i]
		sum[i] += g * g
		theta[i] -= lr * g / (math.Sqrt(sum[i]) + eps)
	}
}
