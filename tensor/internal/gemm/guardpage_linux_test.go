package gemm

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// TestMulStaysInside places the end of each matrix, then its beginning, at a
// page that cannot be touched: reading beyond it is a fault, masked lanes
// included.
func TestMulStaysInside(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	page := syscall.Getpagesize()
	var regions [3][]float64
	const pages = 64
	for i := range regions {
		mem, err := syscall.Mmap(-1, 0, (pages+2)*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err != nil {
			t.Skip(err)
		}
		defer syscall.Munmap(mem)
		for _, edge := range [][]byte{mem[:page], mem[(pages+1)*page:]} {
			if err := syscall.Mprotect(edge, syscall.PROT_NONE); err != nil {
				t.Skip(err)
			}
		}
		regions[i] = unsafe.Slice((*float64)(unsafe.Pointer(&mem[page])), pages*page/8)
	}
	for range 1500 {
		m, n, k := 1+r.IntN(40), 1+r.IntN(40), 1+r.IntN(40)
		if r.IntN(4) == 0 {
			k = 128 + r.IntN(60)
		}
		e := newExample(r, m, n, k, r.IntN(2) == 0, r.IntN(2) == 0, 3, 1, float64(r.IntN(2)))
		p := e.p
		length := func(m Matrix, rows, cols int) int { return (rows-1)*m.Row + (cols-1)*m.Col + 1 }
		place := func(region, data []float64) []float64 {
			if r.IntN(2) == 0 {
				region = region[len(region)-len(data):]
			}
			copy(region, data)
			return region[:len(data)]
		}
		p.A.Data = place(regions[0], p.A.Data[:length(p.A, m, k)])
		p.B.Data = place(regions[1], p.B.Data[:length(p.B, k, n)])
		c := e.c[e.start:][:(m-1)*p.Stride+n]
		for _, v := range Available() {
			p.C = place(regions[2], c)
			v.Mul(&p)
		}
		if m <= k {
			for _, v := range Available() { // A as data of m columns
				x, w := p.A.Data, place(regions[1], e.p.B.Data[:k])
				rows := len(x) / m
				v.Gram(min(rows, len(w)), m, x[len(x)-min(rows, len(w))*m:], m, w, place(regions[2], make([]float64, m*m)), m)
			}
		}
	}
}
