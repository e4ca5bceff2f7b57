package autograd

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Op is an operation: its rules compute its value, and the gradient of its
// inputs from that of its value. It is the one extension point: the ops and
// losses of this module use it too. See [Record].
//
// The matrices that rules get from the tape are contiguous, except the values
// of constants. Rules must not write to inputs or to n.Grad().
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

	value   *mat.Dense
	grad    gradient
	own     own
	buffers []*mat.Dense
	second  *second
}

// own is the memory of a slot, reused in every pass.
type own struct{ value, grad mat.Dense }

// second is what a node keeps for second order.
type second struct {
	dot, gradDot mat.Dense
	written      uint64 // the sweep that wrote gradDot
}

// gradient is the place of a gradient: void, in its own storage, or lent.
type gradient struct {
	m     *mat.Dense // holds the gradient if pass is the tape's
	store *mat.Dense // where it is written to
	pass  uint64
}

// Next returns the state of type T that the op recorded next had in the pass
// before, or a new one: targets, masks and scratch live there. The very next
// thing recorded must be that op: record its inputs first. Ops without state
// need not use it.
func Next[T any](t *Tape) *T {
	t.claim("autograd.Next")
	t.claimed = true
	if t.n < len(t.nodes) {
		if op, ok := any(t.nodes[t.n].op).(*T); ok {
			return op
		}
	}
	return new(T)
}

// claim panics if a slot was promised to an op that is not recorded yet.
func (t *Tape) claim(op string) {
	if t.claimed {
		t.claimed = false
		panic(&tensor.UsageError{Op: op, Problem: "something was recorded between an op's Next and its Record: record the inputs before calling Next"})
	}
}

// Record appends op, applied to the inputs, with a result of the given size,
// and computes its value. All inputs must be on one tape. It panics with a
// [tensor.UsageError] if they are not, or stale.
func Record(op Op, rows, cols int, inputs ...Var) Var {
	if len(inputs) == 0 {
		panic(&tensor.UsageError{Op: opName(op), Problem: "an op needs an input; use Const or Variable for a value from outside"})
	}
	t := inputs[0].node("autograd.Record").tape
	t.claimed = false
	n := t.next()
	n.op, n.needs = op, false
	if len(n.in) != len(inputs) {
		n.in = slices.Grow(n.in[:0], len(inputs))[:len(inputs)]
	}
	// Pointers are written only where they change: in a loop they do not, and
	// the garbage collector's write barrier costs more than the comparison.
	for i, v := range inputs {
		if v.n == nil || v.n.tape != t || v.gen != t.gen {
			t.n--
			v.node(opName(op)) // panics if v is stale
			panic(&tensor.UsageError{Op: opName(op), Problem: "the inputs are on different tapes"})
		}
		if n.in[i] != v.n {
			n.in[i] = v.n
		}
		n.needs = n.needs || v.n.needs
	}
	if n.value != &n.own.value {
		n.param, n.value, n.grad.store = nil, &n.own.value, &n.own.grad
	}
	t.shape(n.value, rows, cols)
	op.Forward(n)
	return Var{n, t.gen}
}

func opName(op Op) string { return fmt.Sprintf("%T", op) }

// In returns the value of input i.
func (n *Node) In(i int) *mat.Dense { return n.in[i].value }

// Inputs returns the number of inputs.
func (n *Node) Inputs() int { return len(n.in) }

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
	return n.in[i].writeGrad()
}

// LendGrad hands m over as the gradient of input i, instead of writing to
// GradIn. m must not change before the tape's next pass; it is copied only if
// another part has to be added, or if it is a parameter's or has gaps between
// its rows.
func (n *Node) LendGrad(i int, m *mat.Dense) {
	x := n.in[i]
	r, c := x.value.Dims()
	if mr, mc := m.Dims(); mr != r || mc != c {
		panic(&tensor.UsageError{Op: opName(n.op), Problem: fmt.Sprintf("lends a gradient of %d×%d for an input of %d×%d", mr, mc, r, c)})
	}
	if x.grad.pass != x.tape.pass && x.param == nil && n.contiguous(m) {
		if x.grad.pass = x.tape.pass; x.grad.m != m {
			x.grad.m = m
		}
		return
	}
	dst, beta := n.GradIn(i)
	tensor.Axpy(dst.RawMatrix(), beta, 1, m.RawMatrix())
}

// contiguous reports whether m has no gaps between its rows, as none has that
// the tape made.
func (n *Node) contiguous(m *mat.Dense) bool {
	if m == n.grad.m || slices.Contains(n.buffers, m) {
		return true
	}
	raw := m.RawMatrix()
	return raw.Stride == raw.Cols
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

// parallelElements is from where on work on elements is divided: even a sigmoid
// takes 0.2 ms then, several times as long as waking a helper.
const parallelElements = 1 << 17

// Parallel does all parts of job, which go over a number of elements together:
// with [tensor.Parallel] if they are many and the tape is not Serial, otherwise
// one after the other.
func (n *Node) Parallel(job tensor.Job, parts, elements int) {
	if elements >= parallelElements && !n.tape.Serial {
		tensor.Parallel(job, parts)
		return
	}
	for i := range parts {
		job.Part(i)
	}
}

// writeGrad returns the storage of the gradient of n: to be written (beta 0)
// the first time in a pass, to be added to after that.
func (n *Node) writeGrad() (dst *mat.Dense, beta float64) {
	g := &n.grad
	if g.pass == n.tape.pass {
		if g.m != g.store { // lent: it may not be written to
			r, c := g.m.Dims()
			n.tape.shape(g.store, r, c)
			g.store.Copy(g.m)
			g.m = g.store
		}
		return g.m, 1
	}
	r, c := n.value.Dims()
	n.tape.shape(g.store, r, c)
	if g.pass = n.tape.pass; g.m != g.store {
		g.m = g.store
	}
	return g.m, 0
}
