package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// peakSums is the number of independent sums of the peak loop: more than the
// latency of an FMA instruction times the number of units.
const peakSums = 12

// emitPeak writes a loop of nothing but FMA instructions between registers.
func emitPeak(s isa) {
	name := "peak" + s.name
	build.TEXT(name, attr.NOSPLIT, "func(n int)")
	n := build.Load(build.Param("n"), build.GP64()).(reg.GPVirtual)
	x, sums := s.zeros(1)[0], s.zeros(peakSums)
	build.Label(name + "_loop")
	for _, v := range sums {
		build.VFMADD231PD(x, x, v)
	}
	build.DECQ(n)
	build.JNZ(operand.LabelRef(name + "_loop"))
	build.VZEROUPPER()
	build.RET()
}
