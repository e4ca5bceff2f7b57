package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets in gemm.copying.
const (
	copyRows = 8 * iota
	copyVectors
	copyTail
	copyFrom
	copyFromRow
	copyTo
	copyToRow
	copyToGroup
	copyWeights
)

// emitCopy writes two kernels that copy rows of up to vectors·lanes values,
// filling the last vector with zeros; the second multiplies each row by a
// weight.
func emitCopy(s isa) {
	for _, weighted := range []bool{false, true} {
		name, doc := "copyRows"+s.name, "copies rows."
		if weighted {
			name, doc = "weighRows"+s.name, "copies rows times their weights."
		}
		in := function(name, "copying", doc)
		rows, vectors := in.load(copyRows), in.load(copyVectors)
		from, fromRow, to, toRow := in.load(copyFrom), in.load(copyFromRow), in.load(copyTo), in.load(copyToRow)
		last := s.tail(in.load(copyTail))
		var w reg.GPVirtual
		if weighted {
			w = in.load(copyWeights)
		}
		build.DECQ(vectors)
		build.Label(name + "_row")
		x, v := s.vec(), s.vec()
		if weighted {
			build.VBROADCASTSD(operand.Mem{Base: w}, x)
			build.ADDQ(operand.U8(8), w)
		}
		at := build.GP64()
		build.XORQ(at, at)
		n := build.GP64()
		build.MOVQ(vectors, n)
		src, dst := operand.Mem{Base: from, Index: at, Scale: 1}, operand.Mem{Base: to, Index: at, Scale: 1}
		build.TESTQ(n, n)
		build.JZ(operand.LabelRef(name + "_last"))
		build.Label(name + "_vector")
		if weighted {
			build.VMULPD(src, x, v)
		} else {
			build.VMOVUPD(src, v)
		}
		build.VMOVUPD(v, dst)
		build.ADDQ(operand.U8(8*s.lanes), at)
		build.DECQ(n)
		build.JNZ(operand.LabelRef(name + "_vector"))
		build.Label(name + "_last")
		last.load(src, v)
		if weighted {
			build.VMULPD(v, x, v)
		}
		build.VMOVUPD(v, dst)
		build.ADDQ(fromRow, from)
		build.ADDQ(toRow, to)
		build.DECQ(rows)
		build.JNZ(operand.LabelRef(name + "_row"))
		build.VZEROUPPER()
		build.RET()
	}
}

// emitTranspose writes a kernel that copies groups of rows, as many rows as
// there are lanes, into columns: a block of lanes by lanes at a time, in
// registers.
func emitTranspose(s isa) {
	name := "transpose" + s.name
	in := function(name, "copying", label("copies groups of %d rows into columns.", s.lanes))
	groups, from, fromRow := in.load(copyRows), in.load(copyFrom), in.load(copyFromRow)
	to, toRow := in.load(copyTo), in.load(copyToRow)
	last := s.tail(in.load(copyTail))
	build.Label(name + "_group")
	first, row, vectors := build.GP64(), build.GP64(), in.load(copyVectors)
	build.MOVQ(from, first)
	build.MOVQ(to, row)
	rows := newRowPointers(first, fromRow, s.lanes)
	rows.spread()
	block := func(load func(operand.Mem, reg.VecVirtual), stored func(int)) {
		r := make([]reg.VecVirtual, s.lanes)
		for i := range r {
			r[i] = s.vec()
			load(rows.row(i, 0), r[i])
		}
		for i, v := range s.transposed(r) {
			build.VMOVUPD(v, operand.Mem{Base: row})
			build.ADDQ(toRow, row)
			stored(i)
		}
		rows.advance(operand.U8(8 * s.lanes))
	}
	build.DECQ(vectors)
	build.JZ(operand.LabelRef(name + "_last"))
	build.Label(name + "_block")
	block(func(m operand.Mem, v reg.VecVirtual) { build.VMOVUPD(m, v) }, func(int) {})
	build.DECQ(vectors)
	build.JNZ(operand.LabelRef(name + "_block"))
	build.Label(name + "_last")
	left := in.load(copyTail)
	block(last.load, func(i int) {
		if i < s.lanes-1 {
			build.CMPQ(left, operand.U8(i+1))
			build.JE(operand.LabelRef(name + "_done"))
		}
	})
	build.Label(name + "_done")
	build.LEAQ(times(from, fromRow, s.lanes), from)
	build.ADDQ(in.mem(copyToGroup), to)
	build.DECQ(groups)
	build.JNZ(operand.LabelRef(name + "_group"))
	build.VZEROUPPER()
	build.RET()
}

// transposed returns registers with the columns of the rows r.
func (s isa) transposed(r []reg.VecVirtual) []reg.VecVirtual {
	pairs := make([]reg.VecVirtual, len(r)) // even and odd columns of two rows
	for i := 0; i < len(r); i += 2 {
		pairs[i], pairs[i+1] = s.vec(), s.vec()
		build.VUNPCKLPD(r[i+1], r[i], pairs[i])
		build.VUNPCKHPD(r[i+1], r[i], pairs[i+1])
	}
	out := make([]reg.VecVirtual, len(r))
	for i := range out {
		out[i] = s.vec()
	}
	for odd := range 2 {
		if !s.wide() {
			build.VPERM2F128(operand.U8(0x20), pairs[2+odd], pairs[odd], out[odd])
			build.VPERM2F128(operand.U8(0x31), pairs[2+odd], pairs[odd], out[2+odd])
			continue
		}
		var quad [4]reg.VecVirtual // lanes 0,2 then 1,3 of rows 0–3, of rows 4–7
		for h := range 2 {
			for part, order := range []operand.U8{0x88, 0xdd} {
				quad[2*part+h] = s.vec()
				build.VSHUFF64X2(order, pairs[4*h+2+odd], pairs[4*h+odd], quad[2*part+h])
			}
		}
		build.VSHUFF64X2(operand.U8(0x88), quad[1], quad[0], out[odd])
		build.VSHUFF64X2(operand.U8(0xdd), quad[1], quad[0], out[4+odd])
		build.VSHUFF64X2(operand.U8(0x88), quad[3], quad[2], out[2+odd])
		build.VSHUFF64X2(operand.U8(0xdd), quad[3], quad[2], out[6+odd])
	}
	return out
}
