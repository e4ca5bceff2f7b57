package nn

import (
	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
)

// Activation is an activation function as a module, for a [Sequential]. In a
// [Linear] or an [MLP] it is fused into the layer instead, which is faster.
type Activation struct{ Func activation.Func }

// Forward returns f(x), element by element.
func (a Activation) Forward(x autograd.Var) autograd.Var { return autograd.Apply(x, a.Func) }

// Params returns nothing.
func (Activation) Params() []*autograd.Param { return nil }

// Dropout sets each element of its input to 0 with probability P while
// training, and multiplies the others by 1/(1−P): see [autograd.Dropout]. On a
// tape in Eval mode it is the identity.
type Dropout struct {
	P float64 // in [0, 1]
	// Stream tells apart the masks of the dropouts of a model. NewSequential
	// sets it; set it yourself in a module of your own.
	Stream uint64
}

// Forward returns x with elements dropped.
func (d *Dropout) Forward(x autograd.Var) autograd.Var { return autograd.Dropout(x, d.P, d.Stream) }

// Params returns nothing.
func (*Dropout) Params() []*autograd.Param { return nil }

func (d *Dropout) numberStreams(next uint64) uint64 { d.Stream = next; return next + 1 }
