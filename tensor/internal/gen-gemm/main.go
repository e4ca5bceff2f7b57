// Command gen-gemm writes the assembly of package gemm with avo: the kernels of
// the matrix product for AVX-512 and for AVX2 with FMA, and their declarations
// in Go.
//
// It is a module of its own so that the generator does not become a dependency
// of what it generates. Run it with go generate in package gemm.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/mmcloughlin/avo/build"
)

func main() {
	stubs := flag.String("declarations", "", "file for the declarations in Go of the kernels")
	peak := flag.Bool("peak", false, "write the loops that measure the processor instead of the kernels")
	flag.Parse()
	build.ConstraintExpr("amd64")
	if *peak {
		emitPeak(avx512)
		emitPeak(avx2)
		build.Generate()
		return
	}
	emitLaneMask()
	for _, s := range []isa{avx512, avx2} {
		for _, p := range s.panels() {
			emitPanel(s, p)
		}
		emitRows(s)
		emitDots(s)
		emitCopy(s)
		emitTranspose(s)
		emitGrid(s)
		emitUpdate(s)
	}
	if err := os.WriteFile(*stubs, declarations(), 0o666); err != nil {
		log.Fatal(err)
	}
	build.Generate()
}
