package autograd

import "github.com/surprisal-ml/surprisal/tensor"

// linearMap is a linear function L of the elements of a matrix. Its rules are
// all the same: ẏ = L·ẋ, x̄ = Lᵀ·ȳ, and no curvature.
type linearMap interface {
	apply(dst tensor.Matrix, beta float64, x tensor.Matrix)   // dst = beta·dst + L·x
	adjoint(dst tensor.Matrix, beta float64, y tensor.Matrix) // dst = beta·dst + Lᵀ·y
}

// mapped is the op of a linear map.
type mapped[L linearMap] struct{ l L }

// recordMap records y = l(x), r×c.
func recordMap[L linearMap](l L, r, c int, x Var) Var {
	op := Next[mapped[L]](x.n.tape)
	op.l = l
	return Record(op, r, c, x)
}

func (op *mapped[L]) Forward(n *Node) { op.l.apply(n.Value().RawMatrix(), 0, n.In(0).RawMatrix()) }

func (op *mapped[L]) Backward(n *Node) {
	dx, beta := n.GradIn(0)
	op.l.adjoint(dx.RawMatrix(), beta, n.Grad().RawMatrix())
}

func (op *mapped[L]) Tangent(n *Node) {
	_, xc := n.In(0).Dims()
	_, yc := n.Value().Dims()
	for k := range n.Directions() {
		op.l.apply(block(n.Dot(), k, yc), 0, block(n.DotIn(0), k, xc))
	}
}

func (op *mapped[L]) BackwardTangent(n *Node) {
	g := n.GradDot()
	if g == nil {
		return
	}
	_, xc := n.In(0).Dims()
	_, yc := n.Value().Dims()
	dx, beta := n.GradDotIn(0)
	for k := range n.Directions() {
		op.l.adjoint(block(dx, k, xc), beta, block(g, k, yc))
	}
}

// reversed is Lᵀ.
type reversed[L linearMap] struct{ l L }

func (m reversed[L]) apply(dst tensor.Matrix, beta float64, x tensor.Matrix) {
	m.l.adjoint(dst, beta, x)
}
func (m reversed[L]) adjoint(dst tensor.Matrix, beta float64, y tensor.Matrix) {
	m.l.apply(dst, beta, y)
}
