package optim_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/optim"
)

// train does steps [from, to) on gradients that are a function of the step.
func train(opt *optim.Optimizer, theta []float64, from, to int) {
	schedule := optim.OneCycleLR{MaxLR: 0.1, TotalSteps: 12}
	grad := make([]float64, len(theta))
	for k := from; k < to; k++ {
		r := rand.New(rand.NewPCG(1, uint64(k)))
		for i := range grad {
			grad[i] = r.NormFloat64() + theta[i]
		}
		optim.ClipNorm(grad, 20)
		opt.StepAt(schedule.At(k, opt.Base()), theta, grad)
	}
}

func TestResumeBitForBit(t *testing.T) {
	const n = 1000
	for _, end := range ends {
		t.Run(describe(end.method), func(t *testing.T) {
			through := make([]float64, n)
			whole := optim.New(end.method, n)
			train(whole, through, 0, 10)

			stopped := make([]float64, n)
			first := optim.New(end.method, n)
			train(first, stopped, 0, 5)
			saved, err := json.Marshal(first.State())
			if err != nil {
				t.Fatal(err)
			}
			var state optim.State
			if err := json.Unmarshal(saved, &state); err != nil {
				t.Fatal(err)
			}
			second := optim.New(end.method, n)
			if err := second.Restore(state); err != nil {
				t.Fatal(err)
			}
			train(second, stopped, 5, 10)

			if second.Steps() != 10 || !slices.Equal(through, stopped) {
				t.Error("parameters differ from those of an unbroken run")
			}
			if !sameState(whole.State(), second.State()) {
				t.Error("state differs from that of an unbroken run")
			}
		})
	}
}

// What is saved stays as it was while training goes on, on both sides.
func TestStateIsACopy(t *testing.T) {
	text := func(s optim.State) string {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, end := range ends {
		theta := make([]float64, 3)
		first, second := optim.New(end.method, 3), optim.New(end.method, 3)
		train(first, theta, 0, 3)
		saved := first.State()
		before := text(saved)
		train(first, theta, 3, 5)
		if text(saved) != before {
			t.Errorf("%s: a state taken from the optimiser changed", describe(end.method))
		}
		if err := second.Restore(saved); err != nil {
			t.Fatal(err)
		}
		train(second, theta, 3, 5)
		if text(saved) != before {
			t.Errorf("%s: a state given to the optimiser changed", describe(end.method))
		}
	}
}

// The state before the first step can be restored, moments not begun included.
func TestRestoreTheBeginning(t *testing.T) {
	for _, end := range ends {
		opt := optim.New(end.method, 3)
		train(opt, make([]float64, 3), 0, 3)
		if err := opt.Restore(end.method.Init(3)); err != nil || opt.Steps() != 0 {
			t.Errorf("%s: %v, %d steps", describe(end.method), err, opt.Steps())
		}
	}
}

func sameState(a, b optim.State) bool {
	return a.Step == b.Step && slices.EqualFunc(a.Moments, b.Moments, func(x, y optim.Moment) bool {
		return x.Name == y.Name && slices.EqualFunc(x.Values, y.Values, func(v, w float64) bool {
			return math.Float64bits(v) == math.Float64bits(w)
		})
	})
}

func TestStateKeepsEveryBit(t *testing.T) {
	values := []float64{
		0, math.Copysign(0, -1), 1.0 / 3, math.SmallestNonzeroFloat64, math.MaxFloat64,
		math.Inf(1), math.Inf(-1), math.NaN(), math.Float64frombits(0xfff0dead_beef1234),
	}
	s := optim.State{Step: 7, Moments: []optim.Moment{{Name: "exp_avg", Values: values}, {Name: "later"}}}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back optim.State
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !sameState(s, back) {
		t.Errorf("%v came back as %v", s, back)
	}
	s = optim.State{Step: 1, Moments: []optim.Moment{{Name: "sum", Values: []float64{1}}}}
	if text, _ := json.Marshal(s); string(text) != `{"step":1,"moments":[{"name":"sum","values":"AAAAAAAA8D8="}]}` {
		t.Errorf("the form of the text changed: %s", text)
	}
}

func TestDamagedState(t *testing.T) {
	for _, text := range []string{
		`{"step":1,"moments":[{"name":"sum","values":"AAAAAAAA8A=="}]}`, // 7 bytes
		`{"step":1,"moments":[{"name":"sum","values":"not base64"}]}`,
		`{"step":1,"moments":[{"name":"sum","values":[1,2]}]}`,
		`{"step":1,"moments":["sum"]}`,
		`{"step":1.5}`, `{"step":1`, ``,
	} {
		var s optim.State
		if err := json.Unmarshal([]byte(text), &s); err == nil {
			t.Errorf("%q was read as %v", text, s)
		}
	}
}

func FuzzState(f *testing.F) {
	f.Add([]byte(`{"step":1,"moments":[{"name":"sum","values":"AAAAAAAA8D8="},{"name":"x","values":null}]}`))
	f.Add([]byte(`{"step":-1,"moments":[{"values":"AAAA"}]}`))
	f.Add([]byte(`{"moments":[{},null]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var s optim.State
		if json.Unmarshal(text, &s) != nil {
			return
		}
		again, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back optim.State
		if err := json.Unmarshal(again, &back); err != nil || !sameState(s, back) {
			t.Fatalf("%s: %v came back as %v (%v)", text, s, back, err)
		}
		opt := optim.New(optim.Adagrad{}, 1)
		if opt.Restore(s) == nil {
			opt.Step([]float64{1}, []float64{1})
		}
	})
}

func TestRestoreRefuses(t *testing.T) {
	vector := func(name string, n int) optim.Moment {
		return optim.Moment{Name: name, Values: make([]float64, n)}
	}
	for _, test := range []struct {
		method optim.Method
		state  optim.State
		says   string
	}{
		{optim.SGD{}, optim.State{}, `"momentum_buffer"`},
		{optim.SGD{}, optim.State{Moments: []optim.Moment{vector("momentum_buffer", 2)}}, "2 entries for 3"},
		{optim.SGD{}, optim.State{Moments: []optim.Moment{vector("sum", 3)}}, `"sum"`},
		{optim.Adam{}, optim.State{Step: -2, Moments: optim.Adam{}.Init(3).Moments}, "-2"},
		{optim.Adam{}, optim.Adam{AMSGrad: true}.Init(3), `"max_exp_avg_sq"`},
		{optim.Adam{}, optim.Adam{}.Init(4), "exp_avg has 4 entries for 3"},
		{optim.Adam{}, optim.State{Moments: []optim.Moment{{Name: "exp_avg"}, vector("exp_avg_sq", 3)}}, "0 entries"},
		{optim.Adam{}, optim.State{Moments: []optim.Moment{vector("exp_avg_sq", 3), vector("exp_avg", 3)}}, "instead of"},
		{optim.RMSprop{Centered: true}, optim.RMSprop{}.Init(3), `"grad_avg"`},
		{optim.Adagrad{}, optim.SGD{}.Init(3), `"sum"`},
	} {
		opt := optim.New(test.method, 3)
		opt.Step(make([]float64, 3), []float64{1, 2, 3})
		before := opt.State()
		err := opt.Restore(test.state)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v does not mention %s", describe(test.method), err, test.says)
		}
		if !sameState(before, opt.State()) {
			t.Errorf("%s: a refused state changed the optimiser", describe(test.method))
		}
	}
}

// Counted over many steps and with two processors: testing.AllocsPerRun would
// run on one.
func TestStepsDoNotAllocate(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	const n, steps = 500, 1000
	theta, grad := make([]float64, n), make([]float64, n)
	schedules := []optim.Schedule{
		optim.Constant{}, optim.StepLR{StepSize: 100}, optim.ExponentialLR{Gamma: 0.999},
		optim.CosineAnnealingLR{TMax: steps}, optim.OneCycleLR{TotalSteps: steps},
	}
	for _, end := range ends {
		opt := optim.New(end.method, n)
		run := func(from, to int) {
			for k := from; k < to; k++ {
				for i := range grad {
					grad[i] = theta[i] - float64(i)
				}
				optim.ClipNorm(grad, 1)
				opt.StepAt(schedules[k%len(schedules)].At(k, opt.Base()), theta, grad)
			}
		}
		run(0, 10)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		run(10, 10+steps)
		runtime.ReadMemStats(&after)
		// The runtime itself may allocate a few times in the meantime.
		if got := after.Mallocs - before.Mallocs; got > steps/50 {
			t.Errorf("%s: %d allocations in %d steps", describe(end.method), got, steps)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	const n = 100_000
	for _, m := range []optim.Method{
		optim.SGD{}, optim.SGD{Momentum: 0.9}, optim.Adam{}, optim.AdamW{AMSGrad: true}, optim.RMSprop{}, optim.Adagrad{},
	} {
		b.Run(fmt.Sprintf("%s/%d", describe(m), n), func(b *testing.B) {
			theta, grad := make([]float64, n), make([]float64, n)
			for i := range grad {
				grad[i] = math.Sin(float64(i))
			}
			opt := optim.New(m, n)
			for b.Loop() {
				opt.Step(theta, grad)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/parameter")
		})
	}
}
