package gemm

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestGram(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	for _, size := range [][2]int{{0, 3}, {1, 1}, {3, 2}, {10, 7}, {256, 8}, {257, 9}, {600, 30}, {300, 65}, {260, 150}, {100, 257}, {40, 1030}} {
		for _, weighted := range []bool{false, true} {
			n, d := size[0], size[1]
			xStride, cStride := d+r.IntN(4), d+r.IntN(4)
			x, w := make([]float64, n*xStride), []float64(nil)
			for i := range x {
				x[i] = math.NaN()
			}
			if weighted {
				w = make([]float64, n)
			}
			for i := range n {
				for j := range d {
					x[i*xStride+j] = r.NormFloat64()
				}
				if weighted {
					w[i] = r.NormFloat64()
				}
			}
			var first []float64
			for _, v := range Available() {
				c := make([]float64, d*cStride+9)
				for i := range c {
					c[i] = math.NaN()
				}
				v.Gram(n, d, x, xStride, w, c, cStride)
				for at := range c {
					i, j := at/cStride, at%cStride
					if i >= d || j >= d {
						if !math.IsNaN(c[at]) {
							t.Fatalf("%v: %v: wrote outside at %d, %d", v, size, i, j)
						}
						continue
					}
					if c[at] != c[j*cStride+i] {
						t.Fatalf("%v: %v: not symmetric at %d, %d", v, size, i, j)
					}
					if d > 300 && (i+j)%17 != 0 {
						continue
					}
					var sum, magnitude float64
					for l := range n {
						z := x[l*xStride+i] * x[l*xStride+j]
						if weighted {
							z *= w[l]
						}
						sum, magnitude = sum+z, magnitude+math.Abs(z)
					}
					if !(math.Abs(c[at]-sum) <= float64(n+3)*0x1p-52*magnitude) {
						t.Fatalf("%v: %v: [%d,%d] is %v, want %v", v, size, i, j, c[at], sum)
					}
				}
				if first == nil || !fused {
					first = c
				}
				for at := range c {
					if math.Float64bits(c[at]) != math.Float64bits(first[at]) {
						t.Fatalf("%v: %v: not the bits of %v at %d", v, size, Available()[0], at)
					}
				}
			}
		}
	}
}
