package autograd

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Directions returns B, the number of directions of the tangent sweep.
func (n *Node) Directions() int { return n.tape.dirs }

// Dot returns the tangents of this op's value: r×(B·c) for an r×c value.
func (n *Node) Dot() *mat.Dense { return &n.dot }

// DotIn returns the tangents of input i, or nil if it does not change along
// the directions.
func (n *Node) DotIn(i int) *mat.Dense {
	if !n.in[i].active {
		return nil
	}
	return &n.in[i].dot
}

// GradDot returns the tangents of Grad, or nil if they are zero.
func (n *Node) GradDot() *mat.Dense {
	if n.gradDot.pass != n.tape.pass {
		return nil
	}
	return n.gradDot.m
}

// GradDotIn is GradIn for the tangents of the gradient of input i, which are
// r×(B·c) for an r×c input.
func (n *Node) GradDotIn(i int) (dst *mat.Dense, beta float64) {
	x := n.in[i]
	if x.gradDot.pass == x.tape.pass {
		return x.gradDot.m, 1
	}
	x.gradDot.store = &x.gdOwn
	x.shapeDots(&x.gdOwn)
	x.gradDot.m, x.gradDot.pass = &x.gdOwn, x.tape.pass
	return x.gradDot.m, 0
}

func (n *Node) shapeDots(m *mat.Dense) {
	r, c := n.value.Dims()
	n.tape.shape(m, r, n.tape.dirs*c)
}

// sweep computes the product of the Hessian of the loss of the last Backward
// with directions from to from+B of v (rows of flat vectors), and adds it to
// the same rows of dst.
func (t *Tape) sweep(dst, v *mat.Dense, from, directions int, ps *Params, loss *Node) {
	t.dirs = directions
	defer func() { t.dirs = 0 }()
	b := t.bind(ps)
	for _, n := range t.nodes[:t.n] {
		n.active, n.gradDot.pass = false, 0
	}
	for i, n := range b.leaf {
		if n != nil && b.leafGen[i] == t.gen {
			n.active = true
			n.shapeDots(&n.dot)
			eachRow(&n.dot, v, from, directions, n.param, func(dot, row []float64) { copy(dot, row) })
		}
	}
	for _, n := range t.nodes[:loss.index+1] {
		if n.op == nil || n.grad.pass != t.pass || !anyActive(n.in) {
			continue
		}
		op, ok := n.op.(SecondOrder)
		if !ok {
			panic(&tensor.UsageError{Op: "autograd.HVP", Problem: fmt.Sprintf("%T has no second-order rules: implement autograd.SecondOrder", n.op)})
		}
		n.active = true
		n.shapeDots(&n.dot)
		op.Tangent(n)
	}
	for i := loss.index; i >= 0; i-- {
		if n := t.nodes[i]; n.active && n.op != nil {
			n.op.(SecondOrder).BackwardTangent(n)
		}
	}
	for i, n := range b.leaf {
		if n != nil && b.leafGen[i] == t.gen && n.gradDot.pass == t.pass {
			eachRow(n.gradDot.m, dst, from, directions, n.param, func(dot, row []float64) { add(row, dot) })
		}
	}
}

func anyActive(in []*Node) bool {
	for _, x := range in {
		if x.active {
			return true
		}
	}
	return false
}

// eachRow pairs the rows of p's tangents with the places in the flat vectors
// that they stand for.
func eachRow(dots, flat *mat.Dense, from, directions int, p *Param, do func(dot, row []float64)) {
	r, c := p.Value.Dims()
	d := dots.RawMatrix()
	for k := range directions {
		row := flat.RawRowView(from + k)
		for i := range r {
			at := p.offset + i*c
			do(d.Data[i*d.Stride+k*c:i*d.Stride+(k+1)*c], row[at:at+c])
		}
	}
}

func add(dst, x []float64) {
	for i, v := range x {
		dst[i] += v
	}
}
