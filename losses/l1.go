package losses

import (
	"math"

	"github.com/surprisal-ml/surprisal/autograd"
)

// L1 is the absolute error
//
//	|x−t|
//
// element by element, also known as absolute deviation. It is the negative
// log-likelihood of Laplace (double exponential) observations t with location x
// and scale 1, without its constant log 2. At x = t the derivative is taken as
// 0, as PyTorch does. Its unit is that of the targets.
//
// Mean divides by the number of elements. Compare
// https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html
type L1 struct {
	Reduction Reduction
}

// Loss returns the loss of the predictions x with targets t, both n×K: n×K
// without reduction, otherwise 1×1. It has derivatives with respect to both. It
// panics if the shapes differ.
func (l L1) Loss(x, t autograd.Var) autograd.Var {
	checkReduction("L1", l.Reduction, None)
	return record("L1", l1{}, settings{reduction: l.Reduction}, x, t)
}

type l1 struct{}

func (l1) loss(l []float64, d, in block) {
	for j, x := range in.x {
		r := x - in.t[j]
		l[j] = math.Abs(r)
		if r > 0 || r < 0 { // neither 0 nor NaN
			r = math.Copysign(1, r)
		}
		set(d.x, j, r)
		set(d.t, j, -r)
	}
}

func (l1) curvature(h second, _ block) {
	clear(h.xx)
	clear(h.xt)
	clear(h.tt)
}
