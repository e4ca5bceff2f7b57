package vmath

import "golang.org/x/sys/cpu"

// detect asks for the instructions that the assembly has. The flags of package
// cpu say also that the operating system saves the wide registers.
func detect() variant {
	x := &cpu.X86
	switch {
	case !x.HasAVX2 || !x.HasFMA || !x.HasBMI2:
		return portable
	case x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512VL:
		return avx512
	}
	return avx2
}
