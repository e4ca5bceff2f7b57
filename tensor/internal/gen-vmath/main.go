// Gen-vmath writes the assembly of package vmath for one instruction set:
//
//	go run . -target avx512 -out ../vmath/avx512_amd64.s -stubs ../vmath/avx512_amd64.go -pkg vmath
package main

import (
	"flag"
	"log"
	"math"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

var negativeInfinity = math.Inf(-1)

func main() {
	name := flag.String("target", "", "avx512 or avx2")
	flag.Parse()
	t := &target{consts: map[uint64]operand.Mem{}}
	switch *name {
	case "avx512":
		t.name, t.wide = "AVX512", true
	case "avx2":
		t.name = "AVX2"
	default:
		log.Fatal("-target must be avx512 or avx2")
	}
	ConstraintExpr("amd64")
	for _, k := range kernels() {
		t.kernel(k)
	}
	t.sum()
	t.plusRows()
	t.maximum()
	t.index()
	t.gaps()
	t.scaleColumns()
	Generate()
}
