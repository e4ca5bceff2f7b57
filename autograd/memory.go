package autograd

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// slab is the number of nodes allocated at once, so that a pass walks through
// memory in order.
const slab = 32

// next returns the slot of the next value of this pass. Its gradient is void.
func (t *Tape) next() *Node {
	if t.n == len(t.nodes) {
		nodes := make([]Node, slab)
		for i := range nodes {
			nodes[i].tape, nodes[i].index = t, t.n+i
			t.nodes = append(t.nodes, &nodes[i])
		}
	}
	n := t.nodes[t.n]
	t.n++
	n.grad.pass = 0
	return n
}

// shape makes m rows×cols, in the memory it has if that is enough. Its
// contents are then undefined.
func (t *Tape) shape(m *mat.Dense, rows, cols int) {
	if r, c := m.Dims(); r != rows || c != cols || t.Poison {
		t.reshape(m, rows, cols)
	}
}

func (t *Tape) reshape(m *mat.Dense, rows, cols int) {
	if rows <= 0 || cols <= 0 {
		panic(&tensor.UsageError{Op: "autograd.Record", Problem: fmt.Sprintf("a value of %d×%d", rows, cols)})
	}
	data := m.RawMatrix().Data
	if cap(data) < rows*cols {
		data = make([]float64, rows*cols)
	}
	m.SetRawMatrix(tensor.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: data[:rows*cols]})
	if t.Poison {
		tensor.Fill(m.RawMatrix(), math.NaN())
	}
}

// guarded runs a rule of n and panics if it changed the gradient or an input
// that it was given. Tapes with Poison run all rules so.
func guarded(n *Node, rule func(*Node)) {
	before := n.fingerprint()
	rule(n)
	if n.fingerprint() != before {
		panic(&tensor.UsageError{Op: opName(n.op), Problem: "a rule wrote to its gradient or to the value of an input"})
	}
}

// fingerprint is a checksum of what the rules of n may only read.
func (n *Node) fingerprint() (h uint64) {
	mix := func(m *mat.Dense) {
		raw := m.RawMatrix()
		for i := range raw.Rows {
			for _, v := range tensor.Row(raw, i) {
				h = (h ^ math.Float64bits(v)) * 0x9e3779b97f4a7c15
				h ^= h >> 29
			}
		}
	}
	for _, x := range n.in {
		mix(x.value)
	}
	if n.grad.pass == n.tape.pass {
		mix(n.grad.m)
	}
	return h
}
