package gemm

import "golang.org/x/sys/cpu"

// Available returns the variants that this processor and operating system can
// run, the fastest last. The flags of package cpu include whether the operating
// system saves the registers.
func Available() []Variant {
	v := []Variant{Portable}
	x := &cpu.X86
	if x.HasAVX2 && x.HasFMA {
		v = append(v, AVX2)
		if x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512BW && x.HasAVX512VL && x.HasBMI2 {
			v = append(v, AVX512)
		}
	}
	return v
}

// fused says whether math.FMA is an instruction.
var fused = cpu.X86.HasFMA
