package losses

import (
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// pair is the place of the second derivative with respect to inputs a and b
// among the curvatures.
func pair(a, b int) int { return [3][3]int{{0, 1, 2}, {1, 3, 4}, {2, 4, 5}}[a][b] }

// BackwardTangent adds the second derivatives, element by element, times the
// tangents of the inputs.
func (op *elements[K]) BackwardTangent(n *autograd.Node) {
	h := op.secondDerivatives(n)
	for a := range n.Inputs() {
		if !n.Needs(a) {
			continue
		}
		dst, beta := n.GradDotIn(a)
		d := dst.RawMatrix()
		for b := range n.Inputs() {
			dot := n.DotIn(b)
			if dot == nil {
				continue
			}
			hab := h[pair(a, b)]
			for k := range n.Directions() {
				from := k * hab.Cols
				tensor.Mul(tensor.Columns(d, from, hab.Cols), beta, hab, tensor.Columns(dot.RawMatrix(), from, hab.Cols))
			}
			beta = 1
		}
		if n.GradDot() != nil {
			cotangentTangent(n, a, dst, beta)
		}
	}
}

// secondDerivatives returns those that are needed, weighed, divided and times
// the cotangent.
func (op *elements[K]) secondDerivatives(n *autograd.Node) (h [6]tensor.Matrix) {
	in := operandsOf(n)
	for a := range n.Inputs() {
		for b := range n.Inputs() {
			if n.Needs(a) && n.DotIn(b) != nil && h[pair(a, b)].Data == nil {
				h[pair(a, b)] = n.Buffer(curvatures+pair(a, b), in[0].Rows, in[0].Cols).RawMatrix()
			}
		}
	}
	step, cols := in.blockRows(), in[0].Cols
	column := op.repeatColumn(n, step, cols)
	for i := 0; i < in[0].Rows; i += step {
		k := min(step, in[0].Rows-i)
		var s [6][]float64
		for p, m := range h {
			s[p] = rows(m, i, k)
		}
		b := in.block(i, k)
		b.column = column
		op.kernel.curvature(second{xx: s[0], xt: s[1], xv: s[2], tt: s[3], tv: s[4], vv: s[5]}, b)
		if op.weighted() {
			w := n.Buffer(weightScratch, 1, k*cols).RawMatrix().Data
			op.weights(w, i, cols)
			for _, x := range s {
				weigh(x, w)
			}
		}
		op.divide(block{x: s[0], t: s[1], v: s[2]})
		op.divide(block{x: s[3], t: s[4], v: s[5]})
	}
	for _, m := range h {
		if m.Data != nil {
			spread(m, 0, n.Grad().RawMatrix(), m)
		}
	}
	return h
}
