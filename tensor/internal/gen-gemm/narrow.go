package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets in gemm.grid.
const (
	gridBlocks = 8 * iota
	gridK
	gridA
	gridARow
	gridX
	gridXRow
	gridY
	gridYRow
)

// gridRows returns the number of rows of A that a grid kernel takes at a time:
// it has twelve to twenty registers of sums.
func (s isa) gridRows() int {
	if s.wide() {
		return 4
	}
	return 2
}

// gridCols returns the largest number of columns of a grid kernel.
func (s isa) gridCols() int {
	if s.wide() {
		return 5
	}
	return 3
}

func (s isa) gridName(cols int) string { return label("grid%s_%d", s.name, cols) }

// emitGrid writes kernels for a few columns of Cᵀ: dot products of some rows of
// A with rows of Bᵀ, each added as the kernels of one column do.
func emitGrid(s isa) {
	for cols := 1; cols <= s.gridCols(); cols++ {
		emitGridOf(s, s.gridRows(), cols)
	}
}

func emitGridOf(s isa, height, cols int) {
	name := s.gridName(cols)
	in := function(name, "grid", label("computes %d rows of %d elements of the transposed product per block.", cols, height))
	a, aRow, xRow, y, blocks := in.load(gridA), in.load(gridARow), in.load(gridXRow), in.load(gridY), in.load(gridBlocks)
	last := s.tailOfEight(in.load(gridK))

	build.Label(name + "_block")
	firstA, firstX, k := build.GP64(), in.load(gridX), in.load(gridK)
	build.MOVQ(a, firstA)
	rows, xs := newRowPointers(firstA, aRow, height), newRowPointers(firstX, xRow, cols)
	rows.spread()
	xs.spread()
	acc := s.zeros(height * cols * len(last)) // by column, row, part of eight lanes
	step := func(load func(tail, operand.Mem, reg.VecVirtual)) {
		for h, t := range last {
			av := make([]reg.VecVirtual, height)
			for i := range av {
				av[i] = s.vec()
				load(t, rows.row(i, 32*h), av[i])
			}
			for j := range cols {
				x := s.vec()
				load(t, xs.row(j, 32*h), x)
				for i := range av {
					build.VFMADD231PD(x, av[i], acc[(j*height+i)*len(last)+h])
				}
			}
		}
		rows.advance(operand.U8(64))
		xs.advance(operand.U8(64))
	}
	whole := build.GP64()
	build.MOVQ(k, whole)
	build.SHRQ(operand.U8(3), whole)
	loop(name, whole, unroll(height*cols), func() {
		step(func(_ tail, m operand.Mem, v reg.VecVirtual) { build.VMOVUPD(m, v) })
	})
	build.ANDQ(operand.U8(7), k)
	build.JZ(operand.LabelRef(name + "_sum"))
	step(tail.load)
	build.Label(name + "_sum")

	at := build.GP64()
	build.MOVQ(y, at)
	sums := make([]reg.VecVirtual, height*cols) // of four lanes
	for i := range sums {
		if s.wide() {
			upper := build.YMM()
			build.VEXTRACTF64X4(operand.U8(1), acc[i], upper)
			sums[i] = acc[i].AsY().(reg.VecVirtual)
			build.VADDPD(upper, sums[i], sums[i])
		} else {
			sums[i] = acc[2*i]
			build.VADDPD(acc[2*i+1], sums[i], sums[i])
		}
	}
	for len(sums)%4 != 0 {
		sums = append(sums, sums[0])
	}
	for i := 0; i < len(sums); i += 4 {
		v := s.sumFour(sums[i : i+4])
		if height == 4 {
			build.VMOVUPD(v, operand.Mem{Base: at})
			build.ADDQ(in.mem(gridYRow), at)
			continue
		}
		build.VMOVUPD(v.AsX(), operand.Mem{Base: at})
		build.ADDQ(in.mem(gridYRow), at)
		if i+2 < height*cols {
			build.VEXTRACTF128(operand.U8(1), v, operand.Mem{Base: at})
			build.ADDQ(in.mem(gridYRow), at)
		}
	}
	build.ADDQ(operand.U8(8*height), y)
	build.LEAQ(times(a, aRow, height), a)
	build.DECQ(blocks)
	build.JNZ(operand.LabelRef(name + "_block"))
	build.VZEROUPPER()
	build.RET()
}

// Offsets in gemm.updating.
const (
	updateVectors = 8 * iota
	updateTail
	updateFrom
	updateFromRow
	updateTo
	updateToRow
	updateAlpha
	updateBeta
	updateKeep
	updateLanes
)

// emitUpdate writes a kernel that updates a few columns of C from as many rows
// of the transposed product.
func emitUpdate(s isa) {
	name := "update" + s.name
	in := function(name, "updating", label("updates up to %d columns of C from rows of Cᵀ.", s.lanes))
	vectors, from, fromRow := in.load(updateVectors), in.load(updateFrom), in.load(updateFromRow)
	to, toRow := in.load(updateTo), in.load(updateToRow)
	lanes := s.tail(in.load(updateLanes))
	rows := newRowPointers(from, fromRow, s.lanes)
	rows.spread()
	block := func(id string, load func(operand.Mem, reg.VecVirtual), stored func(int)) {
		r := make([]reg.VecVirtual, s.lanes)
		for i := range r {
			r[i] = s.vec()
			load(rows.row(i, 0), r[i])
		}
		out, at := s.transposed(r), operand.Mem{Base: to}
		alpha, beta, t := s.vec(), s.vec(), s.vec()
		build.VBROADCASTSD(in.mem(updateAlpha), alpha)
		build.CMPQ(in.mem(updateKeep), operand.U8(0))
		build.JE(operand.LabelRef(id + "_overwrite"))
		build.VBROADCASTSD(in.mem(updateBeta), beta)
		for i, v := range out {
			lanes.load(at, t)
			build.VMULPD(t, beta, t)
			build.VFMADD213PD(t, alpha, v)
			lanes.store(v, t, at)
			build.ADDQ(toRow, to)
			stored(i)
		}
		build.JMP(operand.LabelRef(id + "_next"))
		build.Label(id + "_overwrite")
		for i, v := range out {
			build.VMULPD(v, alpha, v)
			lanes.store(v, t, at)
			build.ADDQ(toRow, to)
			stored(i)
		}
		build.Label(id + "_next")
		rows.advance(operand.U8(8 * s.lanes))
	}
	build.DECQ(vectors)
	build.JZ(operand.LabelRef(name + "_last"))
	build.Label(name + "_block")
	block(name, func(m operand.Mem, v reg.VecVirtual) { build.VMOVUPD(m, v) }, func(int) {})
	build.DECQ(vectors)
	build.JNZ(operand.LabelRef(name + "_block"))
	build.Label(name + "_last")
	left := in.load(updateTail)
	last := s.tail(in.load(updateTail))
	block(name+"_last", last.load, func(i int) {
		if i < s.lanes-1 {
			build.CMPQ(left, operand.U8(i+1))
			build.JE(operand.LabelRef(name + "_done"))
		}
	})
	build.Label(name + "_done")
	build.VZEROUPPER()
	build.RET()
}
