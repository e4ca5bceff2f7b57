package nn

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

func TestGain(t *testing.T) {
	for _, c := range []struct {
		f    activation.Func
		want float64
	}{
		{nil, 1},
		{activation.Sigmoid{}, 1},
		{activation.Tanh{}, 5.0 / 3},
		{activation.ReLU{}, math.Sqrt2},
		{activation.LeakyReLU{}, math.Sqrt(2 / 1.0001)},
		{activation.LeakyReLU{Slope: 0.2}, math.Sqrt(2 / 1.04)},
		{activation.LeakyReLU{Slope: 1}, 1},
	} {
		if got := Gain(c.f); math.Abs(got-c.want) > 1e-14 {
			t.Errorf("gain of %+v is %v, want %v", c.f, got, c.want)
		}
	}
}

// Of the others the doc comment gives two decimals.
func TestGainOfSmoothFunctions(t *testing.T) {
	for _, c := range []struct {
		f    activation.Func
		want float64
	}{{activation.ELU{}, 1.25}, {activation.GELU{}, 1.53}, {activation.SiLU{}, 1.68}} {
		if got := Gain(c.f); math.Abs(got-c.want) > 0.005 {
			t.Errorf("gain of %s is %v, want %v", c.f.Name(), got, c.want)
		}
	}
}

// The mean and the variance lie within five standard errors of what the doc
// comments say, uniform draws within their bounds, and all draws of the
// distribution's kurtosis.
func TestInitialisation(t *testing.T) {
	const in, out, gain = 300, 500, 1.7
	const n = in * out
	for _, c := range []struct {
		name     string
		fill     func(*autograd.Param, float64, rand.Source)
		variance float64
		uniform  bool
	}{
		{"XavierUniform", XavierUniform, gain * gain * 2 / (in + out), true},
		{"XavierNormal", XavierNormal, gain * gain * 2 / (in + out), false},
		{"KaimingUniform", KaimingUniform, gain * gain / in, true},
		{"KaimingNormal", KaimingNormal, gain * gain / in, false},
		{"PyTorchDefault", func(p *autograd.Param, _ float64, src rand.Source) {
			PyTorchDefault(&Linear{Weight: p, Bias: autograd.NewParam("bias", 1, out)}, src)
		}, 1. / 3 / in, true},
	} {
		p := autograd.NewParam("weight", in, out)
		c.fill(p, gain, random.New(1, 2))
		var m1, m2, m4, largest float64
		for _, v := range p.Value.RawMatrix().Data {
			m1 += v / n
			m2 += v * v / n
			m4 += v * v * v * v / n
			largest = max(largest, math.Abs(v))
		}
		kurtosis := 3.0
		if c.uniform {
			kurtosis = 1.8
			if bound := math.Sqrt(3 * c.variance); largest > bound || largest < 0.999*bound {
				t.Errorf("%s: the largest draw is %g, of a bound of %g", c.name, largest, bound)
			}
		}
		if math.Abs(m1) > 5*math.Sqrt(c.variance/n) {
			t.Errorf("%s: mean %g", c.name, m1)
		}
		if se := c.variance * math.Sqrt((kurtosis-1)/n); math.Abs(m2-c.variance) > 5*se {
			t.Errorf("%s: variance %g, want %g ± %g", c.name, m2, c.variance, se)
		}
		if k := m4 / (m2 * m2); math.Abs(k-kurtosis) > 0.1 {
			t.Errorf("%s: kurtosis %g, want %g", c.name, k, kurtosis)
		}

		again := autograd.NewParam("weight", in, out)
		c.fill(again, gain, random.New(1, 2))
		if !slices.Equal(p.Value.RawMatrix().Data, again.Value.RawMatrix().Data) {
			t.Errorf("%s: the same source gave other numbers", c.name)
		}
	}
}

func TestPyTorchDefaultDrawsBiases(t *testing.T) {
	l := NewLinear(4, 10000, nil, nil)
	PyTorchDefault(l, random.New(1, 0))
	bias := l.Bias.Value.RawMatrix().Data
	if lo, hi := slices.Min(bias), slices.Max(bias); lo < -0.5 || lo > -0.49 || hi > 0.5 || hi < 0.49 {
		t.Errorf("biases from %g to %g, want ±1/√4", lo, hi)
	}
}

// A rectifier's signal keeps its size through many layers.
func TestKaimingKeepsTheVariance(t *testing.T) {
	v := autograd.NewTape(autograd.Eval).Const(normalMatrix(8, 200, 1))
	for layer := range 30 {
		v = NewLinear(200, 200, activation.ReLU{}, random.New(2, uint64(layer))).Forward(v)
	}
	var m2 float64
	for _, y := range v.Value().RawMatrix().Data {
		m2 += y * y / (8 * 200)
	}
	if m2 < 0.2 || m2 > 5 { // with gain 1 it would be 2⁻³⁰
		t.Errorf("mean square %g after 30 layers of ReLU, 1 before", m2)
	}
}

func TestNewLinearSuitsItsActivation(t *testing.T) {
	const in, out = 20, 3000
	xavier := math.Sqrt(6. / (in + out))
	for _, c := range []struct {
		f     activation.Func
		bound float64
	}{
		{nil, xavier},
		{activation.Sigmoid{}, xavier},
		{activation.Tanh{}, 5. / 3 * xavier},
		{activation.ReLU{}, math.Sqrt(6. / in)},
	} {
		l := NewLinear(in, out, c.f, random.New(1, 0))
		if largest := slices.Max(l.Weight.Value.RawMatrix().Data); largest > c.bound || largest < 0.999*c.bound {
			t.Errorf("%+v: the largest weight is %g of a bound of %g", c.f, largest, c.bound)
		}
		for _, b := range l.Bias.Value.RawMatrix().Data {
			if b != 0 {
				t.Fatalf("%+v: bias %g", c.f, b)
			}
		}
	}
}

func TestInitialisationRefuses(t *testing.T) {
	l := NewLinear(2, 3, nil, nil)
	for name, f := range map[string]func(){
		"no source": func() { XavierNormal(l.Weight, 1, nil) },
		"a bias":    func() { KaimingUniform(l.Bias, 1, random.New(1, 0)) },
	} {
		if err := usageError(f); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

// usageError returns the UsageError that f panics with, or nil.
func usageError(f func()) (usage *tensor.UsageError) {
	defer func() {
		if err, ok := recover().(error); ok {
			errors.As(err, &usage)
		}
	}()
	f()
	return nil
}
