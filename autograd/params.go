package autograd

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Param is a named matrix that an objective is differentiated with respect to.
// Gradients and directions are not kept here but by each [Tape], so tapes on
// several goroutines may share a Param.
type Param struct {
	Name  string
	Value *mat.Dense // a view into the vector of the Params it belongs to: change its elements, not the pointer
	Role  Role
	// Frozen parameters keep their value: no gradient is computed for them.
	Frozen bool

	view   *mat.Dense // what Value must be
	set    *Params
	index  int // in set.list
	offset int // in set.vector
}

// Role says what a parameter is to its layer; penalties spare biases, and
// weight files store weights transposed.
type Role uint8

const (
	Weight Role = iota // in×out, from the left input to the right output
	Bias               // 1×out, added to every row
)

// NewParam returns a zero parameter, alone in a vector of its own.
func NewParam(name string, rows, cols int) *Param {
	p := &Param{Name: name, Value: mat.NewDense(rows, cols, nil)}
	p.view = p.Value
	NewParams(p)
	return p
}

// Params are the parameters of a model laid out one after the other, row by
// row, in a single vector. A gradient, a direction, a step of an optimiser and
// a checkpoint are vectors of the same layout.
type Params struct {
	list   []*Param
	vector []float64
}

// NewParams moves the values of the given parameters into one new vector and
// makes them views of it; naming one twice is the same as naming it once. If
// they already are exactly one Params in this order, it is returned unchanged.
// Any other Params that a parameter belonged to must not be used any more. To
// train some parameters of a model only, set Frozen in the others.
func NewParams(params ...*Param) *Params {
	seen := make(map[*Param]bool, len(params))
	s, n := &Params{}, 0
	for _, p := range params {
		if p.view == nil || p.Value != p.view {
			panic(&tensor.UsageError{Op: "autograd.NewParams", Problem: fmt.Sprintf("%q was not made by NewParam, or its Value was replaced", p.Name)})
		}
		if !seen[p] {
			seen[p] = true
			s.list = append(s.list, p)
			r, c := p.Value.Dims()
			n += r * c
		}
	}
	if len(s.list) > 0 && s.list[0].set.same(s.list) {
		return s.list[0].set
	}
	s.vector = make([]float64, n)
	offset := 0
	for i, p := range s.list {
		r, c := p.Value.Dims()
		view := mat.NewDense(r, c, s.vector[offset:offset+r*c:offset+r*c])
		view.Copy(p.Value)
		p.Value.SetRawMatrix(view.RawMatrix())
		if p.set != nil {
			p.set.list = nil // see dissolved
		}
		p.set, p.index, p.offset = s, i, offset
		offset += r * c
	}
	return s
}

func (ps *Params) same(list []*Param) bool {
	if ps == nil || len(ps.list) != len(list) {
		return false
	}
	for i, p := range list {
		if ps.list[i] != p {
			return false
		}
	}
	return true
}

// Vector returns the storage of all values: writing to it changes the model.
func (ps *Params) Vector() []float64 { ps.check("Vector"); return ps.vector }

// List returns the parameters in the order of the vector.
func (ps *Params) List() []*Param { ps.check("List"); return ps.list }

// Len returns the number of values.
func (ps *Params) Len() int { return len(ps.vector) }

// dissolved reports whether the parameters were moved to another Params.
func (ps *Params) dissolved() bool { return ps.list == nil && len(ps.vector) > 0 }

func (ps *Params) check(op string) {
	if ps.dissolved() {
		panic(&tensor.UsageError{Op: "autograd.Params." + op, Problem: "its parameters were moved to another vector by NewParams"})
	}
}

// At names the parameter, row and column of an index of the vector, as
// "layers.0.weight[2,1]".
func (ps *Params) At(i int) string {
	for _, p := range ps.List() {
		r, c := p.Value.Dims()
		if k := i - p.offset; k >= 0 && k < r*c {
			return fmt.Sprintf("%s[%d,%d]", p.Name, k/c, k%c)
		}
	}
	panic(&tensor.UsageError{Op: "autograd.Params.At", Problem: fmt.Sprintf("index %d of %d", i, ps.Len())})
}

// in returns the part of a vector of the layout of ps that belongs to p.
func (p *Param) in(vector []float64) blas64.General {
	r, c := p.Value.Dims()
	return blas64.General{Rows: r, Cols: c, Stride: c, Data: vector[p.offset : p.offset+r*c]}
}
