// Package autograd is a reverse-mode automatic differentiation engine over
// gonum's matrices: it records the operations of a pass on a [Tape] and gives
// exact gradients, Hessian-vector products and Hessians of the result.
//
//	w := autograd.NewParam("w", 3, 1)
//	tape := autograd.NewTape(autograd.Train)
//	for … {
//		tape.Reset()
//		loss := autograd.Mean(autograd.Square(autograd.MatMul(tape.Const(x), tape.Param(w))))
//		tape.Backward(loss)
//		… tape.Grad(w) …
//	}
//
// # Values
//
// A [Var] is a matrix on a tape: data ([Tape.Const]), a parameter
// ([Tape.Param]) or a result. Operations are functions, from [MatMul] and
// [Linear] over the elementwise [Add], [Mul], [Sigmoid], [Exp] to [Softmax] and
// [Sum]; package losses has the objectives. A Var is valid until its tape's next
// Reset, which keeps all memory: a loop that records the same operations again
// allocates nothing.
//
// # Parameters
//
// The parameters of a model are views into one vector, [Params]. Gradients,
// directions and Hessians have its layout and belong to the tape, so tapes on
// several goroutines may share a model. An [Objective] records a loss;
// [Gradient], [HVP] and [Hessian] differentiate it with respect to all
// parameters, and many directions of an HVP share one sweep.
//
// # Operations of your own
//
// An [Op] has two rules, value and gradient; with two more, [SecondOrder], it
// takes part in Hessians. [Record] puts it on the tape. [CheckGradients]
// compares its rules with differences, and finds those that read or write what
// they may not.
//
// # Numbers
//
// Elementwise functions and the softmax family are accurate to a few units in
// the last place over the whole range of float64, and their gradients do not
// cancel in the tails. Everything is deterministic: the same input gives the
// same bits for any GOMAXPROCS, in both modes of a tape.
//
// Misuse, such as shapes that do not fit or a Var of an earlier pass, panics
// with a [tensor.UsageError]. NaN and infinities are computed with, as IEEE 754
// says.
package autograd
