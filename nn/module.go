package nn

import "github.com/surprisal-ml/surprisal/autograd"

// Module is a function with parameters.
type Module interface {
	// Forward records the module applied to x on the tape of x. Rows of x are
	// examples.
	Forward(x autograd.Var) autograd.Var
	// Params returns the parameters, always in the same order.
	Params() []*autograd.Param
}
