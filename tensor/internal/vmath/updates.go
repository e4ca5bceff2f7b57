package vmath

import "math"

// SGD sets θ = θ − rate·(g + decay·θ).
func SGD(theta, grad []float64, rate, decay float64) { sgd(best, theta, grad, rate, decay) }

func sgd(v variant, theta, grad []float64, rate, decay float64) {
	theta = theta[:len(grad)]
	if v == portable {
		for j, g := range grad {
			theta[j] -= float64(rate * (g + float64(decay*theta[j])))
		}
		return
	}
	for len(grad) > 0 {
		n := min(len(grad), chunk)
		vectorSGD(v, &theta[0], &grad[0], n, rate, decay)
		theta, grad = theta[n:], grad[n:]
	}
}

// MomentumRates are the numbers of a step with momentum.
type MomentumRates struct {
	Rate, Decay, Keep, Add float64
	Nesterov               bool
}

// Momentum sets g = grad + Decay·θ, buffer = Keep·buffer + Add·g, and
// θ = θ − Rate·buffer or, with Nesterov, θ = θ − Rate·(g + Keep·buffer).
func Momentum(theta, buffer, grad []float64, r MomentumRates) {
	momentum(best, theta, buffer, grad, &r)
}

func momentum(v variant, theta, buffer, grad []float64, r *MomentumRates) {
	theta, buffer = theta[:len(grad)], buffer[:len(grad)]
	if v == portable {
		for j, g := range grad {
			g += float64(r.Decay * theta[j])
			b := float64(r.Keep*buffer[j]) + float64(r.Add*g)
			buffer[j] = b
			if r.Nesterov {
				b = g + float64(r.Keep*b)
			}
			theta[j] -= float64(r.Rate * b)
		}
		return
	}
	for len(grad) > 0 {
		n := min(len(grad), chunk)
		vectorMomentum(v, &theta[0], &buffer[0], &grad[0], n, r)
		theta, buffer, grad = theta[n:], buffer[n:], grad[n:]
	}
}

// AdamRates are the numbers of a step of Adam.
type AdamRates struct {
	Shrink, Decay         float64
	KeepMean, AddMean     float64
	KeepSquare, AddSquare float64
	Rate, Unbias, Epsilon float64
}

// Adam sets θ = Shrink·θ, g = grad + Decay·θ, mean = KeepMean·mean + AddMean·g,
// square = KeepSquare·square + AddSquare·g² and
// θ = θ − Rate·mean/(√square·Unbias + Epsilon); with largest, the greater of it
// and square takes the place of both, NaN if either is.
func Adam(theta, mean, square, largest, grad []float64, r AdamRates) {
	adam(best, theta, mean, square, largest, grad, &r)
}

func adam(v variant, theta, mean, square, largest, grad []float64, r *AdamRates) {
	theta, mean, square = theta[:len(grad)], mean[:len(grad)], square[:len(grad)]
	if largest != nil {
		largest = largest[:len(grad)]
	}
	if v == portable {
		for j, g := range grad {
			x := float64(theta[j] * r.Shrink)
			g += float64(r.Decay * x)
			m := float64(r.KeepMean*mean[j]) + float64(r.AddMean*g)
			s := float64(r.KeepSquare*square[j]) + float64(float64(r.AddSquare*g)*g)
			mean[j], square[j] = m, s
			if largest != nil {
				if l := largest[j]; l > s || l != l {
					s = l
				}
				largest[j] = s
			}
			theta[j] = x - float64(r.Rate*m)/(float64(math.Sqrt(s)*r.Unbias)+r.Epsilon)
		}
		return
	}
	for len(grad) > 0 {
		n := min(len(grad), chunk)
		var most *float64
		if largest != nil {
			most, largest = &largest[0], largest[n:]
		}
		vectorAdam(v, &theta[0], &mean[0], &square[0], most, &grad[0], n, r)
		theta, mean, square, grad = theta[n:], mean[n:], square[n:], grad[n:]
	}
}
