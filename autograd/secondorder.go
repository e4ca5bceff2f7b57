package autograd

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Directions returns B, the number of directions of the tangent sweep.
func (n *Node) Directions() int { return n.tape.dirs }

// Dot returns the tangents of this op's value: r×(B·c) for an r×c value.
func (n *Node) Dot() *mat.Dense { return &n.second.dot }

// DotIn returns the tangents of input i, or nil if it does not change along
// the directions.
func (n *Node) DotIn(i int) *mat.Dense {
	if !n.in[i].active {
		return nil
	}
	return &n.in[i].second.dot
}

// GradDot returns the tangents of Grad, or nil if they are zero.
func (n *Node) GradDot() *mat.Dense {
	if n.second.written != n.tape.sweeps {
		return nil
	}
	return &n.second.gradDot
}

// GradDotIn is GradIn for the tangents of the gradient of input i, which are
// r×(B·c) for an r×c input.
func (n *Node) GradDotIn(i int) (dst *mat.Dense, beta float64) {
	x := n.in[i]
	s := x.secondOrder()
	if s.written == x.tape.sweeps {
		return &s.gradDot, 1
	}
	s.written = x.tape.sweeps
	x.shapeDots(&s.gradDot)
	return &s.gradDot, 0
}

func (n *Node) secondOrder() *second {
	if n.second == nil {
		n.second = &second{}
	}
	return n.second
}

func (n *Node) shapeDots(m *mat.Dense) {
	r, c := n.value.Dims()
	n.tape.shape(m, r, n.tape.dirs*c)
}

// sweep computes the product of the Hessian of the loss of the last Backward
// with directions from to from+B of v (rows of flat vectors), and adds it to
// the same rows of dst.
func (t *Tape) sweep(dst, v *mat.Dense, from, directions int, ps *Params, loss *Node) {
	t.sweeps++
	t.dirs = directions
	for _, n := range t.nodes[:t.n] {
		n.active = false
	}
	b := t.bind(ps)
	for i := range b.leaf {
		if n := b.reached(i, t); n != nil && n.needs {
			n.active = true
			n.shapeDots(&n.secondOrder().dot)
			eachRow(&n.second.dot, v, from, directions, n.param, func(dot, row []float64) { copy(dot, row) })
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
		n.shapeDots(&n.secondOrder().dot)
		if t.Poison {
			guarded(n, op.Tangent)
		} else {
			op.Tangent(n)
		}
	}
	for i := loss.index; i >= 0; i-- {
		if n := t.nodes[i]; n.active && n.op != nil {
			if op := n.op.(SecondOrder); t.Poison {
				guarded(n, op.BackwardTangent)
			} else {
				op.BackwardTangent(n)
			}
		}
	}
	for i := range b.leaf {
		if n := b.reached(i, t); n != nil && n.active && n.second.written == t.sweeps {
			eachRow(&n.second.gradDot, dst, from, directions, n.param, func(dot, row []float64) { add(row, dot) })
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
