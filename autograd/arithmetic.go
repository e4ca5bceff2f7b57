package autograd

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/tensor"
)

func sameShape(op string, a, b Var) (rows, cols int) {
	ar, ac := a.Dims()
	if br, bc := b.Dims(); ar != br || ac != bc {
		panic(&tensor.UsageError{Op: op, Problem: fmt.Sprintf("%d×%d and %d×%d", ar, ac, br, bc)})
	}
	return ar, ac
}

// Add returns a + b.
func Add(a, b Var) Var { return combine("autograd.Add", a, b, 1) }

// Sub returns a − b.
func Sub(a, b Var) Var { return combine("autograd.Sub", a, b, -1) }

func combine(name string, a, b Var, sign float64) Var {
	r, c := sameShape(name, a, b)
	op := Next[sum2](a.n.tape)
	op.sign = sign
	return Record(op, r, c, a, b)
}

// sum2 is a + sign·b.
type sum2 struct{ sign float64 }

func (op *sum2) Forward(n *Node) {
	tensor.Axpy(n.Value().RawMatrix(), 0, 1, n.In(0).RawMatrix())
	tensor.Axpy(n.Value().RawMatrix(), 1, op.sign, n.In(1).RawMatrix())
}

func (op *sum2) Backward(n *Node) {
	if n.Needs(0) {
		n.LendGrad(0, n.Grad())
	}
	if n.Needs(1) && op.sign == 1 {
		n.LendGrad(1, n.Grad())
	} else if n.Needs(1) {
		d, beta := n.GradIn(1)
		tensor.Axpy(d.RawMatrix(), beta, op.sign, n.Grad().RawMatrix())
	}
}

func (op *sum2) Tangent(n *Node) {
	beta := 0.0
	for i, sign := range [2]float64{1, op.sign} {
		if x := n.DotIn(i); x != nil {
			tensor.Axpy(n.Dot().RawMatrix(), beta, sign, x.RawMatrix())
			beta = 1
		}
	}
}

func (op *sum2) BackwardTangent(n *Node) {
	for i, sign := range [2]float64{1, op.sign} {
		if g := n.GradDot(); g != nil && n.Needs(i) {
			d, beta := n.GradDotIn(i)
			tensor.Axpy(d.RawMatrix(), beta, sign, g.RawMatrix())
		}
	}
}

// Mul returns the elementwise product a⊙b.
func Mul(a, b Var) Var {
	r, c := sameShape("autograd.Mul", a, b)
	return Record(product{}, r, c, a, b)
}

type product struct{}

func (product) Forward(n *Node) {
	tensor.Mul(n.Value().RawMatrix(), 0, n.In(0).RawMatrix(), n.In(1).RawMatrix())
}

func (product) Backward(n *Node) {
	for i := range 2 {
		if n.Needs(i) {
			d, beta := n.GradIn(i)
			tensor.Mul(d.RawMatrix(), beta, n.Grad().RawMatrix(), n.In(1-i).RawMatrix())
		}
	}
}

func (product) Tangent(n *Node) {
	c := n.Value().RawMatrix().Cols
	beta := 0.0
	for i := range 2 {
		if x := n.DotIn(i); x != nil {
			for k := range n.Directions() {
				tensor.Mul(tensor.Columns(n.Dot().RawMatrix(), k*c, c), beta, tensor.Columns(x.RawMatrix(), k*c, c), n.In(1-i).RawMatrix())
			}
			beta = 1
		}
	}
}

func (product) BackwardTangent(n *Node) {
	c := n.Value().RawMatrix().Cols
	for i := range 2 {
		g, x := n.GradDot(), n.DotIn(1-i)
		if !n.Needs(i) || g == nil && x == nil {
			continue
		}
		d, beta := n.GradDotIn(i)
		for k := range n.Directions() {
			dk, beta := tensor.Columns(d.RawMatrix(), k*c, c), beta
			if g != nil {
				tensor.Mul(dk, beta, tensor.Columns(g.RawMatrix(), k*c, c), n.In(1-i).RawMatrix())
				beta = 1
			}
			if x != nil {
				tensor.Mul(dk, beta, n.Grad().RawMatrix(), tensor.Columns(x.RawMatrix(), k*c, c))
			}
		}
	}
}

// Scale returns k·x.
func Scale(x Var, k float64) Var {
	r, c := x.Dims()
	op := Next[scale](x.n.tape)
	op.k = k
	return Record(op, r, c, x)
}

type scale struct{ k float64 }

func (op *scale) Forward(n *Node) {
	tensor.Axpy(n.Value().RawMatrix(), 0, op.k, n.In(0).RawMatrix())
}

func (op *scale) Backward(n *Node) {
	d, beta := n.GradIn(0)
	tensor.Axpy(d.RawMatrix(), beta, op.k, n.Grad().RawMatrix())
}

func (op *scale) Tangent(n *Node) {
	tensor.Axpy(n.Dot().RawMatrix(), 0, op.k, n.DotIn(0).RawMatrix())
}

func (op *scale) BackwardTangent(n *Node) {
	if g := n.GradDot(); g != nil {
		d, beta := n.GradDotIn(0)
		tensor.Axpy(d.RawMatrix(), beta, op.k, g.RawMatrix())
	}
}
