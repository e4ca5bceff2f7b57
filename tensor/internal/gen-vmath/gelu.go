package main

const geluEnd, normalDensity = 39, 0x1.9884533d43651p-2

func gelu(f *formula, z *op, slope bool) (y, s *op) {
	zero, half := f.num(0), f.num(0.5)
	a := f.abs(z)
	b := f.min(f.num(geluEnd), a)
	q := normalTail(f, b)
	square := f.mul(b, b)
	r := f.reduce(f.mul(square, f.num(-0.5)))
	hi, lo := r.exp(f)
	lo = f.fma(f.add(hi, lo), f.mul(f.fnma(b, b, square), half), lo)
	p := f.mul(b, q)
	left := f.scale(f.fma(p, hi, f.mul(p, lo)), r.n)
	right := f.compare(z, greater, zero)
	y = f.pick(right, f.sub(a, left), f.or(left, f.signOf(z)))
	y = f.pick(f.compare(a, greater, f.num(geluEnd)), f.max(z, zero), y)
	if slope {
		p = f.fnma(f.num(normalDensity), b, q)
		s = f.scale(f.fma(p, hi, f.mul(p, lo)), r.n)
		s = f.pick(right, f.sub(f.num(1), s), s)
	}
	return y, s
}

// normalTail returns Φ(−a)·exp(a²/2).
func normalTail(f *formula, a *op) *op {
	five := f.num(5)
	t := f.div(f.sub(a, five), f.add(a, five))
	w := f.mul(t, t)
	n := len(tailSeries) - 1
	even, odd := f.num(tailSeries[n]), f.num(tailSeries[n-1])
	for i := n - 2; i > 0; i -= 2 {
		even = f.fma(even, w, f.num(tailSeries[i]))
		odd = f.fma(odd, w, f.num(tailSeries[i-1]))
	}
	even = f.fma(even, w, f.num(tailSeries[0]))
	return f.div(f.fma(odd, t, even), f.add(a, f.num(1)))
}

var tailSeries = []float64{
	0x1.d8979b0f2b39dp-2,
	-0x1.76ff86859eb1cp-4,
	0x1.fc66cc64a13dfp-6,
	0x1.47c1d030561b8p-7,
	-0x1.b08e0007b4c6ap-6,
	0x1.92037bab2f2afp-6,
	-0x1.f11aab030cc7ap-7,
	0x1.ab6d0392975aep-8,
	-0x1.b75f4f7ed3169p-10,
	0x1.05714fe6aa3dbp-17,
	0x1.7e61e04f1d12cp-13,
	-0x1.c1b16762e9606p-15,
	-0x1.4c0d87bd7511ap-17,
	0x1.2fff4d2a51947p-17,
	-0x1.2fae62e602154p-24,
	-0x1.5ef72f0c6e09cp-20,
	0x1.13d704d4ff4bep-23,
	0x1.a58106b360849p-23,
	-0x1.cdd46144f133bp-26,
	-0x1.09e034d7b3d3fp-25,
	0x1.146c73b270a34p-28,
	0x1.2e7204d647edcp-28,
	-0x1.dbca95d80dc28p-32,
	-0x1.a38dadeae4319p-32,
	0x1.b955cb7ff11ecp-36,
}
