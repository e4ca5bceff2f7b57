package nn

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// The functions of this file fill a weight, in×out, with independent random
// numbers of mean 0 drawn from src, row by row. They panic if src is nil or p
// is a bias.

// XavierUniform draws from the uniform distribution of variance
// gain²·2/(in+out), which is that between ±gain·√(6/(in+out))
// (torch.nn.init.xavier_uniform_). It keeps the variance of the values going
// forward and of the gradients going back, as well as both can be.
//
// Source: Glorot & Bengio 2010, "Understanding the difficulty of training deep
// feedforward neural networks".
func XavierUniform(p *autograd.Param, gain float64, src rand.Source) {
	in, out := fans(p)
	uniform(p, gain*math.Sqrt(6/float64(in+out)), src)
}

// XavierNormal draws from the normal distribution of variance
// gain²·2/(in+out) (torch.nn.init.xavier_normal_).
func XavierNormal(p *autograd.Param, gain float64, src rand.Source) {
	in, out := fans(p)
	normal(p, gain*math.Sqrt(2/float64(in+out)), src)
}

// KaimingUniform draws from the uniform distribution of variance gain²/in,
// which is that between ±gain·√(3/in) (torch.nn.init.kaiming_uniform_, mode
// fan_in). With the [Gain] of a rectifier it keeps the variance of the values
// going forward.
//
// Source: He, Zhang, Ren & Sun 2015, "Delving deep into rectifiers: surpassing
// human-level performance on ImageNet classification".
func KaimingUniform(p *autograd.Param, gain float64, src rand.Source) {
	in, _ := fans(p)
	uniform(p, gain*math.Sqrt(3/float64(in)), src)
}

// KaimingNormal draws from the normal distribution of variance gain²/in
// (torch.nn.init.kaiming_normal_, mode fan_in).
func KaimingNormal(p *autograd.Param, gain float64, src rand.Source) {
	in, _ := fans(p)
	normal(p, gain/math.Sqrt(float64(in)), src)
}

// PyTorchDefault draws the weight and the bias of l as a new torch.nn.Linear
// has them: uniform between ±1/√in. The variance, 1/(3·in), is that of no
// activation's needs; it is here to compare with.
func PyTorchDefault(l *Linear, src rand.Source) {
	in, _ := fans(l.Weight)
	bound := 1 / math.Sqrt(float64(in))
	uniform(l.Weight, bound, src)
	uniform(l.Bias, bound, src)
}

// Gain returns the factor by which the standard deviation of the weights
// before f has to grow to make up for what f takes away. It is that of
// torch.nn.init.calculate_gain where that has one: 1 for the identity (nil) and
// sigmoid, 5/3 for tanh, √2 for ReLU and √(2/(1+slope²)) for leaky ReLU.
//
// For any other function it is 1/√E f(z)² with z standard normal, which gives
// ReLU's and leaky ReLU's too: 1.25 for ELU, 1.53 for GELU, 1.68 for SiLU.
func Gain(f activation.Func) float64 {
	switch f.(type) {
	case nil, activation.Sigmoid:
		return 1
	case activation.Tanh:
		return 5.0 / 3
	}
	// The trapezoidal rule with a node at 0, where kinks are.
	const step, steps = 1.0 / 16, 160
	var z, y [1]float64
	var moment, mass float64
	for i := -steps; i <= steps; i++ {
		z[0] = step * float64(i)
		f.Value(y[:], z[:])
		density := math.Exp(-z[0] * z[0] / 2)
		moment += density * y[0] * y[0]
		mass += density
	}
	return math.Sqrt(mass / moment)
}

// fans returns the number of inputs and outputs of a weight.
func fans(p *autograd.Param) (in, out int) {
	if p.Role == autograd.Bias {
		panic(&tensor.UsageError{Op: "nn: initialisation", Problem: fmt.Sprintf("%q is a bias, whose number of inputs is unknown", p.Name)})
	}
	return p.Value.Dims()
}

func uniform(p *autograd.Param, bound float64, src rand.Source) {
	fill(p, src, func(r *rand.Rand) float64 { return bound * (2*r.Float64() - 1) })
}

func normal(p *autograd.Param, deviation float64, src rand.Source) {
	fill(p, src, func(r *rand.Rand) float64 { return deviation * r.NormFloat64() })
}

func fill(p *autograd.Param, src rand.Source, draw func(*rand.Rand) float64) {
	if src == nil {
		panic(&tensor.UsageError{Op: "nn: initialisation", Problem: "the rand.Source is nil"})
	}
	r := rand.New(src)
	for i := range p.Value.RawMatrix().Rows {
		row := p.Value.RawRowView(i)
		for j := range row {
			row[j] = draw(r)
		}
	}
}
