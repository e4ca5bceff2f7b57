package nn

import (
	"math/rand/v2"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
)

// Linear is a layer f(x·W + b), with the activation fused into it.
type Linear struct {
	Weight     *autograd.Param // in×out; files hold it out×in, as PyTorch does
	Bias       *autograd.Param // 1×out
	Activation activation.Func // nil: the identity
}

// NewLinear returns a layer whose weights are drawn from src to suit its
// activation: by [XavierUniform] for the identity, sigmoid and tanh, which are
// linear around 0, and by [KaimingUniform] for all others, with the [Gain] of
// the activation. The biases are 0; if src is nil, the weights are too.
func NewLinear(in, out int, f activation.Func, src rand.Source) *Linear {
	l := &Linear{autograd.NewParam("weight", in, out), autograd.NewParam("bias", 1, out), f}
	l.Bias.Role = autograd.Bias
	if src == nil {
		return l
	}
	switch f.(type) {
	case nil, activation.Sigmoid, activation.Tanh:
		XavierUniform(l.Weight, Gain(f), src)
	default:
		KaimingUniform(l.Weight, Gain(f), src)
	}
	return l
}

// Forward returns f(x·W + b).
func (l *Linear) Forward(x autograd.Var) autograd.Var {
	t := x.Tape()
	return autograd.Linear(x, t.Param(l.Weight), t.Param(l.Bias), l.Activation)
}

// Params returns the weight and the bias.
func (l *Linear) Params() []*autograd.Param { return []*autograd.Param{l.Weight, l.Bias} }
