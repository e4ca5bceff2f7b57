package autograd

import "github.com/surprisal-ml/surprisal/tensor"

// Div returns a/b, element by element, with the derivatives 1/b and −(a/b)/b.
func Div(a, b Var) Var {
	r, c := sameShape("autograd.Div", a, b)
	return Record(ratio{}, r, c, a, b)
}

type ratio struct{}

func (ratio) Forward(n *Node) {
	y, a, b := n.Value().RawMatrix(), n.In(0).RawMatrix(), n.In(1).RawMatrix()
	for i := range y.Rows {
		yi, bi := tensor.Row(y, i), tensor.Row(b, i)
		for j, v := range tensor.Row(a, i) {
			yi[j] = v / bi[j]
		}
	}
}

// Backward: ā = ȳ/b, b̄ = −ȳ·y/b.
func (ratio) Backward(n *Node) {
	y, g, b := n.Value().RawMatrix(), n.Grad().RawMatrix(), n.In(1).RawMatrix()
	if n.Needs(0) {
		d, beta := n.GradIn(0)
		for i := range y.Rows {
			di, bi := tensor.Row(d.RawMatrix(), i), tensor.Row(b, i)
			for j, v := range tensor.Row(g, i) {
				di[j] = accumulate(di[j], beta, v/bi[j])
			}
		}
	}
	if n.Needs(1) {
		d, beta := n.GradIn(1)
		for i := range y.Rows {
			di, yi, bi := tensor.Row(d.RawMatrix(), i), tensor.Row(y, i), tensor.Row(b, i)
			for j, v := range tensor.Row(g, i) {
				di[j] = accumulate(di[j], beta, -(v/bi[j])*yi[j])
			}
		}
	}
}

// Tangent: ẏ = (ȧ − y·ḃ)/b.
func (ratio) Tangent(n *Node) {
	y, b := n.Value().RawMatrix(), n.In(1).RawMatrix()
	for k := range n.Directions() {
		dot := block(n.Dot(), k, y.Cols)
		for i := range y.Rows {
			d, yi, bi := tensor.Row(dot, i), tensor.Row(y, i), tensor.Row(b, i)
			clear(d)
			if x := n.DotIn(0); x != nil {
				copy(d, tensor.Row(block(x, k, y.Cols), i))
			}
			if x := n.DotIn(1); x != nil {
				for j, v := range tensor.Row(block(x, k, y.Cols), i) {
					d[j] -= yi[j] * v
				}
			}
			for j := range d {
				d[j] /= bi[j]
			}
		}
	}
}

// BackwardTangent: with h = (ȳ/b)˙ = (ȳ˙ − ȳ·ḃ/b)/b, it is ā˙ = h and
// b̄˙ = −(h·y + ȳ/b·ẏ).
func (ratio) BackwardTangent(n *Node) {
	y, g, b := n.Value().RawMatrix(), n.Grad().RawMatrix(), n.In(1).RawMatrix()
	h := n.Buffer(0, 1, y.Cols).RawMatrix().Data
	for m := range 2 {
		if !n.Needs(m) || m == 0 && n.GradDot() == nil && n.DotIn(1) == nil {
			continue
		}
		d, beta := n.GradDotIn(m)
		for k := range n.Directions() {
			dk, dot := block(d, k, y.Cols), block(n.Dot(), k, y.Cols)
			for i := range y.Rows {
				di, gi, bi, yi, dotI := tensor.Row(dk, i), tensor.Row(g, i), tensor.Row(b, i), tensor.Row(y, i), tensor.Row(dot, i)
				ratioGradTangent(h, n, k, i)
				for j, v := range h {
					if m == 1 {
						v = -(v*yi[j] + gi[j]/bi[j]*dotI[j])
					}
					di[j] = accumulate(di[j], beta, v)
				}
			}
		}
	}
}

// ratioGradTangent sets h = (ȳ/b)˙ for row i along direction k.
func ratioGradTangent(h []float64, n *Node, k, i int) {
	c := len(h)
	clear(h)
	if g := n.GradDot(); g != nil {
		copy(h, tensor.Row(block(g, k, c), i))
	}
	g, b := tensor.Row(n.Grad().RawMatrix(), i), tensor.Row(n.In(1).RawMatrix(), i)
	if x := n.DotIn(1); x != nil {
		for j, v := range tensor.Row(block(x, k, c), i) {
			h[j] -= g[j] / b[j] * v
		}
	}
	for j := range h {
		h[j] /= b[j]
	}
}
