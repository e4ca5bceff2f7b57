package autograd

import (
	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Apply returns f applied to every element of x.
func Apply(x Var, f activation.Func) Var {
	r, c := x.Dims()
	op := Next[apply](x.n.tape)
	op.f = f
	return Record(op, r, c, x)
}

// Sigmoid returns σ(x) = 1/(1+e⁻ˣ).
func Sigmoid(x Var) Var { return Apply(x, activation.Sigmoid{}) }

type apply struct{ f activation.Func }

func (op *apply) Forward(n *Node) {
	x, y := n.In(0).RawMatrix(), n.Value().RawMatrix()
	if !n.Wanted() {
		for i := range x.Rows {
			op.f.Value(tensor.Row(y, i), tensor.Row(x, i))
		}
		return
	}
	s := n.Buffer(slope, y.Rows, y.Cols).RawMatrix()
	for i := range x.Rows {
		op.f.ValueSlope(tensor.Row(y, i), tensor.Row(s, i), tensor.Row(x, i))
	}
}

func (op *apply) Backward(n *Node) {
	dx, beta := n.GradIn(0)
	tensor.Mul(dx.RawMatrix(), beta, n.Grad().RawMatrix(), n.Kept(slope).RawMatrix())
}

func (op *apply) Tangent(n *Node) {
	y, x, s := n.Dot().RawMatrix(), n.DotIn(0).RawMatrix(), n.Kept(slope).RawMatrix()
	for k := range n.Directions() {
		tensor.Mul(tensor.Columns(y, k*s.Cols, s.Cols), 0, tensor.Columns(x, k*s.Cols, s.Cols), s)
	}
}

func (op *apply) BackwardTangent(n *Node) {
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
