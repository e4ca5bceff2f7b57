package autograd

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// The functions of this file act on each row; for columns, [Transpose] before
// and after. With p the softmax of a row x, they need one exponential per
// element, and their derivatives one or two sums over the row: the K×K matrix
// diag(p) − ppᵀ is never formed.
//
// A row may have −Inf: a masked element, of probability 0. Where all elements
// are, softmax and log-softmax are NaN, and log-sum-exp is −Inf.

// Softmax returns p = eˣ/Σeˣ of each row, with the derivative diag(p) − ppᵀ.
func Softmax(x Var) Var {
	r, c := x.Dims()
	return Record(softmax{}, r, c, x)
}

type softmax struct{}

func (softmax) Forward(n *Node) {
	y, x := n.Value().RawMatrix(), n.In(0).RawMatrix()
	for i := range y.Rows {
		softmaxRow(tensor.Row(y, i), tensor.Row(x, i))
	}
}

// Backward: x̄ = (diag(p) − ppᵀ)·ȳ = p⊙(ȳ − p·ȳ).
func (softmax) Backward(n *Node) {
	dx, beta := n.GradIn(0)
	p, g := n.Value().RawMatrix(), n.Grad().RawMatrix()
	for i := range p.Rows {
		pi, gi, d := tensor.Row(p, i), tensor.Row(g, i), tensor.Row(dx.RawMatrix(), i)
		addCentred(d, beta, 1, pi, gi)
	}
}

// Tangent: ẏ = p⊙(ẋ − p·ẋ).
func (softmax) Tangent(n *Node) {
	p := n.Value().RawMatrix()
	for k := range n.Directions() {
		y, x := block(n.Dot(), k, p.Cols), block(n.DotIn(0), k, p.Cols)
		for i := range p.Rows {
			addCentred(tensor.Row(y, i), 0, 1, tensor.Row(p, i), tensor.Row(x, i))
		}
	}
}

// BackwardTangent: with u = ȳ − p·ȳ it is p⊙(ȳ˙ − p·ȳ˙) + ẏ⊙u − p·(ẏ·u).
func (softmax) BackwardTangent(n *Node) {
	dx, beta := n.GradDotIn(0)
	p, g := n.Value().RawMatrix(), n.Grad().RawMatrix()
	u := n.Buffer(0, 1, p.Cols).RawMatrix().Data
	for i := range p.Rows {
		pi := tensor.Row(p, i)
		centre(u, pi, tensor.Row(g, i))
		for k := range n.Directions() {
			d, y := tensor.Row(block(dx, k, p.Cols), i), tensor.Row(block(n.Dot(), k, p.Cols), i)
			var yu float64
			for j, v := range y {
				yu += v * u[j]
			}
			for j, v := range y {
				d[j] = accumulate(d[j], beta, v*u[j]-pi[j]*yu)
			}
			if gd := n.GradDot(); gd != nil {
				addCentred(d, 1, 1, pi, tensor.Row(block(gd, k, p.Cols), i))
			}
		}
	}
}

// LogSoftmax returns x − log Σeˣ of each row, with the derivative I − 1pᵀ.
func LogSoftmax(x Var) Var {
	r, c := x.Dims()
	return Record(logSoftmax{}, r, c, x)
}

type logSoftmax struct{}

// probabilities is where log-softmax and log-sum-exp keep the softmax.
const probabilities = 0

func (logSoftmax) Forward(n *Node) {
	y, x := n.Value().RawMatrix(), n.In(0).RawMatrix()
	e := y
	if n.Wanted() {
		e = n.Buffer(probabilities, y.Rows, y.Cols).RawMatrix()
	}
	for i := range y.Rows {
		ei, yi, xi := tensor.Row(e, i), tensor.Row(y, i), tensor.Row(x, i)
		top, rest := tensor.ExpGaps(ei, xi)
		if n.Wanted() {
			normalise(ei, rest)
		}
		l, t := math.Log1p(rest), xi[top]
		for j, v := range xi {
			gap, lost := tensor.Difference(v, t)
			yi[j] = gap - (l - lost)
		}
	}
}

// Backward: x̄ = ȳ − p·Σȳ.
func (logSoftmax) Backward(n *Node) {
	dx, beta := n.GradIn(0)
	p, g := n.Kept(probabilities).RawMatrix(), n.Grad().RawMatrix()
	for i := range p.Rows {
		addUncentred(tensor.Row(dx.RawMatrix(), i), beta, tensor.Row(p, i), tensor.Row(g, i))
	}
}

// Tangent: ẏ = ẋ − p·ẋ.
func (logSoftmax) Tangent(n *Node) {
	p := n.Kept(probabilities).RawMatrix()
	for k := range n.Directions() {
		y, x := block(n.Dot(), k, p.Cols), block(n.DotIn(0), k, p.Cols)
		for i := range p.Rows {
			centre(tensor.Row(y, i), tensor.Row(p, i), tensor.Row(x, i))
		}
	}
}

// BackwardTangent: ȳ˙ − p·Σȳ˙ − ṗ·Σȳ, with ṗ = p⊙ẏ.
func (logSoftmax) BackwardTangent(n *Node) {
	dx, beta := n.GradDotIn(0)
	p, g := n.Kept(probabilities).RawMatrix(), n.Grad().RawMatrix()
	for i := range p.Rows {
		pi := tensor.Row(p, i)
		var sum float64
		for _, v := range tensor.Row(g, i) {
			sum += v
		}
		for k := range n.Directions() {
			d, y := tensor.Row(block(dx, k, p.Cols), i), tensor.Row(block(n.Dot(), k, p.Cols), i)
			for j, v := range y {
				d[j] = accumulate(d[j], beta, -sum*(pi[j]*v))
			}
			if gd := n.GradDot(); gd != nil {
				addUncentred(d, 1, pi, tensor.Row(block(gd, k, p.Cols), i))
			}
		}
	}
}

// LogSumExp returns the n×1 column of log Σeˣ of each row, with the derivative
// p, the softmax.
func LogSumExp(x Var) Var {
	r, _ := x.Dims()
	return Record(logSumExp{}, r, 1, x)
}

type logSumExp struct{}

func (logSumExp) Forward(n *Node) {
	y, x := n.Value().RawMatrix(), n.In(0).RawMatrix()
	rows := 1
	if n.Wanted() {
		rows = x.Rows
	}
	p := n.Buffer(probabilities, rows, x.Cols).RawMatrix()
	for i := range x.Rows {
		pi, xi := tensor.Row(p, i%rows), tensor.Row(x, i)
		top, rest := tensor.ExpGaps(pi, xi)
		y.Data[i] = xi[top] + math.Log1p(rest)
		if math.IsInf(xi[top], 0) {
			y.Data[i] = infinite(xi, xi[top])
		}
		if n.Wanted() {
			normalise(pi, rest)
		}
	}
}

// infinite returns the log-sum-exp of a row with infinite maximum.
func infinite(x []float64, top float64) float64 {
	for _, v := range x {
		if math.IsNaN(v) {
			return v
		}
	}
	return top
}

// Backward: x̄ = ȳ·p.
func (logSumExp) Backward(n *Node) {
	dx, beta := n.GradIn(0)
	p, g := n.Kept(probabilities).RawMatrix(), n.Grad().RawMatrix()
	for i := range p.Rows {
		d := tensor.Row(dx.RawMatrix(), i)
		for j, v := range tensor.Row(p, i) {
			d[j] = accumulate(d[j], beta, g.Data[i]*v)
		}
	}
}

// Tangent: ẏ = p·ẋ.
func (logSumExp) Tangent(n *Node) {
	p, y := n.Kept(probabilities).RawMatrix(), n.Dot().RawMatrix()
	for k := range n.Directions() {
		x := block(n.DotIn(0), k, p.Cols)
		for i := range p.Rows {
			pi, xi := tensor.Row(p, i), tensor.Row(x, i)
			top, mean, _ := expectation(pi, xi)
			y.Data[i*y.Stride+k] = xi[top] + mean
		}
	}
}

// BackwardTangent: ȳ˙·p + ȳ·ṗ, with ṗ = p⊙(ẋ − p·ẋ).
func (logSumExp) BackwardTangent(n *Node) {
	dx, beta := n.GradDotIn(0)
	p, g := n.Kept(probabilities).RawMatrix(), n.Grad().RawMatrix()
	for k := range n.Directions() {
		dk, x := block(dx, k, p.Cols), block(n.DotIn(0), k, p.Cols)
		for i := range p.Rows {
			d, pi := tensor.Row(dk, i), tensor.Row(p, i)
			addCentred(d, beta, g.Data[i], pi, tensor.Row(x, i))
			if gd := n.GradDot(); gd != nil {
				gik := gd.RawMatrix().Data[i*n.Directions()+k]
				for j, v := range pi {
					d[j] += gik * v
				}
			}
		}
	}
}
