package autograd

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/tensor"
)

// AddRow returns x with the 1×c row added to each of its rows, as a bias is.
// [Linear] does it in passing.
func AddRow(x, row Var) Var {
	r, c := x.Dims()
	if rr, rc := row.Dims(); rr != 1 || rc != c {
		panic(&tensor.UsageError{Op: "autograd.AddRow", Problem: fmt.Sprintf("%d×%d and a row of %d×%d", r, c, rr, rc)})
	}
	return Record(addRow{}, r, c, x, row)
}

type addRow struct{}

func (addRow) Forward(n *Node) {
	y := n.Value().RawMatrix()
	tensor.Axpy(y, 0, 1, n.In(0).RawMatrix())
	tensor.AddRow(y, 1, tensor.Row(n.In(1).RawMatrix(), 0))
}

func (addRow) Backward(n *Node) {
	if n.Needs(0) {
		n.LendGrad(0, n.Grad())
	}
	if n.Needs(1) {
		d, beta := n.GradIn(1)
		tensor.ColumnSums(d.RawMatrix().Data, beta, n.Grad().RawMatrix())
	}
}

func (addRow) Tangent(n *Node) {
	y, beta := n.Dot().RawMatrix(), 0.0
	if x := n.DotIn(0); x != nil {
		tensor.Axpy(y, 0, 1, x.RawMatrix())
		beta = 1
	}
	if row := n.DotIn(1); row != nil {
		tensor.AddRow(y, beta, row.RawMatrix().Data)
	}
}

func (addRow) BackwardTangent(n *Node) {
	g := n.GradDot()
	if g != nil && n.Needs(0) {
		d, beta := n.GradDotIn(0)
		tensor.Axpy(d.RawMatrix(), beta, 1, g.RawMatrix())
	}
	if g != nil && n.Needs(1) {
		d, beta := n.GradDotIn(1)
		tensor.ColumnSums(d.RawMatrix().Data, beta, g.RawMatrix())
	}
}
