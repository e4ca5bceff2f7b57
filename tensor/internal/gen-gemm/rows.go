package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// rowVectors is the number of vectors of a kernel of one row of C.
const rowVectors = 8

func (s isa) rowName(n int) string { return label("row%s_%d", s.name, n*s.lanes) }

// emitRows writes kernels for one row of C, a row of A times a panel of B, with
// as many independent sums as registers allow. Every element is computed as a
// panel kernel computes it.
func emitRows(s isa) {
	for n := 1; n <= rowVectors; n++ {
		emitRow(s, n)
	}
}

func emitRow(s isa, n int) {
	name := s.rowName(n)
	in := function(name, "panel", label("updates one row of at most %d columns.", n*s.lanes))
	a, cs, b, ldb := in.load(panelA), in.load(panelColStride), in.load(panelB), in.load(panelBStride)
	k, c := in.load(panelK), in.load(panelC)
	last := s.tail(in.load(panelTail))
	disp := func(j int) int { return 8 * s.lanes * j }
	acc := s.zeros(n)
	step := func(masked bool) {
		x := s.vec()
		build.VBROADCASTSD(operand.Mem{Base: a}, x)
		for j := range n {
			from := operand.Mem{Base: b, Disp: disp(j)}
			if masked && j == n-1 {
				v := s.vec()
				last.load(from, v)
				build.VFMADD231PD(v, x, acc[j])
			} else {
				build.VFMADD231PD(from, x, acc[j])
			}
		}
		build.ADDQ(cs, a)
		build.ADDQ(ldb, b)
	}
	loop(name, k, unroll(n), func() { step(true) })

	alpha, beta := s.vec(), s.vec()
	build.VBROADCASTSD(in.mem(panelAlpha), alpha)
	build.CMPQ(in.mem(panelKeep), operand.U8(0))
	build.JE(operand.LabelRef(name + "_overwrite"))
	build.VBROADCASTSD(in.mem(panelBeta), beta)
	for j := range n {
		at, t := operand.Mem{Base: c, Disp: disp(j)}, s.vec()
		if j == n-1 {
			last.load(at, t)
			build.VMULPD(t, beta, t)
			build.VFMADD213PD(t, alpha, acc[j])
			last.store(acc[j], t, at)
		} else {
			build.VMULPD(at, beta, t)
			build.VFMADD213PD(t, alpha, acc[j])
			build.VMOVUPD(acc[j], at)
		}
	}
	build.VZEROUPPER()
	build.RET()
	build.Label(name + "_overwrite")
	for j := range n {
		at := operand.Mem{Base: c, Disp: disp(j)}
		build.VMULPD(acc[j], alpha, acc[j])
		if j == n-1 {
			last.store(acc[j], beta, at)
		} else {
			build.VMOVUPD(acc[j], at)
		}
	}
	build.VZEROUPPER()
	build.RET()
}
