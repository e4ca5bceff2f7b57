package autograd

import "github.com/surprisal-ml/surprisal/tensor"

// Sum returns the 1×1 sum of all elements of x.
func Sum(x Var) Var { return reduce(x, 1) }

// Mean returns the 1×1 mean of all elements of x.
func Mean(x Var) Var {
	r, c := x.Dims()
	return reduce(x, 1/float64(r*c))
}

func reduce(x Var, k float64) Var {
	x.node("autograd.Sum")
	op := Next[total](x.n.tape)
	op.k = k
	return Record(op, 1, 1, x)
}

// total is k times the sum.
type total struct{ k float64 }

func (op *total) Forward(n *Node) { op.sum(n.Value().RawMatrix(), n.In(0).RawMatrix()) }

// sum adds x up into dst, one number per direction of len(dst.Data).
func (op *total) sum(dst, x tensor.Matrix) {
	clear(dst.Data)
	c := x.Cols / dst.Cols
	for i := range x.Rows {
		for k := range dst.Cols {
			for _, v := range tensor.Row(tensor.Columns(x, k*c, c), i) {
				dst.Data[k] += v
			}
		}
	}
	for k := range dst.Data {
		dst.Data[k] *= op.k
	}
}

func (op *total) Backward(n *Node) {
	g := op.k * n.Grad().RawMatrix().Data[0]
	d, beta := n.GradIn(0)
	op.spread(d.RawMatrix(), beta, g)
}

func (op *total) spread(d tensor.Matrix, beta, g float64) {
	for i := range d.Rows {
		row := tensor.Row(d, i)
		for j := range row {
			if beta == 0 {
				row[j] = g
			} else {
				row[j] += g
			}
		}
	}
}

func (op *total) Tangent(n *Node) { op.sum(n.Dot().RawMatrix(), n.DotIn(0).RawMatrix()) }

func (op *total) BackwardTangent(n *Node) {
	if g := n.GradDot(); g != nil {
		d, beta := n.GradDotIn(0)
		c := d.RawMatrix().Cols / n.Directions()
		for k, v := range g.RawMatrix().Data {
			op.spread(tensor.Columns(d.RawMatrix(), k*c, c), beta, op.k*v)
		}
	}
}
