package autograd

import (
	"fmt"
	"slices"

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
	// Serial keeps all work on the goroutine of the tape. Without it, products,
	// activations and losses of large matrices use the other processors as well,
	// with the same bits: set it where several tapes work at once.
	Serial bool
	// Poison fills memory whose contents are undefined with NaN before a rule
	// gets it, to find rules that read it. For tests.
	Poison bool

	mode    Mode
	nodes   []*Node
	n       int    // nodes recorded in this pass
	gen     uint64 // counts resets: a Var of another pass has another one
	pass    uint64 // counts backward sweeps: gradients of older ones are void
	claimed bool   // the next slot is promised to an op: see Next
	bound   []*binding
	sweeps  uint64 // counts tangent sweeps
	dirs    int    // directions of the sweep
}

// NewTape returns an empty tape.
func NewTape(mode Mode) *Tape { return &Tape{mode: mode, gen: 1} }

// Mode returns the mode of the tape.
func (t *Tape) Mode() Mode { return t.mode }

// Reset forgets the recorded pass. Vars of it must not be used any more, and
// panic if they are.
func (t *Tape) Reset() { t.n, t.claimed = 0, false; t.gen++ }

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

// leaf records a value that comes from outside. Its memory is never reused for
// an operation's result.
func (t *Tape) leaf(value *mat.Dense, needs bool) *Node {
	t.claim("autograd.Tape")
	if value == nil || value.IsEmpty() {
		panic(&tensor.UsageError{Op: "autograd.Tape", Problem: "an empty matrix is no value"})
	}
	n := t.next()
	n.op, n.in, n.param = nil, n.in[:0], nil
	n.value, n.needs = value, needs && t.mode == Train
	n.grad.store = &n.own.grad
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
	if p.set == nil || p.Value != p.view {
		panic(&tensor.UsageError{Op: "autograd.Tape.Param", Problem: fmt.Sprintf("%q was not made by NewParam, or its Value was replaced: copy into it instead", p.Name)})
	}
	b := t.bind(p.set)
	if n := b.leaf[p.index]; n != nil && b.leafGen[p.index] == t.gen {
		return Var{n, t.gen}
	}
	n := t.leaf(p.Value, !p.Frozen)
	n.param, n.grad.store = p, &b.gradView[p.index]
	b.leaf[p.index], b.leafGen[p.index] = n, t.gen
	return Var{n, t.gen}
}

// binding is what a tape keeps for one Params: the gradient in the layout of
// its vector, and the leaves that stand for the parameters in this pass.
type binding struct {
	set      *Params
	grad     []float64
	gradView []mat.Dense
	leaf     []*Node // valid if leafGen is the tape's gen
	leafGen  []uint64
}

// bind returns the tape's binding of ps, and drops those that NewParams made
// void.
func (t *Tape) bind(ps *Params) *binding {
	for _, b := range t.bound {
		if b.set == ps && !ps.dissolved() {
			return b
		}
	}
	ps.check("use on a Tape")
	t.bound = slices.DeleteFunc(t.bound, func(b *binding) bool { return b.set.dissolved() })
	n := len(ps.list)
	b := &binding{set: ps, gradView: make([]mat.Dense, n), leaf: make([]*Node, n), leafGen: make([]uint64, n)}
	if t.mode == Train {
		b.grad = make([]float64, ps.Len())
		for i, p := range ps.list {
			b.gradView[i].SetRawMatrix(p.in(b.grad))
		}
	}
	t.bound = append(t.bound, b)
	return b
}

// reached returns the leaf of parameter i, or nil if the current pass does not
// use it.
func (b *binding) reached(i int, t *Tape) *Node {
	if b.leafGen[i] != t.gen {
		return nil
	}
	return b.leaf[i]
}

// Backward computes the gradient of a 1×1 loss with respect to everything on
// the tape that wants one. Each call replaces the gradients of the one before.
func (t *Tape) Backward(loss Var) {
	t.train("autograd.Tape.Backward")
	root := loss.node("autograd.Tape.Backward")
	switch r, c := root.value.Dims(); {
	case root.tape != t:
		panic(&tensor.UsageError{Op: "autograd.Tape.Backward", Problem: "the loss is on another tape"})
	case r != 1 || c != 1:
		panic(&tensor.UsageError{Op: "autograd.Tape.Backward", Problem: fmt.Sprintf("the loss must be 1×1, it is %d×%d: take its Sum or Mean", r, c)})
	}
	t.pass++
	if root.needs {
		seed, _ := root.writeGrad()
		seed.Set(0, 0, 1)
	}
	for i := root.index; i >= 0; i-- {
		n := t.nodes[i]
		switch {
		case n.op == nil || n.grad.pass != t.pass:
		case t.Poison:
			guarded(n, n.op.Backward)
		default:
			n.op.Backward(n)
		}
	}
	for _, b := range t.bound {
		// Parameters that the loss depends on were written, not added to.
		for i := range b.leaf {
			if n := b.reached(i, t); n == nil || n.grad.pass != t.pass {
				clear(b.gradView[i].RawMatrix().Data)
			}
		}
	}
}

// Grad returns the gradient with respect to p of the last Backward. It belongs
// to the tape and is overwritten by the next Backward.
func (t *Tape) Grad(p *Param) *mat.Dense {
	t.train("autograd.Tape.Grad")
	if t.pass == 0 {
		panic(&tensor.UsageError{Op: "autograd.Tape.Grad", Problem: "there was no Backward yet"})
	}
	return &t.bind(p.set).gradView[p.index]
}

// FlatGrad returns the gradient of the last Backward as one vector in the
// layout of ps.Vector(). It belongs to the tape.
func (t *Tape) FlatGrad(ps *Params) []float64 {
	t.train("autograd.Tape.FlatGrad")
	if t.pass == 0 {
		panic(&tensor.UsageError{Op: "autograd.Tape.FlatGrad", Problem: "there was no Backward yet"})
	}
	return t.bind(ps).grad
}

func (t *Tape) train(op string) {
	if t.mode != Train {
		panic(&tensor.UsageError{Op: op, Problem: "the tape is in Eval mode, which keeps no gradients"})
	}
}
