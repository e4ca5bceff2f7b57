package vmath

import "math"

// erf is x·(c + x²·p(x²)) with c = 2/√π in two parts for |x| < 0.93, where p is the
// Chebyshev interpolant of degree 11 on |x| ≤ 1, computed with 60 digits, and
// 1 − 2Φ(−√2·|x|) beyond, where the second term is so small that only its first
// bits count.
func erf(x float64) float64 {
	a := math.Abs(x)
	var y float64
	if a < erfNear {
		w := a * a
		s := w * w
		c := &erfSeries
		even := math.FMA(math.FMA(math.FMA(math.FMA(math.FMA(c[10], s, c[8]), s, c[6]), s, c[4]), s, c[2]), s, c[0])
		odd := math.FMA(math.FMA(math.FMA(math.FMA(math.FMA(c[11], s, c[9]), s, c[7]), s, c[5]), s, c[3]), s, c[1])
		p := math.FMA(odd, w, even)
		rest := math.FMA(p, w, math.FMA(p, math.FMA(a, a, -w), erfLo)) // with most of what rounding a² lost
		y = math.FMA(a, erfHi, float64(a*rest))
	} else {
		b := smaller(erfEnd, a)
		q := normalTail(float64(b * math.Sqrt2))
		square := b * b
		r := reduce(-square)
		hi, lo := r.exp()
		lo = math.FMA(hi+lo, math.FMA(-b, b, square), lo)
		y = math.FMA(-scale(math.FMA(q, hi, float64(q*lo)), r.n), 2, 1)
	}
	return withSign(y, x)
}

const (
	erfNear = 0.93                  // where the formulas are about equally good
	erfEnd  = 6                     // from here on erf is 1 in float64
	erfHi   = 0x1.20dd750429b6dp+0  // 2/√π
	erfLo   = 0x1.1ae3a914fed80p-56 // and the rest of it
)

var erfSeries = [12]float64{
	-0x1.812746b0379e7p-2, 0x1.ce2f21a042bd7p-4, -0x1.b82ce312882f8p-6, 0x1.565bcd0e434bbp-8,
	-0x1.c02db3f4735cbp-11, 0x1.f9a324ddf0f34p-14, -0x1.f4d21efdafc7dp-17, 0x1.b9e2333703249p-20,
	-0x1.5f39372686202p-23, 0x1.f8d476ab1a455p-27, -0x1.3c1e91b012003p-30, 0x1.0f8a27a51ad26p-34,
}
