package autograd

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Mode says what a tape is for.
type Mode uint8

const (
	Train Mode = iota // records what gradients need; dropout is active
	Eval              // values only: keeps nothing for Backward; no dropout
)

// Tape records the operations of one pass and differentiates them. Reset
// starts the next pass in the same memory: operation k of a pass reuses the
// matrices of operation k of the pass before, so a loop that records the same
// operations again allocates nothing.
//
// A tape is for one goroutine; several tapes may share parameters.
type Tape struct {
	// Seed, Epoch, Step and FirstRow place this pass in a run: random masks
	// are a function of them, the layer and the row, so that they do not
	// depend on how a batch is split over tapes.
	Seed, Epoch, Step uint64
	FirstRow          int
	// Poison fills memory whose contents are undefined with NaN before a rule
	// gets it, to find rules that read it. For tests.
	Poison bool

	mode  Mode
	nodes []*Node
	n     int    // nodes recorded in this pass
	gen   uint64 // counts resets: a Var of another pass has another one
	pass  uint64 // counts backward sweeps: gradients of older ones are void
	bound []*binding
	dirs  int // directions of the tangent sweep, 0 outside
}

// NewTape returns an empty tape.
func NewTape(mode Mode) *Tape { return &Tape{mode: mode, gen: 1} }

// Mode returns the mode of the tape.
func (t *Tape) Mode() Mode { return t.mode }

// Reset forgets the recorded pass. Vars of it must not be used any more, and
// panic if they are.
func (t *Tape) Reset() { t.n = 0; t.gen++ }

// Len returns the number of values recorded since Reset, leaves included.
func (t *Tape) Len() int { return t.n }

// Var is a value of the pass being recorded: a parameter, an input, or the
// result of an operation. It is a handle, valid until the tape's next Reset.
type Var struct {
	n   *Node
	gen uint64
}

func (v Var) node(op string) *Node {
	if v.n == nil {
		panic(&tensor.UsageError{Op: op, Problem: "the zero Var is no value"})
	}
	if v.gen != v.n.tape.gen {
		panic(&tensor.UsageError{Op: op, Problem: "a Var of an earlier pass: its tape was reset since"})
	}
	return v.n
}

// Value returns the matrix of v. It belongs to the tape: copy it to keep it
// beyond the next Reset, and do not write to it.
func (v Var) Value() *mat.Dense { return v.node("autograd.Var.Value").value }

// Scalar returns the value of a 1×1 Var.
func (v Var) Scalar() float64 {
	n := v.node("autograd.Var.Scalar")
	if r, c := n.value.Dims(); r != 1 || c != 1 {
		panic(&tensor.UsageError{Op: "autograd.Var.Scalar", Problem: fmt.Sprintf("the value is %d×%d", r, c)})
	}
	return n.value.RawMatrix().Data[0]
}

// Dims returns the number of rows and columns of v.
func (v Var) Dims() (rows, cols int) { return v.node("autograd.Var.Dims").value.Dims() }

// Tape returns the tape that v is recorded on.
func (v Var) Tape() *Tape { return v.node("autograd.Var.Tape").tape }

// Grad returns the gradient of the last Backward's loss with respect to v, or
// nil if the loss does not depend on v or no gradient of v was wanted.
func (v Var) Grad() *mat.Dense {
	n := v.node("autograd.Var.Grad")
	if n.grad.pass != n.tape.pass {
		return nil
	}
	return n.grad.m
}

// next returns the slot of the next value of this pass.
func (t *Tape) next() *Node {
	if t.n == len(t.nodes) {
		t.nodes = append(t.nodes, &Node{tape: t, index: t.n})
	}
	n := t.nodes[t.n]
	t.n++
	return n
}

// leaf records a value that comes from outside. Its memory is never reused for
// an operation's result.
func (t *Tape) leaf(value *mat.Dense, needs bool) *Node {
	n := t.next()
	n.op, n.in, n.param = nil, n.in[:0], nil
	n.value, n.needs = value, needs && t.mode == Train
	n.grad.store, n.active = &n.gradOwn, false
	return n
}

// Const records data: no gradient is computed for it. The matrix is not
// copied and must not change before the tape is reset.
func (t *Tape) Const(x *mat.Dense) Var { return Var{t.leaf(x, false), t.gen} }

// Variable records data that a gradient is wanted for: see [Var.Grad].
func (t *Tape) Variable(x *mat.Dense) Var { return Var{t.leaf(x, true), t.gen} }

// Param records a parameter. Within one pass it is a single leaf, however
// often it is used.
func (t *Tape) Param(p *Param) Var {
	b := t.bind(p.set)
	if n := b.leaf[p.index]; n != nil && b.leafGen[p.index] == t.gen {
		return Var{n, t.gen}
	}
	n := t.leaf(p.Value, true)
	n.param, n.grad.store = p, &b.gradView[p.index]
	b.leaf[p.index], b.leafGen[p.index] = n, t.gen
	return Var{n, t.gen}
}

// binding is what a tape keeps for one Params: the gradient and, in second
// order, directions and their images, all in the layout of its vector.
type binding struct {
	set      *Params
	grad     []float64
	gradView []mat.Dense
	leaf     []*Node // of the pass with leafGen
	leafGen  []uint64
}

func (t *Tape) bind(ps *Params) *binding {
	for _, b := range t.bound {
		if b.set == ps {
			return b
		}
	}
	ps.check("use on a Tape")
	n := len(ps.list)
	b := &binding{set: ps, gradView: make([]mat.Dense, n), leaf: make([]*Node, n), leafGen: make([]uint64, n)}
	if t.mode == Train {
		b.grad = make([]float64, ps.Len())
		for i, p := range ps.list {
			b.gradView[i].SetRawMatrix(p.view(b.grad))
		}
	}
	t.bound = append(t.bound, b)
	return b
}

// Backward computes the gradient of a 1×1 loss with respect to everything on
// the tape that wants one. Each call replaces the gradients of the one before.
func (t *Tape) Backward(loss Var) {
	root := loss.node("autograd.Tape.Backward")
	switch r, c := root.value.Dims(); {
	case root.tape != t:
		panic(&tensor.UsageError{Op: "autograd.Tape.Backward", Problem: "the loss is on another tape"})
	case t.mode == Eval:
		panic(&tensor.UsageError{Op: "autograd.Tape.Backward", Problem: "the tape is in Eval mode, which keeps no gradients"})
	case r != 1 || c != 1:
		panic(&tensor.UsageError{Op: "autograd.Tape.Backward", Problem: fmt.Sprintf("the loss must be 1×1, it is %d×%d: take its Sum or Mean", r, c)})
	}
	t.pass++
	if root.needs {
		seed, _ := root.grad.write(root)
		seed.Set(0, 0, 1)
	}
	for i := root.index; i >= 0; i-- {
		if n := t.nodes[i]; n.op != nil && n.grad.pass == t.pass {
			n.op.Backward(n)
		}
	}
	for _, b := range t.bound {
		b.clearUnreached(t)
	}
}

// clearUnreached zeroes the gradient of parameters that the loss does not
// depend on; those that were reached have been written, not added to.
func (b *binding) clearUnreached(t *Tape) {
	for i, n := range b.leaf {
		if n == nil || b.leafGen[i] != t.gen || n.grad.pass != t.pass {
			clear(b.gradView[i].RawMatrix().Data)
		}
	}
}

// Grad returns the gradient with respect to p of the last Backward. It belongs
// to the tape and is overwritten by the next Backward.
func (t *Tape) Grad(p *Param) *mat.Dense { return &t.bind(p.set).gradView[p.index] }

// FlatGrad returns the gradient of the last Backward as one vector in the
// layout of ps.Vector(). It belongs to the tape.
func (t *Tape) FlatGrad(ps *Params) []float64 { return t.bind(ps).grad }
