package main

import "math"

const (
	erfNear = 0.93
	erfEnd  = 6
	erfHi   = 0x1.20dd750429b6dp+0
	erfLo   = 0x1.1ae3a914fed80p-56
)

var erfSeries = []float64{
	-0x1.812746b0379e7p-2, 0x1.ce2f21a042bd7p-4, -0x1.b82ce312882f8p-6, 0x1.565bcd0e434bbp-8,
	-0x1.c02db3f4735cbp-11, 0x1.f9a324ddf0f34p-14, -0x1.f4d21efdafc7dp-17, 0x1.b9e2333703249p-20,
	-0x1.5f39372686202p-23, 0x1.f8d476ab1a455p-27, -0x1.3c1e91b012003p-30, 0x1.0f8a27a51ad26p-34,
}

func erf(f *formula, x *op) *op {
	a := f.abs(x)
	w := f.mul(a, a)
	s := f.mul(w, w)
	even, odd := f.num(erfSeries[10]), f.num(erfSeries[11])
	for i := 8; i >= 0; i -= 2 {
		even = f.fma(even, s, f.num(erfSeries[i]))
		odd = f.fma(odd, s, f.num(erfSeries[i+1]))
	}
	p := f.fma(odd, w, even)
	rest := f.fma(p, w, f.fnma(p, f.fnma(a, a, w), f.num(erfLo)))
	near := f.fma(a, f.num(erfHi), f.mul(a, rest))

	b := f.min(f.num(erfEnd), a)
	q := normalTail(f, f.mul(b, f.num(math.Sqrt2)))
	square := f.mul(b, b)
	r := f.reduce(f.sub(f.num(0), square))
	hi, lo := r.exp(f)
	lo = f.fma(f.add(hi, lo), f.fnma(b, b, square), lo)
	tail := f.scale(f.fma(q, hi, f.mul(q, lo)), r.n)
	far := f.fnma(tail, f.num(2), f.num(1))
	return f.or(f.pick(f.compare(a, less, f.num(erfNear)), near, far), f.signOf(x))
}
