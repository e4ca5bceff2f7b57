package autograd

import "github.com/surprisal-ml/surprisal/tensor"

// AddScalar returns x + k, k added to every element.
func AddScalar(x Var, k float64) Var {
	r, c := x.Dims()
	op := Next[shift](x.n.tape)
	op.k = k
	return Record(op, r, c, x)
}

type shift struct{ k float64 }

func (op *shift) Forward(n *Node) {
	y, x := n.Value().RawMatrix(), n.In(0).RawMatrix()
	for i := range y.Rows {
		d := tensor.Row(y, i)
		for j, v := range tensor.Row(x, i) {
			d[j] = v + op.k
		}
	}
}

func (op *shift) Backward(n *Node) { n.LendGrad(0, n.Grad()) }

func (op *shift) Tangent(n *Node) {
	tensor.Axpy(n.Dot().RawMatrix(), 0, 1, n.DotIn(0).RawMatrix())
}

func (op *shift) BackwardTangent(n *Node) {
	if g := n.GradDot(); g != nil {
		d, beta := n.GradDotIn(0)
		tensor.Axpy(d.RawMatrix(), beta, 1, g.RawMatrix())
	}
}
