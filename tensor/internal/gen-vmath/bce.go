package main

import "math"

// bceKernels are sigmoid and binary cross-entropy in one: without and with the
// gradient, and without and with weights of the positive class.
func bceKernels() []kernel {
	var list []kernel
	for _, gradient := range []bool{false, true} {
		for _, weighted := range []bool{false, true} {
			k := kernel{name: "bce", outs: "loss", ins: "z target"}
			if gradient {
				k.name += "Gradient"
				k.outs += " gradient"
			}
			if weighted {
				k.name += "Weighted"
				k.ins += " weight"
			}
			k.formula = func(f *formula, in, _ []*op) []*op {
				in = append(in, nil)
				return bce(f, in[0], in[1], in[2], gradient)
			}
			list = append(list, k)
		}
	}
	return list
}

func bce(f *formula, z, t, weight *op, gradient bool) []*op {
	one, zero := f.num(1), f.num(0)
	g := newLogistic(f, z)
	loss := g.log1p(f)
	yes, no := t, f.sub(one, t)
	if weight != nil {
		yes = f.mul(t, weight)
		loss = f.mul(loss, f.add(yes, no))
	}
	right := f.compare(z, greaterEqual, zero)
	wrong := f.pick(right, no, yes)
	a := f.abs(z)
	finite := f.compare(z, lessEqual, f.num(math.MaxFloat64))
	sum := f.fma(wrong, a, loss)
	sum = f.pick(right, f.pick(finite, f.add(f.fnma(t, a, a), loss), sum), sum)
	loss = f.pick(f.compare(wrong, notEqual, zero), sum, loss)
	if !gradient {
		return []*op{loss}
	}
	p := g.inverse(f)
	q := f.mul(g.e, p)
	notP := f.pick(right, q, p)
	p = f.pick(right, p, q)
	return []*op{loss, f.fnma(yes, notP, f.mul(no, p))}
}
