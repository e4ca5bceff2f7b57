package autograd

import (
	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Apply returns f applied to every element of x.
func Apply[F activation.Func](x Var, f F) Var {
	if any(f) == nil {
		panic(&tensor.UsageError{Op: "autograd.Apply", Problem: "the function is nil"})
	}
	r, c := x.Dims()
	op := Next[apply[F]](x.n.tape) // of its own type, so that an f with constants needs no allocation
	op.f = f
	return Record(op, r, c, x)
}

// Sigmoid returns σ(x) = 1/(1+e⁻ˣ).
func Sigmoid(x Var) Var { return Apply(x, activation.Sigmoid{}) }

type apply[F activation.Func] struct {
	f   F
	job elementwise[F]
}

func (op *apply[F]) Forward(n *Node) {
	x, y := n.In(0).RawMatrix(), n.Value().RawMatrix()
	var s tensor.Matrix
	if n.Wanted() {
		s = n.Buffer(slope, y.Rows, y.Cols).RawMatrix()
	}
	if x.Stride == x.Cols {
		op.job.run(n, op.f, y.Data, s.Data, x.Data[:len(y.Data)])
		return
	}
	for i := range x.Rows { // gaps between the rows of x
		var si []float64
		if n.Wanted() {
			si = tensor.Row(s, i)
		}
		valueSlope(op.f, tensor.Row(y, i), si, tensor.Row(x, i))
	}
}

func (op *apply[F]) Backward(n *Node) {
	dx, beta := n.GradIn(0)
	tensor.Mul(dx.RawMatrix(), beta, n.Grad().RawMatrix(), n.Kept(slope).RawMatrix())
}

func (op *apply[F]) Tangent(n *Node) {
	y, x, s := n.Dot().RawMatrix(), n.DotIn(0).RawMatrix(), n.Kept(slope).RawMatrix()
	for k := range n.Directions() {
		tensor.Mul(tensor.Columns(y, k*s.Cols, s.Cols), 0, tensor.Columns(x, k*s.Cols, s.Cols), s)
	}
}

func (op *apply[F]) BackwardTangent(n *Node) {
	x, s := n.In(0).RawMatrix(), n.Kept(slope).RawMatrix()
	c := n.Buffer(curve, s.Rows, s.Cols).RawMatrix()
	for i := range x.Rows {
		op.f.Curvature(tensor.Row(c, i), tensor.Row(x, i))
	}
	tensor.Mul(c, 0, c, n.Grad().RawMatrix())
	dx, beta := n.GradDotIn(0)
	for k := range n.Directions() {
		dxk := tensor.Columns(dx.RawMatrix(), k*s.Cols, s.Cols)
		tensor.Mul(dxk, beta, c, tensor.Columns(n.DotIn(0).RawMatrix(), k*s.Cols, s.Cols))
		if g := n.GradDot(); g != nil {
			tensor.Mul(dxk, 1, tensor.Columns(g.RawMatrix(), k*s.Cols, s.Cols), s)
		}
	}
}
