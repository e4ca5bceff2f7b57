package optim_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/tensor"
)

func TestValidate(t *testing.T) {
	for _, end := range ends {
		if err := end.method.Validate(); err != nil {
			t.Errorf("%s: %v", describe(end.method), err)
		}
	}
	nan, inf := math.NaN(), math.Inf(1)
	for _, test := range []struct {
		method optim.Method
		option string
	}{
		{optim.SGD{LR: -0.1}, "LR"}, {optim.SGD{LR: nan}, "LR"}, {optim.SGD{LR: inf}, "LR"},
		{optim.SGD{Momentum: -1}, "Momentum"}, {optim.SGD{WeightDecay: -1}, "WeightDecay"},
		{optim.SGD{Dampening: nan}, "Dampening"},
		{optim.SGD{Nesterov: true}, "Nesterov"},
		{optim.SGD{Nesterov: true, Momentum: 0.9, Dampening: 0.1}, "Nesterov"},
		{optim.Adam{LR: -1}, "LR"}, {optim.Adam{Beta1: 1}, "Beta1"}, {optim.Adam{Beta2: 1.5}, "Beta2"},
		{optim.Adam{Eps: -1e-8}, "Eps"}, {optim.Adam{WeightDecay: -1}, "WeightDecay"},
		{optim.AdamW{Beta2: nan}, "AdamW: Beta2"},
		{optim.RMSprop{Alpha: 1}, "Alpha"}, {optim.RMSprop{Momentum: inf}, "Momentum"},
		{optim.Adagrad{LRDecay: -1}, "LRDecay"}, {optim.Adagrad{InitialAccumulator: -1}, "InitialAccumulator"},
	} {
		err := test.method.Validate()
		if err == nil || !strings.Contains(err.Error(), test.option) {
			t.Errorf("%s: error %v does not name %s", describe(test.method), err, test.option)
		}
		wantMisuse(t, test.option, func() { optim.New(test.method, 1) })
	}
}

func TestMisuse(t *testing.T) {
	for _, end := range ends {
		opt := optim.New(end.method, 3)
		wantMisuse(t, "optimiser for 3", func() { opt.Step(make([]float64, 2), make([]float64, 2)) })
		wantMisuse(t, "2 gradient", func() { opt.Step(make([]float64, 3), make([]float64, 2)) })
		if opt.Steps() != 0 {
			t.Errorf("%s counted a step it refused", end.method.Name())
		}
		s := end.method.Init(3)
		wantMisuse(t, "3 parameters and 2 gradient", func() {
			end.method.Update(make([]float64, 3), make([]float64, 2), &s, end.method.Base())
		})
	}
	s := optim.Adam{}.Init(3)
	wantMisuse(t, "exp_avg has 3", func() {
		optim.Adam{}.Update(make([]float64, 2), make([]float64, 2), &s, optim.Rates{})
	})
	wantMisuse(t, "-1", func() { optim.New(optim.SGD{}, -1) })
}

// wantMisuse checks that f panics with a *tensor.UsageError that mentions text.
func wantMisuse(t *testing.T, text string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		err, _ := recover().(error)
		var usage *tensor.UsageError
		if !errors.As(err, &usage) || !strings.Contains(usage.Error(), text) {
			t.Errorf("panic %v, want a *tensor.UsageError with %q", err, text)
		}
	}()
	f()
}
