package autograd

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Objective records a 1×1 loss on a tape. It must be pure: the same parameters
// give the same value.
//
// The functions below take several, and work on their sum, one after the other
// on the same tape: data that do not fit in memory as activations are summed
// over blocks of rows.
type Objective func(*Tape) Var

// Value returns the sum of the objectives.
func Value(t *Tape, objectives ...Objective) float64 {
	var sum float64
	for _, f := range objectives {
		t.Reset()
		sum += f(t).Scalar()
	}
	return sum
}

// Gradient fills dst, a vector of the layout of ps, with the gradient of the
// sum of the objectives, and returns its value.
func Gradient(dst []float64, t *Tape, ps *Params, objectives ...Objective) float64 {
	if len(dst) != ps.Len() {
		panic(&tensor.UsageError{Op: "autograd.Gradient", Problem: fmt.Sprintf("dst has length %d for %d parameters", len(dst), ps.Len())})
	}
	t.train("autograd.Gradient")
	g := t.bind(ps).grad
	if len(g) > 0 && &g[0] == &dst[0] {
		panic(&tensor.UsageError{Op: "autograd.Gradient", Problem: "dst is the tape's own gradient, which each objective overwrites"})
	}
	clear(dst)
	var sum float64
	for _, f := range objectives {
		t.Reset()
		loss := f(t)
		t.Backward(loss)
		sum += loss.Scalar()
		add(dst, g)
	}
	return sum
}

// HVP fills dst with the products Hv of the Hessian of the sum of the
// objectives with the directions v. Both are B×P: a direction is a row, in the
// layout of ps. The directions are carried through the tape side by side, so
// many cost little more than one matrix product each.
func HVP(dst, v *mat.Dense, t *Tape, ps *Params, objectives ...Objective) {
	b, p := v.Dims()
	if r, c := dst.Dims(); r != b || c != p || p != ps.Len() {
		panic(&tensor.UsageError{Op: "autograd.HVP", Problem: fmt.Sprintf("directions %d×%d into %d×%d for %d parameters", b, p, r, c, ps.Len())})
	}
	if d := dst.RawMatrix().Data; len(d) > 0 && &d[0] == &v.RawMatrix().Data[0] {
		panic(&tensor.UsageError{Op: "autograd.HVP", Problem: "dst and v are the same matrix"})
	}
	dst.Zero()
	for _, f := range objectives {
		t.Reset()
		loss := f(t)
		t.Backward(loss)
		for from := 0; from < b; from += directionBlock {
			t.sweep(dst, v, from, min(directionBlock, b-from), ps, loss.n)
		}
	}
}

// directionBlock directions are carried at once: enough to make matrix
// products of what would be products with vectors, few enough that the
// tangents stay in cache.
const directionBlock = 32

// Hessian fills dst with the matrix of second derivatives of the sum of the
// objectives, P×P in the layout of ps. An empty dst is given that size.
func Hessian(dst *mat.SymDense, t *Tape, ps *Params, objectives ...Objective) {
	p := ps.Len()
	if dst.IsEmpty() {
		dst.ReuseAsSym(p)
	}
	if dst.SymmetricDim() != p {
		panic(&tensor.UsageError{Op: "autograd.Hessian", Problem: fmt.Sprintf("dst is %d×%d for %d parameters", dst.SymmetricDim(), dst.SymmetricDim(), p)})
	}
	full, identity := mat.NewDense(p, p, nil), mat.NewDense(p, p, nil)
	for i := range p {
		identity.Set(i, i, 1)
	}
	HVP(full, identity, t, ps, objectives...)
	for i := range p {
		for j := i; j < p; j++ {
			dst.SetSym(i, j, (full.At(i, j)+full.At(j, i))/2)
		}
	}
}
