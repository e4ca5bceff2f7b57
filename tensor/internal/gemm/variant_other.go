//go:build !amd64

package gemm

import "runtime"

// Available returns the variants that this processor can run.
func Available() []Variant { return []Variant{Portable} }

// fused says whether math.FMA is an instruction.
const fused = runtime.GOARCH == "arm64" || runtime.GOARCH == "loong64" || runtime.GOARCH == "ppc64" ||
	runtime.GOARCH == "ppc64le" || runtime.GOARCH == "riscv64" || runtime.GOARCH == "s390x"

func (v Variant) blocks(p *Product)  { p.portable() }
func (v Variant) swapped(p *Product) { p.portable() }
func (v Variant) row(p *Product)     { p.portableRow() }
func (v Variant) column(p *Product)  { p.portableDots() }
func (v Variant) narrow(p *Product)  { p.portableDots() }

func (v Variant) weigh(dst []float64, x Matrix, w []float64, n int) { portableWeigh(dst, x, w, n) }
