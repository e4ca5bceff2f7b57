package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// target lowers formulas to one instruction set.
type target struct {
	name   string // suffix of the functions
	wide   bool   // AVX-512
	consts map[uint64]operand.Mem
	table  operand.Mem  // see lanesTable
	mask   reg.Register // of the lanes of a tail; nil: all
}

func (t *target) lanes() int {
	if t.wide {
		return 8
	}
	return 4
}

func (t *target) vector() reg.VecVirtual {
	if t.wide {
		return ZMM()
	}
	return YMM()
}

// memory returns where the constant is: once for AVX-512, which broadcasts from
// memory, and four times for AVX2.
func (t *target) memory(bits uint64) operand.Mem {
	m, ok := t.consts[bits]
	if !ok {
		m = GLOBL(fmt.Sprintf("c%016x", bits), attr.RODATA|attr.NOPTR)
		copies := 4
		if t.wide {
			copies = 1
		}
		for i := range copies {
			DATA(8*i, operand.U64(bits))
		}
		t.consts[bits] = m
	}
	return m
}

type instruction func(...operand.Op)

// forms are the forms of an instruction with the last source operand in a
// register or in memory of the full width, and a broadcast number in memory.
type forms struct{ full, broadcast instruction }

var binary = map[kind]forms{
	add:     {VADDPD, VADDPD_BCST},
	sub:     {VSUBPD, VSUBPD_BCST},
	mul:     {VMULPD, VMULPD_BCST},
	div:     {VDIVPD, VDIVPD_BCST},
	minimum: {VMINPD, VMINPD_BCST},
	maximum: {VMAXPD, VMAXPD_BCST},
	addInt:  {VPADDQ, VPADDQ_BCST},
	and:     {VPANDQ, VPANDQ_BCST},
	or:      {VPORQ, VPORQ_BCST},
}

var commutes = map[kind]bool{add: true, mul: true, addInt: true, and: true, or: true}

// fused has the forms dst = b·dst + c (213) and dst = a·b + dst (231).
var fused = map[kind]struct{ f213, f231 forms }{
	fma:  {forms{VFMADD213PD, VFMADD213PD_BCST}, forms{VFMADD231PD, VFMADD231PD_BCST}},
	fnma: {forms{VFNMADD213PD, VFNMADD213PD_BCST}, forms{VFNMADD231PD, VFNMADD231PD_BCST}},
}

// last returns the form of an instruction that takes o as its last source, and
// o as its operand.
func (t *target) last(f forms, o *op) (instruction, operand.Op) {
	switch {
	case o.kind != constant:
		return f.full, o.reg
	case t.wide:
		return f.broadcast, t.memory(o.bits)
	}
	return f.full, t.memory(o.bits)
}

// register returns o in a register, loading it if it is a constant.
func (t *target) register(o *op) reg.Register {
	if o.kind != constant {
		return o.reg
	}
	r := t.vector()
	VBROADCASTSD(t.memory(o.bits), r)
	return r
}

// lower emits the instructions of formulas of the same length, in turns, so that
// the processor finds work of one while it waits for another.
func (t *target) lower(list ...*formula) {
	for _, f := range list {
		f.prune()
		f.findLastUses()
	}
	for i := range list[0].ops {
		for _, f := range list {
			t.instruction(f.ops[i], i)
		}
	}
}

// dies says whether a is an argument of operation i that nothing else needs.
func dies(a *op, i int) bool { return a.kind != constant && !a.held && a.last == i }

func (t *target) instruction(o *op, i int) {
	a := o.args
	switch o.kind {
	case load:
		o.reg = t.vector()
		t.move(o.mem, o.reg)
	case keep:
	case store:
		t.move(t.register(a[0]), o.mem)
	case assign:
		VMOVAPD(t.register(a[1]), a[0].reg)
	case sqrt:
		o.reg = t.vector()
		VSQRTPD(a[0].reg, o.reg)
	case shiftLeft:
		o.reg = t.vector()
		VPSLLQ(operand.U8(o.bits), a[0].reg, o.reg)
	case shiftRight:
		o.reg = t.vector()
		VPSRLQ(operand.U8(o.bits), a[0].reg, o.reg)
	case compare:
		t.compare(o)
	case blend:
		t.blend(o, i)
	case fma, fnma:
		t.fused(o, i)
	case scale:
		t.scale(o)
	default:
		x, y := a[0], a[1]
		if commutes[o.kind] && x.kind == constant {
			x, y = y, x
		}
		left := t.register(x)
		f := binary[o.kind]
		if !t.wide {
			switch o.kind { // these have other names without masks
			case and:
				f.full = func(o ...operand.Op) { VPAND(o[0], o[1], o[2]) }
			case or:
				f.full = func(o ...operand.Op) { VPOR(o[0], o[1], o[2]) }
			}
		}
		form, right := t.last(f, y)
		o.reg = t.vector()
		form(right, left, o.reg)
	}
}

// move loads or stores, only the lanes of a tail if there is a mask. Lanes that
// are not loaded are 0.
func (t *target) move(from, to operand.Op) {
	_, loads := from.(operand.Mem)
	switch {
	case t.mask == nil:
		VMOVUPD(from, to)
	case !t.wide:
		VMASKMOVPD(from, t.mask, to)
	case loads:
		VMOVUPD_Z(from, t.mask, to)
	default:
		VMOVUPD(from, t.mask, to)
	}
}

func (t *target) compare(o *op) {
	left := t.register(o.args[0])
	if t.wide {
		o.reg = K()
	} else {
		o.reg = YMM()
	}
	form, right := t.last(forms{VCMPPD, VCMPPD_BCST}, o.args[1])
	form(operand.U8(o.bits), right, left, o.reg)
}

// blend merges yes into no. VBLENDMPD would not need the copy, but avo takes its
// destination for a source.
func (t *target) blend(o *op, i int) {
	mask, yes, no := o.args[0].reg, o.args[1], o.args[2]
	if !t.wide {
		left := t.register(no)
		_, right := t.last(forms{}, yes)
		o.reg = t.vector()
		VBLENDVPD(mask, right, left, o.reg)
		return
	}
	o.reg = t.register(no)
	if no.kind != constant && (!dies(no, i) || no == yes) {
		o.reg = t.copy(no.reg)
	}
	if yes.kind == constant {
		VBROADCASTSD(t.memory(yes.bits), mask, o.reg)
	} else {
		VMOVAPD(yes.reg, mask, o.reg)
	}
}

// fused lowers ±x·y + z so that the result takes the register of a value that
// dies.
func (t *target) fused(o *op, i int) {
	x, y, z := o.args[0], o.args[1], o.args[2]
	if x.kind == constant || dies(y, i) && !dies(x, i) && y != z {
		x, y = y, x
	}
	f := fused[o.kind]
	if z.kind == constant && y.kind != constant || dies(x, i) && !dies(z, i) && x != y && x != z && y.kind != constant {
		// dst = x
		o.reg = x.reg
		if !dies(x, i) || x == y {
			o.reg = t.copy(x.reg)
		}
		form, c := t.last(f.f213, z)
		form(c, y.reg, o.reg)
		return
	}
	o.reg = t.register(z) // dst = z; a loaded constant is ours
	if z.kind != constant && (!dies(z, i) || z == x || z == y) {
		o.reg = t.copy(z.reg)
	}
	form, b := t.last(f.f231, y)
	form(b, x.reg, o.reg)
}

func (t *target) copy(r reg.Register) reg.Register {
	c := t.vector()
	VMOVAPD(r, c)
	return c
}

// scale lowers x·2ⁿ. Without VSCALEFPD it takes two products, of which the
// first, by 2ᵐ with |m| ≤ 1000, is exact.
func (t *target) scale(o *op) {
	x, n := o.args[0], o.args[1]
	if t.wide {
		o.reg = t.vector()
		VSCALEFPD(t.register(n), t.register(x), o.reg)
		return
	}
	f := &formula{}
	x, n = holding(t.register(x)), holding(t.register(n))
	m := f.max(f.min(n, f.num(1000)), f.num(-1000))
	product := f.mul(f.mul(x, f.power(m)), f.power(f.sub(n, m)))
	f.keep(product)
	t.lower(f)
	o.reg = product.reg
}

// power returns 2ⁿ for an integer |n| ≤ 1022: adding 1.5·2⁵² moves the integer
// to the last bits, from where it is shifted to the exponent.
func (f *formula) power(n *op) *op {
	return f.addInt(f.shiftLeft(f.add(n, f.num(0x1.8p52)), 52), f.num(1))
}
