package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set as the kernels see it.
type isa struct {
	name  string
	lanes int // float64 values in a register
}

var (
	avx512 = isa{"AVX512", 8}
	avx2   = isa{"AVX2", 4}
)

func (s isa) wide() bool { return s.lanes == 8 }

// vec returns a fresh register of the full width.
func (s isa) vec() reg.VecVirtual {
	if s.wide() {
		return build.ZMM()
	}
	return build.YMM()
}

// zeros returns n fresh registers holding zeros.
func (s isa) zeros(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = s.vec()
		s.zero(v[i])
	}
	return v
}

func (s isa) zero(v reg.VecVirtual) {
	if s.wide() {
		build.VPXORQ(v, v, v)
	} else {
		build.VXORPD(v, v, v)
	}
}

// tail stands for the lanes that exist in the last vector of a row.
type tail struct {
	wide bool
	k    reg.OpmaskVirtual // AVX-512: bits
	word operand.Mem       // AVX2: words of ones and zeros
}

// tail prepares a mask of the first n lanes. It destroys n.
func (s isa) tail(n reg.GPVirtual) tail {
	if s.wide() {
		bits := build.GP64()
		build.MOVQ(operand.I32(-1), bits)
		build.BZHIQ(n, bits, bits)
		k := build.K()
		build.KMOVW(bits.As32(), k)
		return tail{wide: true, k: k}
	}
	words := build.GP64()
	build.LEAQ(laneMask, words)
	build.NEGQ(n)
	build.LEAQ(operand.Mem{Base: words, Index: n, Scale: 8, Disp: 8 * maskLanes}, words)
	return tail{word: operand.Mem{Base: words}}
}

// load reads the lanes of the mask and sets the others to zero.
func (t tail) load(from operand.Mem, to reg.VecVirtual) {
	if t.wide {
		build.VMOVUPD_Z(from, t.k, to)
		return
	}
	build.VMOVUPD(t.word, to)
	build.VMASKMOVPD(from, to, to)
}

// store writes the lanes of the mask. AVX2 needs a register for it.
func (t tail) store(from, scratch reg.VecVirtual, to operand.Mem) {
	if t.wide {
		build.VMOVUPD(from, t.k, to)
		return
	}
	build.VMOVUPD(t.word, scratch)
	build.VMASKMOVPD(from, scratch, to)
}

// laneMask holds maskLanes words of ones, then as many of zeros: a mask of n
// lanes begins n words before the middle.
var laneMask operand.Mem

const maskLanes = 8

func emitLaneMask() {
	laneMask = build.GLOBL("laneMask", attr.RODATA|attr.NOPTR)
	for i := range maskLanes {
		build.DATA(8*i, operand.U64(^uint64(0)))
	}
	for i := range maskLanes {
		build.DATA(8*(maskLanes+i), operand.U64(0))
	}
}

// params reads the structure that a kernel gets a pointer to.
type params struct{ ptr reg.GPVirtual }

// function begins a kernel whose one argument points to a structure of
// package gemm. The declaration is written by [declarations]; avo needs to
// know no more than the size of the argument.
func function(name, structure, doc string) params {
	declare(name, structure, doc)
	build.TEXT(name, attr.NOSPLIT, "func(p uintptr)")
	return params{build.Load(build.Param("p"), build.GP64()).(reg.GPVirtual)}
}

func (p params) mem(offset int) operand.Mem { return operand.Mem{Base: p.ptr, Disp: offset} }

func (p params) load(offset int) reg.GPVirtual {
	r := build.GP64()
	build.MOVQ(p.mem(offset), r)
	return r
}

// times addresses base + n·stride for n = 0, 1, 2, 4 or 8.
func times(base, stride reg.GPVirtual, n int) operand.Mem {
	if n == 0 {
		return operand.Mem{Base: base}
	}
	return operand.Mem{Base: base, Index: stride, Scale: uint8(n)}
}

// rowPointers addresses up to eight rows that lie stride bytes apart with three
// registers, since an index can be scaled by 1, 2, 4 or 8 only.
type rowPointers struct {
	base   [3]reg.GPVirtual
	stride reg.GPVirtual
	used   int
}

func newRowPointers(first, stride reg.GPVirtual, rows int) rowPointers {
	p := rowPointers{base: [3]reg.GPVirtual{first}, stride: stride, used: (rows + 2) / 3}
	for i := 1; i < p.used; i++ {
		p.base[i] = build.GP64()
	}
	return p
}

// spread derives the other registers from the first.
func (p rowPointers) spread() {
	for i := 1; i < p.used; i++ {
		build.LEAQ(operand.Mem{Base: p.base[i-1], Index: p.stride, Scale: 2}, p.base[i])
		build.ADDQ(p.stride, p.base[i])
	}
}

func (p rowPointers) row(i, disp int) operand.Mem {
	m := times(p.base[i/3], p.stride, i%3)
	m.Disp = disp
	return m
}

func (p rowPointers) advance(by operand.Op) {
	for i := range p.used {
		build.ADDQ(by, p.base[i])
	}
}

func label(format string, args ...any) string { return fmt.Sprintf(format, args...) }
