package vmath

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// atEnd returns a slice of n elements right before, or right after, memory that
// may not be touched.
func atEnd(t *testing.T, n int, before bool) []float64 {
	t.Helper()
	page := syscall.Getpagesize()
	size := (8*n+page-1)/page*page + 2*page
	m, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(m) })
	for _, outside := range [][]byte{m[:page], m[size-page:]} {
		if err := syscall.Mprotect(outside, syscall.PROT_NONE); err != nil {
			t.Skip(err)
		}
	}
	inside := m[page : size-page]
	if before {
		inside = inside[len(inside)-8*n:]
	}
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(inside))), n)
}

// TestPageBorders lets the kernels work at the borders of what they may touch:
// not even a read past the end goes unnoticed.
func TestPageBorders(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	for _, v := range assembly(t) {
		for _, before := range []bool{false, true} {
			for n := 1; n < 20; n++ {
				y, s, z := atEnd(t, n, before), atEnd(t, n, before), atEnd(t, n, before)
				copy(z, samples(rng, n))
				for _, f := range functions {
					apply(v, f.f, y, z)
					if f.slope {
						applySlope(v, f.f, y, s, z)
					}
				}
				sigmoidBCE(v, y, s, z, z, z)
				expGaps(v, y, z)
				checkReductions(t, v, z)
			}
			for cols := 1; cols < 12; cols++ {
				for _, n := range []int{3, 8, 17} {
					z, g := Rows{atEnd(t, n*cols, before), cols}, Rows{atEnd(t, n*cols, before), cols}
					copy(z.Data, normal(n*cols, 3))
					loss, class := atEnd(t, n, before), make([]int, n)
					softmaxNLL(v, loss, g, z, cols, class, nil, 1, atEnd(t, ScratchLen(cols), before))
				}
			}
		}
	}
}
