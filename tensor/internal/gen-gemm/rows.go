package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
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

// Offsets in gemm.dots.
const (
	dotsBlocks = 8 * iota
	dotsK
	dotsA
	dotsStride
	dotsX
	dotsY
	dotsAlpha
	dotsBeta
	dotsKeep
)

func (s isa) dotRows() []int {
	if s.wide() {
		return []int{8, 1}
	}
	return []int{4, 1}
}

// emitDots writes kernels for one column of C: rows of A times the vector x.
// A row is summed in eight lanes, lane l taking the terms l, l+8, …; missing
// terms of the last eight count as zeros. The lanes s0…s7 are added as
// ((s0+s4)+(s1+s5)) + ((s2+s6)+(s3+s7)).
func emitDots(s isa) {
	for _, rows := range s.dotRows() {
		emitDot(s, rows)
	}
}

func emitDot(s isa, n int) {
	name := label("dots%s_%d", s.name, n)
	in := function(name, "dots", label("computes %d elements of a column per block.", n))
	a, lda, y, blocks := in.load(dotsA), in.load(dotsStride), in.load(dotsY), in.load(dotsBlocks)
	rest := in.load(dotsK)
	build.ANDQ(operand.U8(7), rest)
	per := 8 / s.lanes // registers per row
	var last []tail    // masks of the last eight terms
	if s.wide() {
		last = []tail{s.tail(rest)}
	} else {
		t := s.tail(rest)
		upper := t
		upper.word.Disp = 32
		last = []tail{t, upper}
	}

	build.Label(name + "_block")
	first, x, k := build.GP64(), in.load(dotsX), in.load(dotsK)
	build.MOVQ(a, first)
	rows := newRowPointers(first, lda, n)
	rows.spread()
	acc := s.zeros(n * per)
	step := func(masked bool) {
		for h := range per {
			v, disp := s.vec(), 32*h
			if masked {
				last[h].load(operand.Mem{Base: x, Disp: disp}, v)
			} else {
				build.VMOVUPD(operand.Mem{Base: x, Disp: disp}, v)
			}
			for i := range n {
				if masked {
					t := s.vec()
					last[h].load(rows.row(i, disp), t)
					build.VFMADD231PD(t, v, acc[i*per+h])
				} else {
					build.VFMADD231PD(rows.row(i, disp), v, acc[i*per+h])
				}
			}
		}
		build.ADDQ(operand.U8(64), x)
		rows.advance(operand.U8(64))
	}
	whole := build.GP64()
	build.MOVQ(k, whole)
	build.SHRQ(operand.U8(3), whole)
	loop(name, whole, unroll(n*per), func() { step(false) })
	build.ANDQ(operand.U8(7), k)
	build.JZ(operand.LabelRef(name + "_sum"))
	step(true)
	build.Label(name + "_sum")

	// Lane i and lane i+4.
	four := make([]reg.VecVirtual, n)
	for i := range four {
		upper := reg.VecVirtual(nil)
		if s.wide() {
			upper = build.YMM()
			build.VEXTRACTF64X4(operand.U8(1), acc[i], upper)
		} else {
			upper = acc[i*per+1]
		}
		four[i] = acc[i*per].AsY().(reg.VecVirtual)
		build.VADDPD(upper, four[i], four[i])
	}
	if n == 1 {
		writeSum(in, name, four[0], y)
	} else {
		for i := 0; i < n; i += 4 {
			writeFourSums(in, label("%s_%d", name, i), four[i:i+4], operand.Mem{Base: y, Disp: 8 * i})
		}
	}
	build.ADDQ(operand.U32(8*n), y)
	if n == 1 {
		build.ADDQ(lda, a)
	} else {
		build.LEAQ(times(a, lda, n), a)
	}
	build.DECQ(blocks)
	build.JNZ(operand.LabelRef(name + "_block"))
	build.VZEROUPPER()
	build.RET()
}

// writeSum adds the four lanes of v in pairs and updates one element.
func writeSum(in params, name string, v reg.VecVirtual, y reg.GPVirtual) {
	build.VHADDPD(v, v, v)
	low, high := v.AsX(), build.XMM()
	build.VEXTRACTF128(operand.U8(1), v, high)
	build.VADDSD(high, low, low)
	alpha, t, at := build.XMM(), build.XMM(), operand.Mem{Base: y}
	build.VMOVSD(in.mem(dotsAlpha), alpha)
	build.CMPQ(in.mem(dotsKeep), operand.U8(0))
	build.JE(operand.LabelRef(name + "_overwrite"))
	build.VMOVSD(in.mem(dotsBeta), t)
	build.VMULSD(at, t, t)
	build.VFMADD213SD(t, alpha, low)
	build.VMOVSD(low, at)
	build.JMP(operand.LabelRef(name + "_next"))
	build.Label(name + "_overwrite")
	build.VMULSD(alpha, low, low)
	build.VMOVSD(low, at)
	build.Label(name + "_next")
}

// writeFourSums does the same for four registers at once.
func writeFourSums(in params, name string, v []reg.VecVirtual, at operand.Mem) {
	build.VHADDPD(v[1], v[0], v[0])
	build.VHADDPD(v[3], v[2], v[2])
	cross := build.YMM()
	build.VPERM2F128(operand.U8(0x21), v[2], v[0], cross)
	build.VBLENDPD(operand.U8(0b1100), v[2], v[0], v[0])
	build.VADDPD(cross, v[0], v[0])
	alpha, t := build.YMM(), build.YMM()
	build.VBROADCASTSD(in.mem(dotsAlpha), alpha)
	build.CMPQ(in.mem(dotsKeep), operand.U8(0))
	build.JE(operand.LabelRef(name + "_overwrite"))
	build.VBROADCASTSD(in.mem(dotsBeta), t)
	build.VMULPD(at, t, t)
	build.VFMADD213PD(t, alpha, v[0])
	build.VMOVUPD(v[0], at)
	build.JMP(operand.LabelRef(name + "_next"))
	build.Label(name + "_overwrite")
	build.VMULPD(alpha, v[0], v[0])
	build.VMOVUPD(v[0], at)
	build.Label(name + "_next")
}
