package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets in gemm.panel.
const (
	panelBlocks = 8 * iota
	panelK
	panelA
	panelRowStride
	panelColStride
	panelNext
	panelB
	panelBStride
	panelC
	panelCStride
	panelAlpha
	panelBeta
	panelKeep
	panelTail
)

// panelSize is the number of rows and columns of C that a kernel keeps in
// registers.
type panelSize struct{ rows, cols int }

func (s isa) panels() []panelSize {
	var p []panelSize
	widths := []int{4, 8, 12, 16, 24}
	if !s.wide() {
		widths = []int{4, 8, 12}
	}
	for _, w := range widths {
		rows := 8
		if !s.wide() && w > 4 {
			rows = 4 // 16 registers
		}
		for r := 1; r <= rows; r++ {
			p = append(p, panelSize{r, w})
		}
	}
	return p
}

func (s isa) panelName(p panelSize) string { return label("panel%s_%dx%d", s.name, p.rows, p.cols) }

// emitPanel writes the kernel that updates blocks of p.rows rows by up to
// p.cols columns of C, one block below the other. For each element, terms are
// added in the order of k with FMA, then alpha and beta are applied.
//
// With AVX-512 an odd multiple of four columns has its last four in a YMM
// register, which costs half of a ZMM one on processors that split these.
func emitPanel(s isa, p panelSize) {
	name := s.panelName(p)
	in := function(name, "panel", label("updates %d rows by at most %d columns per block.", p.rows, p.cols))
	a, rs, cs := in.load(panelA), in.load(panelRowStride), in.load(panelColStride)
	ldb, c := in.load(panelBStride), in.load(panelC)
	ldc := in.mem(panelCStride)
	last := s.tail(in.load(panelTail))
	n := (p.cols + s.lanes - 1) / s.lanes
	half := s.wide() && p.cols%8 == 4
	disp := func(j int) int { return 8 * s.lanes * j }
	// narrow returns the part of a register of column vector j that is in use.
	narrow := func(v reg.VecVirtual, j int) reg.VecVirtual {
		if half && j == n-1 {
			return v.AsY().(reg.VecVirtual)
		}
		return v
	}

	build.Label(name + "_block")
	first, b, k := build.GP64(), in.load(panelB), in.load(panelK)
	build.MOVQ(a, first)
	rows := newRowPointers(first, rs, p.rows)
	rows.spread()
	if p.cols == 3*s.lanes && p.rows == s.lanes {
		prefetch(c, ldc, p)
	}
	acc := make([][]reg.VecVirtual, p.rows)
	for i := range acc {
		acc[i] = s.zeros(n)
	}
	var ahead, line reg.GPVirtual
	if p.rows == 8 && n == 1 {
		ahead, line = in.ahead(a, k)
	}
	step := func(masked bool) {
		if line != nil {
			build.PREFETCHT0(operand.Mem{Base: ahead})
			build.ADDQ(line, ahead)
		}
		bv := make([]reg.VecVirtual, n)
		for j := range bv {
			bv[j] = narrow(s.vec(), j)
			from := operand.Mem{Base: b, Disp: disp(j)}
			if masked && j == n-1 {
				last.load(from, bv[j])
			} else {
				build.VMOVUPD(from, bv[j])
			}
		}
		for i := range p.rows {
			if n == 1 && s.wide() {
				build.VFMADD231PD_BCST(rows.row(i, 0), bv[0], narrow(acc[i][0], 0))
				continue
			}
			x := s.vec()
			build.VBROADCASTSD(rows.row(i, 0), x)
			for j := range bv {
				build.VFMADD231PD(bv[j], narrow(x, j), narrow(acc[i][j], j))
			}
		}
		build.ADDQ(ldb, b)
		rows.advance(cs)
	}
	if s.wide() {
		loop(name, k, unroll(p.rows*n), func() { step(true) })
	} else {
		// A masked load is dear enough to have a loop without.
		build.CMPQ(in.mem(panelTail), operand.U8(4))
		build.JNE(operand.LabelRef(name + "_masked"))
		loop(name, k, unroll(p.rows*n), func() { step(false) })
		build.JMP(operand.LabelRef(name + "_write"))
		build.Label(name + "_masked")
		loop(name+"_masked", k, 1, func() { step(true) })
		build.Label(name + "_write")
	}

	alpha, beta := s.vec(), s.vec()
	build.VBROADCASTSD(in.mem(panelAlpha), alpha)
	build.CMPQ(in.mem(panelKeep), operand.U8(0))
	build.JE(operand.LabelRef(name + "_overwrite"))
	build.VBROADCASTSD(in.mem(panelBeta), beta)
	for i := range p.rows {
		for j := range n {
			at := operand.Mem{Base: c, Disp: disp(j)}
			t, r := narrow(s.vec(), j), narrow(acc[i][j], j)
			if j == n-1 {
				last.load(at, t)
				build.VMULPD(t, narrow(beta, j), t)
			} else {
				build.VMULPD(at, narrow(beta, j), t)
			}
			build.VFMADD213PD(t, narrow(alpha, j), r)
			if j == n-1 {
				last.store(r, t, at)
			} else {
				build.VMOVUPD(r, at)
			}
		}
		build.ADDQ(ldc, c)
	}
	build.JMP(operand.LabelRef(name + "_next"))
	build.Label(name + "_overwrite")
	for i := range p.rows {
		for j := range n {
			at := operand.Mem{Base: c, Disp: disp(j)}
			r := narrow(acc[i][j], j)
			build.VMULPD(r, narrow(alpha, j), r)
			if j == n-1 {
				last.store(r, narrow(beta, j), at)
			} else {
				build.VMOVUPD(r, at)
			}
		}
		build.ADDQ(ldc, c)
	}
	build.Label(name + "_next")
	build.ADDQ(in.mem(panelNext), a)
	build.DECQ(in.mem(panelBlocks))
	build.JNZ(operand.LabelRef(name + "_block"))
	build.VZEROUPPER()
	build.RET()
}

// ahead returns a pointer into A, to the block after the one at a, and how far it
// goes with each step: a line of the cache, if that reads the blocks one after
// the other. Otherwise it stays at the one at a, which is there already. It is for
// kernels that spend so little on what they read that they would wait for the
// memory.
func (in params) ahead(a, k reg.GPVirtual) (ahead, line reg.GPVirtual) {
	const cacheLine = 64
	next, line, other := build.GP64(), build.GP64(), build.GP64()
	build.MOVQ(in.mem(panelNext), next)
	build.MOVQ(operand.U32(cacheLine), line)
	build.MOVQ(k, other)
	build.SHLQ(operand.U8(6), other)
	build.SUBQ(next, other)
	build.MOVL(operand.U32(0), other.As32()) // keeps the flags
	build.CMOVQNE(other, line)
	build.CMOVQNE(other, next)
	build.ADDQ(a, next)
	return next, line
}

// prefetch asks for the block of C that will be updated after the sums.
func prefetch(c reg.GPVirtual, ldc operand.Mem, p panelSize) {
	row := build.GP64()
	build.MOVQ(c, row)
	for i := range p.rows {
		for j := 0; j < p.cols; j += 8 {
			build.PREFETCHT0(operand.Mem{Base: row, Disp: 8 * j})
		}
		build.PREFETCHT0(operand.Mem{Base: row, Disp: 8 * (p.cols - 1)})
		if i < p.rows-1 {
			build.ADDQ(ldc, row)
		}
	}
}

// unroll returns how many steps of so many FMA instructions a loop should make
// at once.
func unroll(fmas int) int {
	if fmas >= 12 {
		return 2
	}
	return 4
}

// loop runs body n times, n >= 0, unrolled by a power of two. It destroys n.
func loop(name string, n reg.GPVirtual, times int, body func()) {
	if times > 1 {
		rest := build.GP64()
		build.MOVQ(n, rest)
		build.ANDQ(operand.U8(times-1), rest)
		build.SUBQ(rest, n)
		build.JZ(operand.LabelRef(name + "_rest"))
		build.Label(name + "_loop")
		for range times {
			body()
		}
		build.SUBQ(operand.U8(times), n)
		build.JNZ(operand.LabelRef(name + "_loop"))
		build.Label(name + "_rest")
		n = rest
	}
	build.TESTQ(n, n)
	build.JZ(operand.LabelRef(name + "_done"))
	build.Label(name + "_single")
	body()
	build.DECQ(n)
	build.JNZ(operand.LabelRef(name + "_single"))
	build.Label(name + "_done")
}
