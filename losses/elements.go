package losses

import (
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// A kernel is a loss of single elements: of the input x, the target t and, for
// some, a third value v, in column j.
type kernel interface {
	// loss returns the loss and its derivatives with respect to x, t and v.
	loss(j int, x, t, v float64) (l float64, d [3]float64)
	// curvature returns the second derivatives.
	curvature(j int, x, t, v float64) [3][3]float64
}

// elements is the op of a loss that is a sum over elements. It keeps the
// gradient with respect to input m in buffer m, for a cotangent of 1.
type elements[K kernel] struct {
	kernel    K
	weight    *mat.Dense
	reduction Reduction
	divisor   float64
}

// recordElements records the loss of inputs of equal shape.
func recordElements[K kernel](name string, k K, weight *mat.Dense, r Reduction, inputs ...autograd.Var) autograd.Var {
	rows, cols := inputs[0].Dims()
	for _, in := range inputs[1:] {
		if ir, ic := in.Dims(); ir != rows || ic != cols {
			panic(misuse(name, "input %d×%d with target or variance %d×%d", rows, cols, ir, ic))
		}
	}
	if weight != nil {
		if wr, wc := weight.Dims(); wr != 1 && wr != rows || wc != 1 && wc != cols {
			panic(misuse(name, "input %d×%d with weight %d×%d", rows, cols, wr, wc))
		}
	}
	op := autograd.Next[elements[K]](inputs[0].Tape())
	*op = elements[K]{k, weight, r, 1}
	switch r {
	case Mean:
		op.divisor = float64(rows * cols)
	case BatchMean:
		op.divisor = float64(rows)
	case None:
		return autograd.Record(op, rows, cols, inputs...)
	case Sum:
	default:
		panic(misuse(name, "reduction %v", r))
	}
	return autograd.Record(op, 1, 1, inputs...)
}

// weightAt returns the weight of element (i, j), broadcast.
func (op *elements[K]) weightAt(i, j int) float64 {
	if op.weight == nil {
		return 1
	}
	w := op.weight.RawMatrix()
	if w.Rows == 1 {
		i = 0
	}
	if w.Cols == 1 {
		j = 0
	}
	return w.Data[i*w.Stride+j]
}

// operands are the raw matrices of up to three inputs of the same shape.
type operands [3]tensor.Matrix

func operandsOf(n *autograd.Node) (in operands) {
	for m := range n.Inputs() {
		in[m] = n.In(m).RawMatrix()
	}
	return in
}

func (in *operands) at(i, j int) (v [3]float64) {
	for m := range in {
		if in[m].Data != nil {
			v[m] = in[m].Data[i*in[m].Stride+j]
		}
	}
	return v
}

func (op *elements[K]) Forward(n *autograd.Node) {
	in, out := operandsOf(n), n.Value().RawMatrix()
	var grads operands
	for m := range n.Inputs() {
		if n.Needs(m) {
			grads[m] = n.Buffer(m, in[0].Rows, in[0].Cols).RawMatrix()
		}
	}
	var sum float64
	for i := range in[0].Rows {
		for j := range in[0].Cols {
			v := in.at(i, j)
			w := op.weightAt(i, j)
			l, d := op.kernel.loss(j, v[0], v[1], v[2])
			if sum += w * l; op.reduction == None {
				out.Data[i*out.Stride+j] = w * l
			}
			for m := range grads {
				if g := grads[m]; g.Data != nil {
					g.Data[i*g.Stride+j] = w * d[m] / op.divisor
				}
			}
		}
	}
	if op.reduction != None {
		out.Data[0] = sum / op.divisor
	}
}

func (op *elements[K]) Backward(n *autograd.Node) {
	for m := range n.Inputs() {
		if !n.Needs(m) {
			continue
		}
		g := n.Kept(m).RawMatrix()
		cot := n.Grad().RawMatrix()
		switch {
		case op.reduction == None:
			dst, beta := n.GradIn(m)
			tensor.Mul(dst.RawMatrix(), beta, cot, g)
		case cot.Data[0] == 1:
			n.LendGrad(m, n.Kept(m))
		default:
			dst, beta := n.GradIn(m)
			tensor.Axpy(dst.RawMatrix(), beta, cot.Data[0], g)
		}
	}
}

func (op *elements[K]) Tangent(n *autograd.Node) {
	out := n.Dot().RawMatrix()
	tensor.Fill(out, 0)
	for m := range n.Inputs() {
		dots := n.DotIn(m)
		if dots == nil {
			continue
		}
		g := n.Kept(m).RawMatrix()
		for k := range n.Directions() {
			d := tensor.Columns(dots.RawMatrix(), k*g.Cols, g.Cols)
			if op.reduction == None {
				tensor.Mul(tensor.Columns(out, k*g.Cols, g.Cols), 1, g, d)
				continue
			}
			for i := range g.Rows {
				gi := tensor.Row(g, i)
				for j, v := range tensor.Row(d, i) {
					out.Data[k] += gi[j] * v
				}
			}
		}
	}
}

func (op *elements[K]) BackwardTangent(n *autograd.Node) {
	in := operandsOf(n)
	cot := n.Grad().RawMatrix()
	cols := in[0].Cols
	var dots, dst operands
	var beta [3]float64
	for m := range n.Inputs() {
		if d := n.DotIn(m); d != nil {
			dots[m] = d.RawMatrix()
		}
		if n.Needs(m) {
			d, b := n.GradDotIn(m)
			dst[m], beta[m] = d.RawMatrix(), b
		}
	}
	for i := range in[0].Rows {
		for j := range cols {
			v := in.at(i, j)
			c := op.weightAt(i, j) / op.divisor
			if op.reduction == None {
				c *= cot.Data[i*cot.Stride+j]
			} else {
				c *= cot.Data[0]
			}
			h := op.kernel.curvature(j, v[0], v[1], v[2])
			for k := range n.Directions() {
				dot := dots.at(i, k*cols+j)
				for m := range dst {
					if dst[m].Data == nil {
						continue
					}
					at := i*dst[m].Stride + k*cols + j
					sum := c * (h[m][0]*dot[0] + h[m][1]*dot[1] + h[m][2]*dot[2])
					if beta[m] != 0 {
						sum += dst[m].Data[at]
					}
					dst[m].Data[at] = sum
				}
			}
		}
	}
	if n.GradDot() == nil {
		return
	}
	gd := n.GradDot().RawMatrix()
	for m := range n.Inputs() {
		if !n.Needs(m) {
			continue
		}
		g := n.Kept(m).RawMatrix()
		for k := range n.Directions() {
			d := tensor.Columns(dst[m], k*cols, cols)
			if op.reduction == None {
				tensor.Mul(d, 1, tensor.Columns(gd, k*cols, cols), g)
			} else {
				tensor.Axpy(d, 1, gd.Data[k], g)
			}
		}
	}
}

// columnWeight returns entry j of a list with one entry per column, or one for
// all; an empty list is all ones.
func columnWeight(w []float64, j int) float64 {
	switch len(w) {
	case 0:
		return 1
	case 1:
		return w[0]
	}
	return w[j]
}

func checkColumns(name, what string, w []float64, cols int) {
	if len(w) > 1 && len(w) != cols || len(w) == 1 && cols == 0 {
		panic(misuse(name, "%s of length %d for %d columns", what, len(w), cols))
	}
}
