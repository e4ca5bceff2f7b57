package optim

import "math"

// RMSprop divides the gradient by a running root mean square of it
// (torch.optim.RMSprop; Hinton, Neural Networks for Machine Learning, lecture
// 6e; the centred form is from Graves 2013, Generating sequences with recurrent
// neural networks). With v "square_avg", a "grad_avg", b "momentum_buffer":
//
//	g ← g + WeightDecay θ
//	v ← Alpha v + (1-Alpha) g²
//	a ← Alpha a + (1-Alpha) g                  if Centered, else a = 0
//	u = g / (√(v-a²) + Eps)
//	b ← Momentum b + u                         with momentum, else b = u
//	θ ← θ - LR b
//
// In exact arithmetic v-a² is never negative; where rounding makes it so, it
// counts as 0 (PyTorch returns NaN).
type RMSprop struct {
	LR          float64 // learning rate; zero means 0.01
	Alpha       float64 // smoothing constant; zero means 0.99
	Eps         float64 // zero means 1e-8
	WeightDecay float64 // L2 penalty
	Momentum    float64
	Centered    bool
}

// Name implements [Method].
func (RMSprop) Name() string { return "RMSprop" }

// Base implements [Method].
func (o RMSprop) Base() Rates { return Rates{LR: option(o.LR, 1e-2), Momentum: o.Momentum} }

// Validate implements [Method].
func (o RMSprop) Validate() error {
	return first(
		atLeastZero("RMSprop", "LR", o.LR),
		belowOne("RMSprop", "Alpha", o.Alpha),
		atLeastZero("RMSprop", "Eps", o.Eps),
		atLeastZero("RMSprop", "WeightDecay", o.WeightDecay),
		atLeastZero("RMSprop", "Momentum", o.Momentum),
	)
}

// Init implements [Method].
func (o RMSprop) Init(n int) State {
	names := []string{"square_avg"}
	if o.Centered {
		names = append(names, "grad_avg")
	}
	s := newState(n, names...)
	s.Moments = append(s.Moments, Moment{Name: "momentum_buffer"})
	return s
}

// Update implements [Method].
func (o RMSprop) Update(theta, grad []float64, s *State, r Rates) {
	begin("optim.RMSprop", theta, grad, s)
	var (
		alpha, eps = option(o.Alpha, 0.99), option(o.Eps, 1e-8)
		square     = s.Moments[0].Values
		mean       []float64
		last       = &s.Moments[len(s.Moments)-1]
	)
	if o.Centered {
		mean = s.Moments[1].Values
	}
	if r.Momentum != 0 && len(last.Values) == 0 {
		last.Values = make([]float64, len(theta))
	}
	b := last.Values
	for i, g := range grad {
		g += o.WeightDecay * theta[i]
		v := alpha*square[i] + (1-alpha)*g*g
		square[i] = v
		if o.Centered {
			a := alpha*mean[i] + (1-alpha)*g
			mean[i] = a
			v = max(v-a*a, 0)
		}
		u := g / (math.Sqrt(v) + eps)
		if r.Momentum != 0 {
			u += r.Momentum * b[i]
			b[i] = u
		}
		theta[i] -= r.LR * u
	}
}
