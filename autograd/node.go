package autograd

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Op is an operation: its rules compute its value, and the gradient of its
// inputs from that of its value. It is the one extension point: the ops and
// losses of this module use it too. See [Record].
type Op interface {
	// Forward fills n.Value() from the values n.In(i).
	Forward(n *Node)
	// Backward hands n.Grad() on to every input i with n.Needs(i): it writes
	// beta·dst + n.Grad()·∂y/∂xᵢ to dst, with dst, beta := n.GradIn(i).
	Backward(n *Node)
}

// SecondOrder is an Op with the rules for Hessian-vector products. Tangents
// are derivatives along B directions at once, B = n.Directions(): the tangent
// of an r×c value is r×(B·c), the directions side by side.
type SecondOrder interface {
	Op
	// Tangent fills n.Dot() from the n.DotIn(i) that are not nil.
	Tangent(n *Node)
	// BackwardTangent is the tangent of Backward: it writes
	// beta·dst + n.GradDot()·∂y/∂xᵢ + n.Grad()·(∂y/∂xᵢ)˙ to dst, with
	// dst, beta := n.GradDotIn(i). n.GradDot() is nil where it is zero.
	BackwardTangent(n *Node)
}

// Node is the place on a tape where one application of an Op keeps its
// matrices. Rules get it from the tape; nothing else needs it.
type Node struct {
	tape   *Tape
	index  int
	op     Op
	in     []*Node
	param  *Param // of a leaf that is one
	needs  bool   // a gradient is wanted
	active bool   // has a tangent in this sweep

	value          *mat.Dense
	valueOwn       mat.Dense
	grad, gradDot  gradient
	gradOwn, gdOwn mat.Dense
	dot            mat.Dense
	buffers        []*mat.Dense
}

// gradient is the place of a gradient: void, in its own storage, or lent.
type gradient struct {
	m     *mat.Dense // holds the gradient if pass is the tape's
	store *mat.Dense // where it is written to
	pass  uint64
}

// Next returns the state of type T that the op about to be recorded had in the
// pass before, or a new one: targets, masks and scratch live there. Ops without
// state need not use it.
func Next[T any](t *Tape) *T {
	if t.n < len(t.nodes) {
		if op, ok := any(t.nodes[t.n].op).(*T); ok {
			return op
		}
	}
	return new(T)
}

// Record appends op, applied to the inputs, with a result of the given size,
// and computes its value. All inputs must be on one tape.
func Record(op Op, rows, cols int, inputs ...Var) Var {
	t := inputs[0].node("autograd.Record").tape
	n := t.next()
	n.op, n.param, n.needs, n.active = op, nil, false, false
	n.in = n.in[:0]
	for _, v := range inputs {
		if v.n == nil || v.n.tape != t || v.gen != t.gen {
			v.node(opName(op)) // panics if v is stale
			panic(&tensor.UsageError{Op: opName(op), Problem: "the inputs are on different tapes"})
		}
		n.in = append(n.in, v.n)
		n.needs = n.needs || v.n.needs
	}
	n.value, n.grad.store = &n.valueOwn, &n.gradOwn
	t.shape(n.value, rows, cols)
	op.Forward(n)
	return Var{n, t.gen}
}

func opName(op Op) string { return fmt.Sprintf("%T", op) }

// shape makes m rows×cols, in the memory it has if that is enough. Its
// contents are then undefined.
func (t *Tape) shape(m *mat.Dense, rows, cols int) {
	raw := m.RawMatrix()
	if raw.Rows != rows || raw.Cols != cols {
		if rows <= 0 || cols <= 0 {
			panic(&tensor.UsageError{Op: "autograd.Record", Problem: fmt.Sprintf("a value of %d×%d", rows, cols)})
		}
		if cap(raw.Data) < rows*cols {
			raw.Data = make([]float64, rows*cols)
		}
		raw = blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: raw.Data[:rows*cols]}
		m.SetRawMatrix(raw)
	}
	if t.Poison {
		for i := range raw.Data {
			raw.Data[i] = math.NaN()
		}
	}
}

// In returns the value of input i.
func (n *Node) In(i int) *mat.Dense { return n.in[i].value }

// Value returns the matrix that Forward fills. What it holds before is
// undefined.
func (n *Node) Value() *mat.Dense { return n.value }

// Wanted reports whether a gradient will be asked of this op: a fused loss
// then computes it together with the value.
func (n *Node) Wanted() bool { return n.needs }

// Needs reports whether the gradient of input i is wanted.
func (n *Node) Needs(i int) bool { return n.in[i].needs }

// Grad returns the gradient of the loss with respect to this op's value.
func (n *Node) Grad() *mat.Dense { return n.grad.m }

// GradIn returns where the gradient of input i goes: a rule writes
// beta·dst + its part. When beta is 0 the contents of dst are undefined.
func (n *Node) GradIn(i int) (dst *mat.Dense, beta float64) {
	return n.in[i].grad.write(n.in[i])
}

// LendGrad hands m over as the gradient of input i, instead of writing to
// GradIn. m must not change before the tape's next pass; it is copied only if
// another part has to be added.
func (n *Node) LendGrad(i int, m *mat.Dense) {
	x := n.in[i]
	if x.grad.pass != x.tape.pass && x.param == nil {
		x.grad.m, x.grad.pass = m, x.tape.pass
		return
	}
	dst, beta := n.GradIn(i)
	tensor.Axpy(dst.RawMatrix(), beta, 1, m.RawMatrix())
}

// Buffer returns scratch matrix k of this op, of the given size. It is reused
// at this place in later passes; what it holds lasts until then.
func (n *Node) Buffer(k, rows, cols int) *mat.Dense {
	for len(n.buffers) <= k {
		n.buffers = append(n.buffers, &mat.Dense{})
	}
	n.tape.shape(n.buffers[k], rows, cols)
	return n.buffers[k]
}

// Kept returns scratch matrix k with what the last Buffer(k, …) left in it.
func (n *Node) Kept(k int) *mat.Dense { return n.buffers[k] }

// write returns the storage of a gradient: to be written (beta 0) the first
// time in a pass, to be added to after that.
func (g *gradient) write(x *Node) (*mat.Dense, float64) {
	if g.pass == x.tape.pass {
		if g.m != g.store { // lent: it may not be written to
			r, c := g.m.Dims()
			x.tape.shape(g.store, r, c)
			g.store.Copy(g.m)
			g.m = g.store
		}
		return g.m, 1
	}
	r, c := x.value.Dims()
	x.tape.shape(g.store, r, c)
	g.m, g.pass = g.store, x.tape.pass
	return g.m, 0
}

// Inputs returns the number of inputs.
func (n *Node) Inputs() int { return len(n.in) }
