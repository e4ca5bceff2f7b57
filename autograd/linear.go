package autograd

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Linear returns y = f(x·W + b): x is n×in, W in×out, b 1×out. A nil f is the
// identity, the zero Var b is no bias.
func Linear(x, w, b Var, f activation.Func) Var {
	n, in := x.Dims()
	wi, out := w.Dims()
	if in != wi {
		panic(&tensor.UsageError{Op: "autograd.Linear", Problem: fmt.Sprintf("%d×%d by %d×%d", n, in, wi, out)})
	}
	if b.n == nil {
		op := Next[linear](x.n.tape)
		op.f = f
		return Record(op, n, out, x, w)
	}
	if br, bc := b.Dims(); br != 1 || bc != out {
		panic(&tensor.UsageError{Op: "autograd.Linear", Problem: fmt.Sprintf("%d×%d by %d×%d plus a bias of %d×%d", n, in, wi, out, br, bc)})
	}
	op := Next[linear](x.n.tape)
	op.f = f
	return Record(op, n, out, x, w, b)
}

type linear struct {
	f      activation.Func
	job    elementwise[activation.Func]
	curved uint64 // the pass that buffer curve is of
}

// Scratch of a linear op.
const (
	slope = iota // f′(z)
	delta        // gradient of z
	zDot         // tangents of z
	zGrad        // tangents of the gradient of z
	curve        // gradient of y times f″(z)
)

func (op *linear) Forward(n *Node) {
	y := n.Value().RawMatrix()
	op.preactivation(n, y)
	if op.f == nil {
		return
	}
	var s []float64
	if n.Wanted() {
		s = n.Buffer(slope, y.Rows, y.Cols).RawMatrix().Data
	}
	op.job.run(n, op.f, y.Data, s, y.Data)
}

// preactivation sets z = x·W + b.
func (op *linear) preactivation(n *Node, z tensor.Matrix) {
	beta := 0.0
	if n.Inputs() == 3 {
		tensor.AddRow(z, 0, n.In(2).RawMatrix().Data)
		beta = 1
	}
	n.gemm(tensor.N, tensor.N, 1, n.In(0).RawMatrix(), n.In(1).RawMatrix(), beta, z)
}

func (op *linear) Backward(n *Node) {
	d := n.Grad().RawMatrix()
	if op.f != nil {
		dy := d
		d = n.Buffer(delta, dy.Rows, dy.Cols).RawMatrix()
		tensor.Mul(d, 0, dy, n.Kept(slope).RawMatrix())
	}
	if n.Needs(0) {
		dx, beta := n.GradIn(0)
		n.gemm(tensor.N, tensor.T, 1, d, n.In(1).RawMatrix(), beta, dx.RawMatrix())
	}
	if n.Needs(1) {
		dw, beta := n.GradIn(1)
		n.gemm(tensor.T, tensor.N, 1, n.In(0).RawMatrix(), d, beta, dw.RawMatrix())
	}
	if n.Inputs() == 3 && n.Needs(2) {
		db, beta := n.GradIn(2)
		tensor.ColumnSums(db.RawMatrix().Data, beta, d)
	}
}

func (op *linear) Tangent(n *Node) {
	y := n.Dot().RawMatrix()
	z := y
	if op.f != nil {
		z = n.Buffer(zDot, y.Rows, y.Cols).RawMatrix()
	}
	productTangent(z, n)
	if n.Inputs() == 3 && n.DotIn(2) != nil {
		tensor.AddRow(z, 1, n.DotIn(2).RawMatrix().Data)
	}
	if op.f != nil {
		s := n.Kept(slope).RawMatrix()
		for k := range n.Directions() {
			tensor.Mul(tensor.Columns(y, k*s.Cols, s.Cols), 0, tensor.Columns(z, k*s.Cols, s.Cols), s)
		}
	}
}

func (op *linear) BackwardTangent(n *Node) {
	d := n.Grad().RawMatrix() // gradient of z
	var dd tensor.Matrix      // its tangents, if any
	if g := n.GradDot(); g != nil {
		dd = g.RawMatrix()
	}
	if op.f != nil {
		dd = op.gradTangent(n, dd)
		d = n.Kept(delta).RawMatrix()
	}
	productGradTangent(n, d, dd)
	if n.Inputs() == 3 && n.Needs(2) && dd.Data != nil {
		db, beta := n.GradDotIn(2)
		tensor.ColumnSums(db.RawMatrix().Data, beta, dd)
	}
}

// gradTangent returns the tangents of ȳ·f′(z): ȳ˙·f′(z) + ȳ·f″(z)·ż.
func (op *linear) gradTangent(n *Node, dyDot tensor.Matrix) tensor.Matrix {
	r, c := n.Value().Dims()
	s, dy := n.Kept(slope).RawMatrix(), n.Grad().RawMatrix()
	z := n.Kept(zDot).RawMatrix()
	dd := n.Buffer(zGrad, r, n.Directions()*c).RawMatrix()
	if op.curved != n.tape.pass { // once for all sweeps over a pass
		op.curved = n.tape.pass
		c := n.Buffer(curve, r, c).RawMatrix()
		op.preactivation(n, c)
		op.f.Curvature(c.Data, c.Data)
		tensor.Mul(c, 0, c, dy)
	}
	curvature := n.Kept(curve).RawMatrix()
	for k := range n.Directions() {
		ddk := tensor.Columns(dd, k*c, c)
		tensor.Mul(ddk, 0, curvature, tensor.Columns(z, k*c, c))
		if dyDot.Data != nil {
			tensor.Mul(ddk, 1, tensor.Columns(dyDot, k*c, c), s)
		}
	}
	return dd
}
