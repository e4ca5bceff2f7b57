package main

// updateKernels are the steps of optimisers, as package vmath has them.
func updateKernels() []kernel {
	list := []kernel{{"sgd", "theta", "theta grad", "rate decay", func(f *formula, in, p []*op) []*op {
		theta, grad, rate, decay := in[0], in[1], p[0], p[1]
		return []*op{f.sub(theta, f.mul(rate, f.add(grad, f.mul(decay, theta))))}
	}}}
	for _, nesterov := range []bool{false, true} {
		name := "momentum"
		if nesterov {
			name = "nesterov"
		}
		list = append(list, kernel{name, "theta buffer", "theta buffer grad", "rate decay keep add", func(f *formula, in, p []*op) []*op {
			theta, b, g := in[0], in[1], in[2]
			rate, decay, keep, part := p[0], p[1], p[2], p[3]
			g = f.add(g, f.mul(decay, theta))
			b = f.add(f.mul(keep, b), f.mul(part, g))
			step := b
			if nesterov {
				step = f.add(g, f.mul(keep, b))
			}
			return []*op{f.sub(theta, f.mul(rate, step)), b}
		}})
	}
	for _, amsgrad := range []bool{false, true} {
		k := kernel{name: "adam", outs: "theta mean square", ins: "theta mean square grad"}
		if amsgrad {
			k = kernel{name: "amsgrad", outs: "theta mean square largest", ins: "theta mean square grad largest"}
		}
		k.params = "shrink decay keepMean addMean keepSquare addSquare rate unbias eps"
		k.formula = func(f *formula, in, p []*op) []*op {
			theta := f.mul(in[0], p[0])
			g := f.add(in[3], f.mul(p[1], theta))
			mean := f.add(f.mul(p[2], in[1]), f.mul(p[3], g))
			square := f.add(f.mul(p[4], in[2]), f.mul(f.mul(p[5], g), g))
			outs, v := []*op{nil, mean, square}, square
			if amsgrad {
				v = f.pick(f.compare(in[4], notEqual, in[4]), in[4], f.max(in[4], square))
				outs = append(outs, v)
			}
			step := f.div(f.mul(p[6], mean), f.add(f.mul(f.sqrt(v), p[7]), p[8]))
			outs[0] = f.sub(theta, step)
			return outs
		}
		list = append(list, k)
	}
	return list
}
