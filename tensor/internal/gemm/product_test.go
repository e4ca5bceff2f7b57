package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// guard surrounds what a product may write. It is no result of the tests.
const guard = 12345.678e200

// example is a product whose matrices lie in larger buffers: everything of A
// and B outside the matrices is NaN, everything of C is the guard.
type example struct {
	p      Product
	ta, tb bool
	c      []float64 // the buffer around C
	start  int       // of C in c
}

func (e example) String() string {
	return fmt.Sprintf("%d×%d×%d, transposed %v %v, strides %v %v %v, alpha %v, beta %v", e.p.M, e.p.K, e.p.N, e.ta, e.tb,
		max(e.p.A.Row, e.p.A.Col), max(e.p.B.Row, e.p.B.Col), e.p.Stride, e.p.Alpha, e.p.Beta)
}

// newExample draws the matrices of a product with gaps of up to gap elements
// between rows, aligned at random.
func newExample(r *rand.Rand, m, n, k int, ta, tb bool, gap int, alpha, beta float64) example {
	side := func(rows, cols int, trans bool) Matrix {
		if trans {
			rows, cols = cols, rows
		}
		stride, from := cols+r.IntN(gap+1), r.IntN(9)
		data := make([]float64, from+rows*stride+8)
		for i := range data {
			data[i] = math.NaN()
		}
		for i := range rows {
			for j := range cols {
				data[from+i*stride+j] = r.NormFloat64()
			}
		}
		if trans {
			return Matrix{data[from:], 1, stride}
		}
		return Matrix{data[from:], stride, 1}
	}
	e := example{ta: ta, tb: tb, start: 8 + r.IntN(9)}
	e.p = Product{M: m, N: n, K: k, Alpha: alpha, A: side(m, k, ta), B: side(k, n, tb), Beta: beta, Stride: n + r.IntN(gap+1)}
	e.c = make([]float64, e.start+m*e.p.Stride+24)
	for i := range e.c {
		e.c[i] = guard
	}
	for i := range m {
		for j := range n {
			x := r.NormFloat64()
			if beta == 0 {
				x = math.NaN() // must not be read
			}
			e.c[e.start+i*e.p.Stride+j] = x
		}
	}
	return e
}

// run computes the product with a variant and returns the buffer around C.
func (e example) run(v Variant) []float64 {
	c := append([]float64(nil), e.c...)
	p := e.p
	p.C = c[e.start:]
	v.Mul(&p)
	return c
}

// verify compares a buffer with sums in the order of k, some of them if there
// are many. The error of a sum of k terms is at most k roundings of the sum of
// the absolute terms.
func (e example) verify(t *testing.T, v Variant, got []float64) {
	t.Helper()
	p := &e.p
	inside := func(at int) bool {
		at -= e.start
		return at >= 0 && at/p.Stride < p.M && at%p.Stride < p.N
	}
	for at, x := range got {
		if !inside(at) && x != guard {
			t.Fatalf("%v: %v: wrote outside C at %d", v, e, at-e.start)
		}
	}
	for i := range p.M {
		for j := range p.N {
			if few := 1 + p.M*p.N*p.K>>18; (i*p.N+j)%few != 0 && j < p.N-1 && i < p.M-1 {
				continue
			}
			var sum, size float64
			for l := range p.K {
				x := p.Alpha * p.A.Data[i*p.A.Row+l*p.A.Col] * p.B.Data[l*p.B.Row+j*p.B.Col]
				sum, size = sum+x, size+math.Abs(x)
			}
			at := e.start + i*p.Stride + j
			if p.Beta != 0 {
				sum, size = sum+p.Beta*e.c[at], size+math.Abs(p.Beta*e.c[at])
			}
			if !(math.Abs(got[at]-sum) <= float64(p.K+2)*0x1p-52*size) {
				t.Fatalf("%v: %v: [%d,%d] is %v, want %v", v, e, i, j, got[at], sum)
			}
		}
	}
}

// sameBits fails unless all variants that must agree do. Any NaN equals any
// other.
func (e example) sameBits(t *testing.T, v Variant, want, got []float64) {
	t.Helper()
	if v == Portable && !fused {
		return
	}
	for at := range want {
		if math.Float64bits(want[at]) != math.Float64bits(got[at]) && !(math.IsNaN(want[at]) && math.IsNaN(got[at])) {
			t.Fatalf("%v: %v: %v at %d, %v has %v", v, e, got[at], at-e.start, Best(), want[at])
		}
	}
}

func (e example) test(t *testing.T) {
	t.Helper()
	want := e.run(Best())
	for _, v := range Available() {
		got := e.run(v)
		e.verify(t, v, got)
		e.sameBits(t, v, want, got)
	}
}

var sizes = []int{1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 16, 17, 20, 24, 25, 31, 33, 50}

func TestMulSmall(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, m := range sizes {
		for _, n := range sizes {
			for _, k := range []int{1, 2, 5, 8, 30} {
				e := newExample(r, m, n, k, r.IntN(2) == 0, r.IntN(2) == 0, 5, r.NormFloat64(), float64(r.IntN(3)-1))
				e.test(t)
			}
		}
	}
}

// TestMulBlocks has sizes on both sides of every blocking and packing decision.
func TestMulBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, size := range [][3]int{
		{49, 100, 650}, {200, 97, 257}, {193, 110, 513}, {400, 33, 300}, {17, 1100, 260}, {64, 1050, 300},
		{1, 700, 600}, {700, 1, 600}, {1, 1, 20000}, {3, 1, 17000}, {1, 3, 17000}, {60, 64, 4096},
		{70, 10, 784}, {2100, 2, 130}, {2100, 3, 300}, {67, 5, 131}, {1, 6, 128}, {3, 9, 129}, {66, 11, 40}, {8, 13, 17000}, {99, 14, 257},
	} {
		for trans := range 4 {
			e := newExample(r, size[0], size[1], size[2], trans&1 != 0, trans&2 != 0, 3, 1.25, float64(trans%2))
			e.test(t)
		}
	}
	// Rows a multiple of 4 KiB apart.
	e := newExample(r, 60, 512, 130, false, false, 0, 1, 0)
	e.test(t)
}

func TestMulDegenerate(t *testing.T) {
	nan := []float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	for _, v := range Available() {
		for _, p := range []Product{{M: 2, N: 2, K: 0, Alpha: 1}, {M: 2, N: 2, K: 2, Alpha: 0}} {
			p.A, p.B, p.Stride = Matrix{nan, 2, 1}, Matrix{nan, 2, 1}, 2
			for beta, want := range map[float64]float64{0: 0, 2: 6, 1: 3} {
				p.C, p.Beta = []float64{3, 3, 3, 3}, beta
				v.Mul(&p)
				for _, x := range p.C {
					if x != want {
						t.Errorf("%v: K %d, alpha %v, beta %v: %v", v, p.K, p.Alpha, beta, p.C)
					}
				}
			}
		}
		v.Mul(&Product{M: 0, N: 3, K: 2, Alpha: 1})
		v.Mul(&Product{M: 3, N: 0, K: 2, Alpha: 1})
	}
}

// TestMulSpecialValues puts NaN, infinities and zeros into A, B and C: nothing
// may be skipped, and every variant has to agree.
func TestMulSpecialValues(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 5e-324, -1e-310}
	for range 300 {
		e := newExample(r, 1+r.IntN(20), 1+r.IntN(30), 1+r.IntN(40), r.IntN(2) == 0, r.IntN(2) == 0, 2, 1, float64(r.IntN(2)))
		p := &e.p
		for range 3 {
			p.A.Data[r.IntN(p.M)*p.A.Row+r.IntN(p.K)*p.A.Col] = special[r.IntN(len(special))]
			p.B.Data[r.IntN(p.K)*p.B.Row+r.IntN(p.N)*p.B.Col] = special[r.IntN(len(special))]
			e.c[e.start+r.IntN(p.M)*p.Stride+r.IntN(p.N)] = special[r.IntN(len(special))]
		}
		want := e.run(Best())
		for _, v := range Available() {
			got := e.run(v)
			e.sameBits(t, v, want, got)
			for i := range p.M {
				for j := range p.N {
					sum, at := 0.0, e.start+i*p.Stride+j
					for l := range p.K {
						sum += p.A.Data[i*p.A.Row+l*p.A.Col] * p.B.Data[l*p.B.Row+j*p.B.Col]
					}
					if p.Beta != 0 {
						sum += e.c[at]
					}
					if math.IsNaN(sum) != math.IsNaN(got[at]) || math.IsInf(sum, 0) && sum != got[at] {
						t.Fatalf("%v: %v: [%d,%d] is %v, want %v", v, e, i, j, got[at], sum)
					}
				}
			}
		}
	}
}

// FuzzMul compares all variants on products of any shape.
func FuzzMul(f *testing.F) {
	f.Add(uint8(3), uint8(5), uint16(7), uint8(0), uint8(2), 1.0, 0.0, uint64(1))
	f.Add(uint8(66), uint8(10), uint16(300), uint8(1), uint8(0), -2.5, 1.0, uint64(2))
	f.Add(uint8(1), uint8(130), uint16(511), uint8(2), uint8(9), 1.0, 0.5, uint64(3))
	f.Add(uint8(200), uint8(1), uint16(257), uint8(3), uint8(1), 1e300, -1.0, uint64(4))
	f.Fuzz(func(t *testing.T, m, n uint8, k uint16, trans, gap uint8, alpha, beta float64, seed uint64) {
		if m == 0 || n == 0 {
			return
		}
		e := newExample(rand.New(rand.NewPCG(seed, 0)), int(m), int(n), int(k%600), trans&1 != 0, trans&2 != 0, int(gap%16), alpha, beta)
		if ordinary(alpha) && ordinary(beta) {
			e.test(t)
			return
		}
		want := e.run(Best())
		for _, v := range Available() {
			e.sameBits(t, v, want, e.run(v))
		}
	})
}

// ordinary says whether x is far from overflow and underflow, so that errors
// are roundings.
func ordinary(x float64) bool { return x == 0 || math.Abs(x) > 1e-100 && math.Abs(x) < 1e100 }
