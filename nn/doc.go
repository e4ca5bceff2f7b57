// Package nn builds models from layers: [Linear], [Activation] and [Dropout],
// composed by [Sequential], and [MLP], the multilayer perceptron.
//
// A network with no hidden layer is logistic regression, and minimising its
// cross-entropy is maximum likelihood: NewMLP(in, nil, 1, nil, nil) is all that
// takes.
//
// A [Module] is plain data: Forward records it on the tape of its input, Params
// lists its parameters, always in the same order and with stable names. It holds
// no gradient and no mode; those are the tape's, so that several goroutines may
// use one model. Weights lie in×out in memory, so that a batch of rows is
// multiplied from the right; [Save] and [StateDict] have them out×in, as
// PyTorch has.
//
// Everything random comes from a rand.Source of the caller ([XavierUniform],
// [KaimingNormal] and so on) or from the counters of the tape ([Dropout]).
package nn
