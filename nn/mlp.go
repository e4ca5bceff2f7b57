package nn

import (
	"fmt"
	"math/rand/v2"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// MLP is a multilayer perceptron: hidden layers f(x·W + b), then an output
// layer without activation, whose results are logits.
//
// Without hidden layers it is a linear model: with [losses.BCEWithLogits] and
// one output it is logistic regression, with [losses.CrossEntropy]
// multinomial logistic regression.
type MLP struct {
	Layers []*Linear
	// Dropout is the probability with which a value of a hidden layer is
	// dropped while training: see [autograd.Dropout].
	Dropout float64

	stream uint64 // of the first hidden layer's dropout
}

// NewMLP returns a network from in features over the given hidden layers to
// out logits. Weights are drawn from src in the order of the layers, as
// [NewLinear] does for the activation f; biases start at zero. A model without
// hidden layers needs no randomness: it starts at zero, at equal probabilities,
// and src may be nil. With hidden layers a nil src gives zero weights, for
// [Load] to fill in: gradient descent does not get away from them. Parameters
// are named "layers.0.weight", "layers.0.bias" and so on. It panics if there
// are hidden layers without an activation, which would be a linear model in
// disguise.
func NewMLP(in int, hidden []int, out int, f activation.Func, src rand.Source) *MLP {
	if len(hidden) > 0 && f == nil {
		panic(&tensor.UsageError{Op: "nn.NewMLP", Problem: "hidden layers need an activation"})
	}
	m := &MLP{}
	for _, width := range hidden {
		m.Layers = append(m.Layers, NewLinear(in, width, f, src))
		in = width
	}
	if len(hidden) == 0 {
		src = nil
	}
	m.Layers = append(m.Layers, NewLinear(in, out, nil, src))
	for i, l := range m.Layers {
		for _, p := range l.Params() {
			p.Name = fmt.Sprintf("layers.%d.%s", i, p.Name)
		}
	}
	autograd.NewParams(m.Params()...)
	return m
}

// Forward returns the logits of the rows of x.
func (m *MLP) Forward(x autograd.Var) autograd.Var {
	for i, l := range m.Layers {
		if i > 0 {
			x = autograd.Dropout(x, m.Dropout, m.stream+uint64(i-1))
		}
		x = l.Forward(x)
	}
	return x
}

// Params returns weight and bias of each layer in turn.
func (m *MLP) Params() []*autograd.Param {
	var ps []*autograd.Param
	for _, l := range m.Layers {
		ps = append(ps, l.Params()...)
	}
	return ps
}

func (m *MLP) numberStreams(next uint64) uint64 {
	m.stream = next
	return next + uint64(len(m.Layers)-1)
}
