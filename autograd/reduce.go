package autograd

import "github.com/surprisal-ml/surprisal/tensor"

// Sum returns the 1×1 sum of all elements of x, compensated for rounding.
func Sum(x Var) Var { return reduce("autograd.Sum", x, 1) }

// Mean returns the 1×1 mean of all elements of x, compensated for rounding.
func Mean(x Var) Var {
	r, c := x.Dims()
	return reduce("autograd.Mean", x, float64(r*c))
}

func reduce(name string, x Var, divisor float64) Var {
	x.node(name)
	op := Next[total](x.n.tape)
	op.divisor = divisor
	return Record(op, 1, 1, x)
}

// total is the sum over a divisor.
type total struct{ divisor float64 }

func (op *total) Forward(n *Node) { op.sum(n.Value().RawMatrix(), n.In(0).RawMatrix()) }

// sum adds x up into the row dst, one number per direction.
func (op *total) sum(dst, x tensor.Matrix) {
	c := x.Cols / dst.Cols
	for k := range dst.Cols {
		var s tensor.Sum
		for i := range x.Rows {
			s.AddAll(tensor.Row(tensor.Columns(x, k*c, c), i))
		}
		dst.Data[k] = s.Value() / op.divisor
	}
}

func (op *total) Backward(n *Node) {
	d, beta := n.GradIn(0)
	op.spread(d.RawMatrix(), beta, n.Grad().RawMatrix().Data[0])
}

// spread sets d = beta·d + the gradient g of the result, for each element.
func (op *total) spread(d tensor.Matrix, beta, g float64) {
	g /= op.divisor
	for i := range d.Rows {
		row := tensor.Row(d, i)
		for j := range row {
			row[j] = accumulate(row[j], beta, g)
		}
	}
}

func (op *total) Tangent(n *Node) { op.sum(n.Dot().RawMatrix(), n.DotIn(0).RawMatrix()) }

func (op *total) BackwardTangent(n *Node) {
	if g := n.GradDot(); g != nil {
		d, beta := n.GradDotIn(0)
		_, c := n.In(0).Dims()
		for k, v := range g.RawMatrix().Data {
			op.spread(block(d, k, c), beta, v)
		}
	}
}
