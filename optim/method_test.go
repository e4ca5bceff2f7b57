package optim_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/surprisal-ml/surprisal/optim"
)

// fourSteps are the gradients of two parameters at four steps from start, and
// where each method ends, from the formulas of the doc comments evaluated with
// 60 decimal digits.
var (
	start     = [2]float64{1, -0.5}
	fourSteps = [][2]float64{{0.5, -2}, {-0.25, -1}, {1.5, 0.75}, {0.125, -0.5}}
	ends      = []struct {
		method optim.Method
		theta  [2]float64
	}{
		{optim.SGD{}, [2]float64{0.998125, -0.49725}},
		{optim.SGD{LR: 0.1, WeightDecay: 0.3}, [2]float64{0.70518166, -0.188771805}},
		{optim.SGD{LR: 0.1, Momentum: 0.9}, [2]float64{0.5982999999999999, 0.36630000000000007}},
		{optim.SGD{LR: 0.1, Momentum: 0.9, Dampening: 0.4, WeightDecay: 0.01}, [2]float64{0.6836927465430159, 0.29710596009069207}},
		{optim.SGD{LR: 0.1, Momentum: 0.9, WeightDecay: 0.01, Nesterov: true}, [2]float64{0.44016355376633703, 0.5558899511012141}},
		{optim.Adam{}, [2]float64{0.9974703298522277, -0.497082885337022}},
		{optim.Adam{LR: 0.1, Beta1: 0.7, Beta2: 0.8, Eps: 0.01, WeightDecay: 0.3}, [2]float64{0.6832171693641885, -0.2198961270420298}},
		{optim.Adam{LR: 0.1, Beta2: 0.5, AMSGrad: true}, [2]float64{0.778072484333201, -0.22488623851370002}},
		{optim.Adam{LR: 0.1, Beta1: optim.Zero, Eps: optim.Zero}, [2]float64{0.7854501163904513, -0.35034215202720603}},
		{optim.AdamW{}, [2]float64{0.9974303724836427, -0.4970629390782593}},
		{optim.AdamW{LR: 0.1, WeightDecay: 0.3, Beta2: 0.5, AMSGrad: true}, [2]float64{0.6752288669481976, -0.18289481266805496}},
		{optim.AdamW{LR: 0.1, WeightDecay: optim.Zero}, [2]float64{0.7470329852227708, -0.2082885337021975}},
		{optim.RMSprop{}, [2]float64{0.8432620495499656, -0.3661564543693468}},
		{optim.RMSprop{LR: 0.1, Alpha: 0.8, Eps: 0.01, WeightDecay: 0.3}, [2]float64{0.5405770995008494, -0.1791786661923373}},
		{optim.RMSprop{Momentum: 0.9}, [2]float64{0.5917172235664107, -0.07432847061040199}},
		{optim.RMSprop{LR: 0.1, Alpha: 0.8, Momentum: 0.9, Centered: true}, [2]float64{-0.0418517668730607, 0.6158190425577071}},
		{optim.Adagrad{}, [2]float64{0.9843232112993555, -0.4866339542962098}},
		{optim.Adagrad{LR: 0.1, LRDecay: 0.5, WeightDecay: 0.3, InitialAccumulator: 0.2, Eps: 0.01}, [2]float64{0.8601839347782638, -0.3754786148162454}},
	}
)

func describe(m optim.Method) string { return fmt.Sprintf("%s%+v", m.Name(), m) }

func TestFormulas(t *testing.T) {
	for _, end := range ends {
		t.Run(describe(end.method), func(t *testing.T) {
			theta := start
			opt := optim.New(end.method, 2)
			for _, g := range fourSteps {
				before := g
				opt.Step(theta[:], g[:])
				if g != before {
					t.Fatal("the gradient was changed")
				}
			}
			for i, want := range end.theta {
				if d := math.Abs(theta[i] - want); !(d <= 1e-15) {
					t.Errorf("θ[%d] = %.17g, want %.17g (off by %.1e)", i, theta[i], want, d)
				}
			}
		})
	}
}

// Every parameter goes its own way: the vector is no more than its entries.
func TestEntriesAreIndependent(t *testing.T) {
	for _, end := range ends {
		both := start
		opt := optim.New(end.method, 2)
		for _, g := range fourSteps {
			opt.Step(both[:], g[:])
		}
		for i := range both {
			one := []float64{start[i]}
			opt := optim.New(end.method, 1)
			for _, g := range fourSteps {
				opt.Step(one, g[i:i+1])
			}
			if one[0] != both[i] {
				t.Errorf("%s: θ[%d] is %v beside others and %v alone", describe(end.method), i, both[i], one[0])
			}
		}
	}
}

// A NaN in the gradient stays in its own parameter and cannot be overlooked.
func TestNaNStaysVisible(t *testing.T) {
	for _, end := range ends {
		theta := []float64{1, 1, 1}
		opt := optim.New(end.method, 3)
		opt.Step(theta, []float64{0.5, math.NaN(), 0.5})
		opt.Step(theta, []float64{0.5, 0.5, 0.5})
		if !math.IsNaN(theta[1]) || math.IsNaN(theta[0]) || theta[0] != theta[2] {
			t.Errorf("%s: θ = %v after a NaN in the middle", describe(end.method), theta)
		}
	}
}

// At rest, without weight decay, a zero gradient moves nothing.
func TestZeroGradient(t *testing.T) {
	for _, m := range []optim.Method{
		optim.SGD{Momentum: 0.9}, optim.Adam{}, optim.AdamW{WeightDecay: optim.Zero},
		optim.RMSprop{Centered: true}, optim.Adagrad{},
	} {
		theta := start
		opt := optim.New(m, 2)
		for range 3 {
			opt.Step(theta[:], []float64{0, 0})
		}
		if theta != start {
			t.Errorf("%s moved to %v", describe(m), theta)
		}
	}
}

// Weight decay is the gradient of WeightDecay/2 Σθ², whatever the method.
func TestWeightDecayIsAPenalty(t *testing.T) {
	for _, pair := range [][2]optim.Method{
		{optim.SGD{Momentum: 0.9, WeightDecay: 0.25}, optim.SGD{Momentum: 0.9}},
		{optim.Adam{WeightDecay: 0.25}, optim.Adam{}},
		{optim.RMSprop{WeightDecay: 0.25}, optim.RMSprop{}},
		{optim.Adagrad{WeightDecay: 0.25}, optim.Adagrad{}},
	} {
		a, b := start, start
		with, without := optim.New(pair[0], 2), optim.New(pair[1], 2)
		for _, g := range fourSteps {
			with.Step(a[:], g[:])
			for i := range g {
				g[i] += 0.25 * b[i]
			}
			without.Step(b[:], g[:])
		}
		if a != b {
			t.Errorf("%s: %v with weight decay, %v with the penalty in the gradient", describe(pair[0]), a, b)
		}
	}
}

// Without Eps, the adaptive methods do not see the scale of the gradient.
func TestScaleInvariance(t *testing.T) {
	for _, m := range []optim.Method{
		optim.Adam{Eps: optim.Zero}, optim.AdamW{Eps: optim.Zero, AMSGrad: true},
		optim.RMSprop{Eps: optim.Zero, Momentum: 0.5, Centered: true}, optim.Adagrad{Eps: optim.Zero},
	} {
		a, b := start, start
		first, second := optim.New(m, 2), optim.New(m, 2)
		for _, g := range fourSteps {
			first.Step(a[:], g[:])
			for i := range g {
				g[i] *= 0x1p100 // exact
			}
			second.Step(b[:], g[:])
		}
		if a != b {
			t.Errorf("%s: %v, but %v with gradients 2^100 times as large", describe(m), a, b)
		}
	}
}

// The variance of a constant gradient is 0, and rounding must not turn it into
// the root of a negative number.
func TestCenteredRMSpropStaysReal(t *testing.T) {
	theta := make([]float64, 3)
	opt := optim.New(optim.RMSprop{Centered: true}, 3)
	for step := range 20000 {
		opt.Step(theta, []float64{0.1, -1e-5, 3})
		for i, x := range theta {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Fatalf("θ[%d] = %v after %d steps", i, x, step+1)
			}
		}
	}
}

// A schedule's rates replace those of the options wherever they occur.
func TestScheduledRates(t *testing.T) {
	rates := []optim.Rates{{LR: 0.1, Momentum: 0.9}, {LR: 0.2, Momentum: 0.8}, {LR: 0.05, Momentum: 0.5}, {LR: 0.1, Momentum: 0.6}}
	for _, end := range []struct {
		method optim.Method
		theta  [2]float64
	}{
		{optim.SGD{LR: 9, Momentum: 0.7}, [2]float64{0.73425, 0.33050000000000007}},
		{optim.SGD{LR: 9, Momentum: 0.7, Nesterov: true}, [2]float64{0.7399249999999999, 0.5720500000000001}},
		{optim.Adam{LR: 9, Beta1: 0.7}, [2]float64{0.7968985541902442, -0.273761069873735}},
		{optim.AdamW{LR: 9, Beta1: 0.7}, [2]float64{0.7927801662567149, -0.2720457338950314}},
		{optim.RMSprop{LR: 9, Momentum: 0.7}, [2]float64{-2.0052154845796175, 3.5423466826159333}},
		{optim.RMSprop{LR: 9}, [2]float64{-2.0052154845796175, 3.5423466826159333}},
		{optim.Adagrad{LR: 9}, [2]float64{0.9348056010992062, -0.30571821521468134}},
	} {
		theta := start
		opt := optim.New(end.method, 2)
		for k, g := range fourSteps {
			opt.StepAt(rates[k], theta[:], g[:])
		}
		for i, want := range end.theta {
			if d := math.Abs(theta[i] - want); !(d <= 2e-15) {
				t.Errorf("%s: θ[%d] = %.17g, want %.17g (off by %.1e)", describe(end.method), i, theta[i], want, d)
			}
		}
	}
}

// PyTorch sets the momentum buffer to the first gradient that meets momentum,
// also when a schedule switches momentum on later.
func TestMomentumSwitchedOn(t *testing.T) {
	theta := []float64{0}
	opt := optim.New(optim.SGD{LR: 1, Dampening: 0.5}, 1)
	opt.StepAt(optim.Rates{LR: 1}, theta, []float64{1})                // θ = -1
	opt.StepAt(optim.Rates{LR: 1, Momentum: 0.5}, theta, []float64{2}) // b = 2, θ = -3
	opt.StepAt(optim.Rates{LR: 1, Momentum: 0.5}, theta, []float64{4}) // b = 1 + 2, θ = -6
	if theta[0] != -6 {
		t.Errorf("θ = %v, want -6", theta[0])
	}
}

func TestQuadratic(t *testing.T) {
	scale, target := []float64{1, 4, 20}, []float64{3, -2, 0.5}
	for _, test := range []struct {
		method optim.Method
		within float64
	}{
		{optim.SGD{LR: 0.05}, 1e-12},
		{optim.SGD{LR: 0.05, Momentum: 0.8}, 1e-12},
		{optim.SGD{LR: 0.05, Momentum: 0.8, Nesterov: true}, 1e-12},
		{optim.Adam{LR: 0.05}, 1e-8},
		{optim.Adam{LR: 0.05, AMSGrad: true}, 1e-8},
		{optim.AdamW{LR: 0.05, WeightDecay: optim.Zero}, 1e-8},
		{optim.RMSprop{LR: 0.05}, 0.05}, // steps do not shrink by themselves
		{optim.RMSprop{LR: 0.02, Momentum: 0.5, Centered: true}, 0.5},
		{optim.Adagrad{LR: 1}, 1e-8},
	} {
		theta, grad := make([]float64, 3), make([]float64, 3)
		opt := optim.New(test.method, 3)
		for range 3000 {
			for i := range grad {
				grad[i] = scale[i] * (theta[i] - target[i])
			}
			opt.Step(theta, grad)
		}
		for i := range theta {
			if d := math.Abs(theta[i] - target[i]); !(d <= test.within) {
				t.Errorf("%s ends %.1e from the minimum, want %.0e", describe(test.method), d, test.within)
			}
		}
	}
}
