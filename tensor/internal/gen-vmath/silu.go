package main

const siluEnd = 760

func silu(f *formula, z *op, slope bool) (y, s *op) {
	one, zero := f.num(1), f.num(0)
	left := f.compare(z, less, zero)
	a := f.min(f.num(siluEnd), f.abs(z))
	b := f.or(a, f.signOf(z))
	r := f.reduce(f.or(a, f.word(1<<63)))
	hi, lo := r.exp(f)
	h := f.add(hi, lo)
	hLost := f.sub(lo, f.sub(h, hi))
	power := f.power(f.max(f.num(-1000), r.n))
	var g logistic
	g.e = f.mul(h, power)
	g.d = f.add(g.e, one)
	g.dLost = f.fma(hLost, power, f.sub(g.e, f.sub(g.d, one)))
	g.q = f.div(one, g.d)

	n := f.pick(left, r.n, zero)
	h, hLost = f.pick(left, h, one), f.pick(left, hLost, zero)
	x := f.mul(b, h)
	y = f.scale(g.quotient(f, x, f.fma(b, hLost, f.fms(b, h, x))), n)
	y = f.pick(f.compare(z, notLessEqual, f.num(siluEnd)), z, f.or(y, f.signOf(z)))
	if slope {
		t := f.add(b, one)
		t = f.fma(t, f.pick(left, one, g.e), f.pick(left, g.e, one))
		x = f.mul(t, h)
		s = f.scale(g.overSquare(f, x, f.fma(t, hLost, f.fms(t, h, x))), n)
	}
	return y, s
}

// fms returns x·y − z.
func (f *formula) fms(x, y, z *op) *op { return f.sub(f.num(0), f.fnma(x, y, z)) }
