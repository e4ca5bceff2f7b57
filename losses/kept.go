package losses

import (
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// The ops of this package compute ∂loss/∂inputₘ together with the value and
// keep it in buffer m: what it is for a cotangent of 1. Three of their four
// rules follow from that, here. The value is 1×1, or has a row or an element for
// each row or element of the input; "its" cotangent is meant accordingly.

// backward hands on the kept gradients times the cotangent.
func backward(n *autograd.Node) {
	cot := n.Grad().RawMatrix()
	for m := range n.Inputs() {
		switch {
		case !n.Needs(m):
		case len(cot.Data) == 1 && cot.Data[0] == 1:
			n.LendGrad(m, n.Kept(m))
		default:
			dst, beta := n.GradIn(m)
			spread(dst.RawMatrix(), beta, cot, n.Kept(m).RawMatrix())
		}
	}
}

// tangent sets the tangents of the value: the kept gradients times those of
// the inputs.
func tangent(n *autograd.Node) {
	out := n.Dot().RawMatrix()
	width := out.Cols / n.Directions()
	tensor.Fill(out, 0)
	for m := range n.Inputs() {
		dot := n.DotIn(m)
		if dot == nil {
			continue
		}
		g := n.Kept(m).RawMatrix()
		for k := range n.Directions() {
			contract(tensor.Columns(out, k*width, width), g, tensor.Columns(dot.RawMatrix(), k*g.Cols, g.Cols))
		}
	}
}

// cotangentTangent adds the kept gradient of input m times the tangents of the
// cotangent to dst, the tangents of the gradient of m.
func cotangentTangent(n *autograd.Node, m int, dst *mat.Dense, beta float64) {
	g := n.Kept(m).RawMatrix()
	cot := n.GradDot().RawMatrix()
	width := cot.Cols / n.Directions()
	for k := range n.Directions() {
		spread(tensor.Columns(dst.RawMatrix(), k*g.Cols, g.Cols), beta, tensor.Columns(cot, k*width, width), g)
	}
}

// spread sets dst = beta·dst + cot⊙g, where cot has one number for all, for
// each row, or for each element of g.
func spread(dst tensor.Matrix, beta float64, cot, g tensor.Matrix) {
	switch {
	case cot.Rows == 1 && cot.Cols == 1:
		tensor.Axpy(dst, beta, cot.Data[0], g)
	case cot.Cols == g.Cols:
		tensor.Mul(dst, beta, cot, g)
	default:
		for i := range g.Rows {
			tensor.Axpy(oneRow(dst, i), beta, cot.Data[i*cot.Stride], oneRow(g, i))
		}
	}
}

// contract adds g⊙d to out: all of it, its row sums, or its elements.
func contract(out, g, d tensor.Matrix) {
	if out.Cols == g.Cols && out.Rows == g.Rows {
		tensor.Mul(out, 1, g, d)
		return
	}
	for i := range g.Rows {
		at := 0
		if out.Rows == g.Rows {
			at = i * out.Stride
		}
		var sum float64
		gi := tensor.Row(g, i)
		for j, v := range tensor.Row(d, i) {
			sum += gi[j] * v
		}
		out.Data[at] += sum
	}
}

func oneRow(m tensor.Matrix, i int) tensor.Matrix {
	return tensor.Matrix{Rows: 1, Cols: m.Cols, Stride: m.Cols, Data: tensor.Row(m, i)}
}
