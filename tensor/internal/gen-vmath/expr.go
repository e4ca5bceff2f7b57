package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A formula is written once, as a list of operations on vectors of float64, and
// lowered to AVX-512 or AVX2 (see lower.go). Knowing the whole list, the lowering
// knows where a value is used last, and lets the result take its register.
type formula struct{ ops []*op }

// op is an operation and its result.
type op struct {
	kind kind
	args []*op
	bits uint64 // of a constant; predicate of a comparison; width of a shift
	mem  operand.Mem
	last int // index of the last use
	reg  reg.Register
	held bool // reg belongs to somebody else: do not overwrite
}

type kind int

const (
	constant kind = iota
	held
	load
	add
	sub
	mul
	div
	sqrt
	minimum
	maximum
	fma  // a·b + c
	fnma // c − a·b
	and
	or
	compare
	blend
	addInt
	shiftLeft
	shiftRight
	scale
	store
	assign
	keep

	effects = store // from here on: not for a result
)

func (f *formula) emit(k kind, args ...*op) *op {
	o := &op{kind: k, args: args}
	f.ops = append(f.ops, o)
	return o
}

func (f *formula) add(x, y *op) *op { return f.emit(add, x, y) }
func (f *formula) sub(x, y *op) *op { return f.emit(sub, x, y) }
func (f *formula) mul(x, y *op) *op { return f.emit(mul, x, y) }
func (f *formula) div(x, y *op) *op { return f.emit(div, x, y) }
func (f *formula) sqrt(x *op) *op   { return f.emit(sqrt, x) }

// min and max return y if either is NaN.
func (f *formula) min(x, y *op) *op { return f.emit(minimum, x, y) }
func (f *formula) max(x, y *op) *op { return f.emit(maximum, x, y) }

func (f *formula) fma(x, y, z *op) *op  { return f.emit(fma, x, y, z) }
func (f *formula) fnma(x, y, z *op) *op { return f.emit(fnma, x, y, z) }

func (f *formula) and(x, y *op) *op    { return f.emit(and, x, y) }
func (f *formula) or(x, y *op) *op     { return f.emit(or, x, y) }
func (f *formula) addInt(x, y *op) *op { return f.emit(addInt, x, y) }

func (f *formula) shiftLeft(x *op, n uint64) *op {
	o := f.emit(shiftLeft, x)
	o.bits = n
	return o
}

func (f *formula) shiftRight(x *op, n uint64) *op {
	o := f.emit(shiftRight, x)
	o.bits = n
	return o
}

// Predicates of VCMPPD: quiet, and false for NaN but for those with not.
const (
	equal        = 0x00
	notEqual     = 0x04
	less         = 0x11
	lessEqual    = 0x12
	notLessEqual = 0x16
	greaterEqual = 0x1d
	greater      = 0x1e
)

func (f *formula) compare(x *op, predicate uint64, y *op) *op {
	o := f.emit(compare, x, y)
	o.bits = predicate
	return o
}

// pick returns yes where the mask is set, no elsewhere.
func (f *formula) pick(mask, yes, no *op) *op { return f.emit(blend, mask, yes, no) }

// scale returns x·2ⁿ for an integer −1100 < n < 1100, rounded once.
func (f *formula) scale(x, n *op) *op { return f.emit(scale, x, n) }

func (f *formula) num(v float64) *op { return f.word(math.Float64bits(v)) }

func (f *formula) word(v uint64) *op {
	return &op{kind: constant, bits: v}
}

func (f *formula) load(m operand.Mem) *op {
	o := f.emit(load)
	o.mem = m
	return o
}

func (f *formula) store(m operand.Mem, x *op) {
	f.emit(store, x).mem = m
}

// held is a register that keeps its value from one pass of a loop to the next.
func holding(r reg.Register) *op { return &op{kind: held, reg: r, held: true} }

// assign sets a held register.
func (f *formula) assign(dst, x *op) { f.emit(assign, dst, x) }

// keep keeps x, which is for instructions outside of the formula.
func (f *formula) keep(x *op) { f.emit(keep, x) }

// prune removes operations whose results are not used.
func (f *formula) prune() {
	used := map[*op]bool{}
	kept := len(f.ops)
	for i := len(f.ops) - 1; i >= 0; i-- {
		o := f.ops[i]
		if o.kind >= effects || used[o] {
			for _, a := range o.args {
				used[a] = true
			}
			kept--
			f.ops[kept] = o
		}
	}
	f.ops = f.ops[kept:]
}

// findLastUses marks each value with the index of the operation that reads it
// last.
func (f *formula) findLastUses() {
	for i, o := range f.ops {
		for _, a := range o.args {
			a.last = i
		}
	}
}
