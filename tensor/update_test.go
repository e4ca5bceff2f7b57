package tensor_test

import (
	"runtime"
	"slices"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// TestUpdatesInParts has vectors that are divided among processors, and compares
// with updates of pieces too short for that.
func TestUpdatesInParts(t *testing.T) {
	const n = 1<<18 + 12345
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	src := random.New(1, 0)
	vector := func() []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = src.Float64()
		}
		return v
	}
	for name, step := range map[string]func(x [5][]float64){
		"SGD": func(x [5][]float64) { tensor.SGDStep(x[0], x[4], 0.1, 0.01) },
		"momentum": func(x [5][]float64) {
			tensor.MomentumStep(x[0], x[1], x[4], tensor.MomentumRates{Rate: 0.1, Decay: 0.01, Keep: 0.9, Add: 0.5, Nesterov: true})
		},
		"Adam": func(x [5][]float64) { tensor.AdamStep(x[0], x[1], x[2], nil, x[4], adamRates) },
		"AMSGrad": func(x [5][]float64) {
			tensor.AdamStep(x[0], x[1], x[2], x[3], x[4], adamRates)
		},
	} {
		var whole, pieces [5][]float64
		for k := range whole {
			whole[k] = vector()
			pieces[k] = slices.Clone(whole[k])
		}
		step(whole)
		for at := 0; at < n; at += 70000 {
			var piece [5][]float64
			for k := range piece {
				piece[k] = pieces[k][at:min(at+70000, n)]
			}
			step(piece)
		}
		for k := range whole {
			if !slices.Equal(whole[k], pieces[k]) {
				t.Errorf("%s: vector %d differs", name, k)
			}
		}
	}
}

var adamRates = tensor.AdamRates{
	Shrink: 0.99, Decay: 0.01, KeepMean: 0.9, AddMean: 0.1, KeepSquare: 0.999, AddSquare: 0.001, Rate: 0.01, Unbias: 30, Epsilon: 1e-8,
}
