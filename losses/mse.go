package losses

import "github.com/surprisal-ml/surprisal/autograd"

// MSE is the squared error
//
//	(x−t)²
//
// element by element, also known as L2 loss and quadratic loss. It is twice the
// negative log-likelihood of normal observations t with means x and variance 1,
// without its constant: see [GaussianNLL]. On probabilities it is the Brier
// score. Its unit is that of the targets, squared.
//
// Mean divides by the number of elements. Compare
// https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
type MSE struct {
	Reduction Reduction
}

// Loss returns the loss of the predictions x with targets t, both n×K: n×K
// without reduction, otherwise 1×1. It has derivatives with respect to both. It
// panics if the shapes differ.
func (l MSE) Loss(x, t autograd.Var) autograd.Var {
	checkReduction("MSE", l.Reduction, None)
	return record("MSE", mse{}, settings{reduction: l.Reduction}, x, t)
}

type mse struct{}

func (mse) loss(l []float64, d, in block) {
	x, t := in.x[:len(l)], in.t[:len(l)]
	for j := range l {
		r := x[j] - t[j]
		l[j] = r * r
	}
	if d.x != nil {
		for j, v := range x {
			d.x[j] = 2 * (v - t[j])
		}
	}
	if d.t != nil {
		for j, v := range t {
			d.t[j] = 2 * (v - x[j])
		}
	}
}

func (mse) curvature(h second, _ block) {
	fill(h.xx, 2)
	fill(h.xt, -2)
	fill(h.tt, 2)
}
