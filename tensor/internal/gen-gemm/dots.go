package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

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
	per := 8 / s.lanes // registers per row
	last := s.tailOfEight(in.load(dotsK))

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
			s.writeFourSums(in, label("%s_%d", name, i), four[i:i+4], operand.Mem{Base: y, Disp: 8 * i})
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

// tailOfEight prepares masks for the last n modulo 8 of n values, one for each
// register that eight values take. It destroys n.
func (s isa) tailOfEight(n reg.GPVirtual) []tail {
	build.ANDQ(operand.U8(7), n)
	t := s.tail(n)
	if s.wide() {
		return []tail{t}
	}
	upper := t
	upper.word.Disp = 32
	return []tail{t, upper}
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
func (s isa) writeFourSums(in params, name string, v []reg.VecVirtual, at operand.Mem) {
	sum := s.sumFour(v)
	alpha, t := build.YMM(), build.YMM()
	build.VBROADCASTSD(in.mem(dotsAlpha), alpha)
	build.CMPQ(in.mem(dotsKeep), operand.U8(0))
	build.JE(operand.LabelRef(name + "_overwrite"))
	build.VBROADCASTSD(in.mem(dotsBeta), t)
	build.VMULPD(at, t, t)
	build.VFMADD213PD(t, alpha, sum)
	build.VMOVUPD(sum, at)
	build.JMP(operand.LabelRef(name + "_next"))
	build.Label(name + "_overwrite")
	build.VMULPD(alpha, sum, sum)
	build.VMOVUPD(sum, at)
	build.Label(name + "_next")
}

// sumFour returns a register with the sums of the lanes of each of four.
func (s isa) sumFour(v []reg.VecVirtual) reg.VecVirtual {
	var pairs [2]reg.VecVirtual // lanes 0 and 1, 2 and 3 of two registers
	for i := range pairs {
		pairs[i] = build.YMM()
		odd := build.YMM()
		build.VUNPCKLPD(v[2*i+1], v[2*i], pairs[i])
		build.VUNPCKHPD(v[2*i+1], v[2*i], odd)
		build.VADDPD(odd, pairs[i], pairs[i])
	}
	low, high := build.YMM(), build.YMM()
	if s.wide() {
		build.VSHUFF64X2(operand.U8(0), pairs[1], pairs[0], low)
		build.VSHUFF64X2(operand.U8(3), pairs[1], pairs[0], high)
	} else {
		build.VPERM2F128(operand.U8(0x20), pairs[1], pairs[0], low)
		build.VPERM2F128(operand.U8(0x31), pairs[1], pairs[0], high)
	}
	build.VADDPD(high, low, low)
	return low
}
