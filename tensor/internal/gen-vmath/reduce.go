package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// groups calls body for each group of 8 elements of an array, part by part: one
// with AVX-512, two with AVX2. The last time it masks elements past the end.
func (t *target) groups(n reg.Register, body func(part int, at func(reg.Register) operand.Mem)) {
	i, full := GP64(), GP64()
	XORQ(i, i)
	MOVQ(n, full)
	ANDQ(operand.I32(-8), full)
	parts := func(masked bool) {
		for part := range 8 / t.lanes() {
			from := part * t.lanes()
			if masked {
				t.mask = t.lanesBelow(n, from)
			}
			body(part, func(p reg.Register) operand.Mem {
				return operand.Mem{Base: p, Index: i, Scale: 8, Disp: 8 * from}
			})
			t.mask = nil
		}
	}
	Label("next")
	CMPQ(i, full)
	JGE(operand.LabelRef("rest"))
	parts(false)
	ADDQ(operand.U8(8), i)
	JMP(operand.LabelRef("next"))
	Label("rest")
	SUBQ(full, n)
	JZ(operand.LabelRef("done"))
	parts(true)
	Label("done")
}

// accumulators are 8 lanes of numbers, with one register for each part.
func (t *target) accumulators(start float64) (list []*op) {
	f := &formula{}
	for range 8 / t.lanes() {
		list = append(list, holding(t.register(f.num(start))))
	}
	return list
}

func (t *target) storeAll(list []*op, p reg.Register, offset int) {
	for part, o := range list {
		VMOVUPD(o.reg, operand.Mem{Base: p, Disp: offset + 8*part*t.lanes()})
	}
}

// sum adds up every eighth element, and what the additions lost.
func (t *target) sum() {
	t.begin("sum", "func(lanes *[16]float64, src *float64, n int)")
	lanes, src := Load(Param("lanes"), GP64()), Load(Param("src"), GP64())
	sum, lost := t.accumulators(0), t.accumulators(0)
	t.groups(Load(Param("n"), GP64()), func(part int, at func(reg.Register) operand.Mem) {
		f := &formula{}
		f.accumulate(sum[part], lost[part], f.load(at(src)))
		t.lower(f)
	})
	t.storeAll(sum, lanes, 0)
	t.storeAll(lost, lanes, 64)
	t.end()
}

// accumulate adds x to the sum, and what that rounds away to lost. Half of it are
// products with 1, for processors with other units for products.
func (f *formula) accumulate(sum, lost, x *op) {
	one := f.num(1)
	s := f.add(sum, x)
	b := f.fnma(one, sum, s)
	c := f.add(f.sub(sum, f.fnma(one, b, s)), f.fnma(one, b, x))
	f.assign(lost, f.add(lost, c))
	f.assign(sum, s)
}

// maximum finds the largest of every eighth element.
func (t *target) maximum() {
	t.begin("max", "func(lanes *[8]float64, src *float64, n int)")
	lanes, src := Load(Param("lanes"), GP64()), Load(Param("src"), GP64())
	largest := t.accumulators(negativeInfinity)
	t.groups(Load(Param("n"), GP64()), func(part int, at func(reg.Register) operand.Mem) {
		f := &formula{}
		x := f.load(at(src))
		if t.mask != nil {
			x = f.pick(holding(t.mask), x, f.num(negativeInfinity))
		}
		f.assign(largest[part], f.max(x, largest[part]))
		t.lower(f)
	})
	t.storeAll(largest, lanes, 0)
	t.end()
}

// index finds the first element equal to a number, in multiples of the lanes;
// what is left over is for the caller, who gets n rounded down.
func (t *target) index() {
	t.begin("index", "func(src *float64, n int, x float64) int")
	src, n := Load(Param("src"), GP64()), Load(Param("n"), GP64())
	x := holding(t.parameter("x"))
	i := GP64()
	found := GP32()
	XORQ(i, i)
	ANDQ(operand.I32(-t.lanes()), n)
	Label("next")
	CMPQ(i, n)
	JGE(operand.LabelRef("done"))
	f := &formula{}
	hit := f.compare(f.load(operand.Mem{Base: src, Index: i, Scale: 8}), equal, x)
	f.keep(hit)
	t.lower(f)
	if t.wide {
		KMOVB(hit.reg, found)
	} else {
		VMOVMSKPD(hit.reg, found)
	}
	TESTL(found, found)
	JNZ(operand.LabelRef("found"))
	ADDQ(operand.U8(t.lanes()), i)
	JMP(operand.LabelRef("next"))
	Label("found")
	BSFL(found, found)
	ADDQ(found.As64(), i)
	Label("done")
	Store(i, ReturnIndex(0))
	t.end()
}

// plusRows adds rows to dst, one after the other: some vectors of columns at a
// time, which stay in registers.
func (t *target) plusRows() {
	t.begin("plusRows", "func(dst, src *float64, rows, cols, stride int)")
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	rows, stride := Load(Param("rows"), GP64()), Load(Param("stride"), GP64())
	SHLQ(operand.U8(3), stride)
	calls := 0
	t.loop(Load(Param("cols"), GP64()), 4, func(at ...func(reg.Register) operand.Mem) {
		begin, sums := &formula{}, make([]*op, len(at))
		for k, at := range at {
			sums[k] = begin.load(at(dst))
			begin.keep(sums[k])
		}
		t.lower(begin)
		row, left := GP64(), GP64()
		MOVQ(src, row)
		MOVQ(rows, left)
		calls++
		label := fmt.Sprint("row", calls)
		Label(label)
		body, end := &formula{}, &formula{}
		for k, at := range at {
			sum := holding(sums[k].reg)
			body.assign(sum, body.add(sum, body.load(at(row))))
			end.store(at(dst), sum)
		}
		t.lower(body)
		ADDQ(stride, row)
		DECQ(left)
		JNZ(operand.LabelRef(label))
		t.lower(end)
	})
	t.end()
}
