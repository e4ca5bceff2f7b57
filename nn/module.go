package nn

import "github.com/surprisal-ml/surprisal/autograd"

// Module is a function with parameters. [Linear], [MLP], [Sequential],
// [Activation] and [Dropout] are modules; so is any type of yours with these
// two methods.
type Module interface {
	// Forward records the module applied to x on the tape of x. Rows of x are
	// examples.
	Forward(x autograd.Var) autograd.Var
	// Params returns the parameters, always in the same order.
	Params() []*autograd.Param
}

// distinct returns the parameters of m, each at its first place only: modules
// may share them.
func distinct(m Module) []*autograd.Param {
	var list []*autograd.Param
	seen := map[*autograd.Param]bool{}
	for _, p := range m.Params() {
		if !seen[p] {
			seen[p] = true
			list = append(list, p)
		}
	}
	return list
}
