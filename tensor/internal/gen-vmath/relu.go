package main

func relu(f *formula, z *op, slope bool) (y, s *op) {
	zero := f.num(0)
	y = f.pick(f.compare(z, lessEqual, zero), zero, z)
	if slope {
		s = f.step(z, zero)
	}
	return y, s
}

// step returns 1 to the right of 0 and otherwise left, or NaN if z is that.
func (f *formula) step(z, left *op) *op {
	s := f.pick(f.compare(z, greater, f.num(0)), f.num(1), z)
	return f.pick(f.compare(z, lessEqual, f.num(0)), left, s)
}

func leakyReLU(f *formula, z, alpha *op, slope bool) (y, s *op) {
	y = f.pick(f.compare(z, greater, f.num(0)), z, f.mul(alpha, z))
	if slope {
		s = f.step(z, alpha)
	}
	return y, s
}

func elu(f *formula, z, alpha *op, slope bool) (y, s *op) {
	right := f.compare(z, greater, f.num(0))
	r := f.reduce(f.max(f.num(expLow), f.or(z, f.word(1<<63))))
	hi, lo := r.minus1(f)
	y = f.pick(right, z, f.fma(alpha, hi, f.mul(alpha, lo)))
	if slope {
		hi, lo = r.exp(f)
		s = f.pick(right, f.num(1), f.scale(f.fma(alpha, hi, f.mul(alpha, lo)), r.n))
	}
	return y, s
}
