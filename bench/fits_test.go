package main

import (
	"io"
	"math"
	"strings"
	"testing"
)

// All programs fit the same model to the same data, and what they return is at
// the optimum by our formula.
func TestFitsAgree(t *testing.T) {
	s, err := startSides(1, []string{"python3", "/usr/bin/python3"}, "Rscript")
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	s.settings, s.theirs = s.settings[:1], s.theirs[:1]
	b := bench{s, 1, 1, 1e-3}
	for _, c := range fitCases() {
		switch {
		case c.l2:
			c.data = func() (problem, error) { return pixels(300, 20, 10), nil }
		case !c.table:
			k := 2
			if c.name != fitCases()[0].name {
				k = 5
			}
			c.data = func() (problem, error) { return mixed(400, 3, k), nil }
		}
		r, err := b.measureFit(c, t.TempDir(), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if !r.reached(r.ours) || len(r.ours.seconds) != 1 {
			t.Errorf("%s: our gradient is %g after %v s", c.name, r.ours.gradient, r.ours.seconds)
		}
		for _, f := range r.theirs {
			if f.gradient > 1e-2 || len(f.seconds) != 1 || f.seconds[0] < 0 {
				t.Errorf("%s: the gradient of %s is %g after %v s", c.name, f.peer.name, f.gradient, f.seconds)
			}
		}
		if len(r.theirs)+len(r.notRun) != len(c.peers) {
			t.Errorf("%s: %d ran, %d did not, of %d", c.name, len(r.theirs), len(r.notRun), len(c.peers))
		}
	}
}

// The gradient is that of the objective, whichever class is the reference.
func TestOptimality(t *testing.T) {
	const step = 1e-6
	p := mixed(1200, 2, 3)
	coef := []float64{0.1, -0.2, 0.3, 0.4, 0.5, -0.6, 0, 0.2, 0.1}
	for _, l2 := range []bool{false, true} {
		var largest float64
		for j := range coef {
			up, down := append([]float64{}, coef...), append([]float64{}, coef...)
			up[j] += step
			down[j] -= step
			high, err := p.at(up, l2)
			if err != nil {
				t.Fatal(err)
			}
			low, err := p.at(down, l2)
			if err != nil {
				t.Fatal(err)
			}
			largest = max(largest, math.Abs(high.mean-low.mean)/(2*step))
		}
		o, err := p.at(coef, l2)
		if err != nil || math.Abs(o.gradient-largest) > 1e-8 {
			t.Errorf("L2 %v: gradient %g, by differences %g, %v", l2, o.gradient, largest, err)
		}
	}
	full, _ := p.at([]float64{0, 0, 0, 1, 2, 3, 4, 5, 6}, false)
	short, _ := p.at([]float64{1, 2, 3, 4, 5, 6}, false)
	if full != short {
		t.Errorf("%v with a row for the reference class, %v without", full, short)
	}
	if _, err := p.at([]float64{1, 2}, false); err == nil {
		t.Error("two coefficients pass")
	}
	if _, err := p.at([]float64{math.NaN(), 2, 3, 4, 5, 6}, false); err == nil {
		t.Error("NaN passes")
	}
}

// The classes that are drawn have the frequencies that the logits say.
func TestDraw(t *testing.T) {
	const n = 20_000
	z := matrix(features, n, 3, 0)
	for i := range n {
		z.Set(i, 1, math.Log(2))
		z.Set(i, 2, math.Log(5))
	}
	var counts [3]float64
	for _, k := range draw(z) {
		counts[k]++
	}
	for k, want := range []float64{1. / 8, 2. / 8, 5. / 8} {
		if got := counts[k] / n; math.Abs(got-want) > 0.02 {
			t.Errorf("class %d: %g, want %g", k, got, want)
		}
	}
}

func TestParseR(t *testing.T) {
	a, err := parseR("5 0.25 0.5 \n1 -2e-3 \n")
	if err != nil || a.Calls != 5 || a.CPU != 0.25 || a.Wall != 0.5 || len(a.Coef) != 2 || a.Coef[1] != -2e-3 {
		t.Errorf("%+v, %v", a, err)
	}
	for _, bad := range []string{"", "1 2 3", "Error in glm"} {
		if _, err := parseR(bad); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestFitVerdicts(t *testing.T) {
	at := func(p peer, seconds, gradient float64) fitted {
		return fitted{series: series{peer: p, seconds: []float64{seconds}}, optimality: optimality{gradient: gradient}}
	}
	ours := at(peer{}, 1, 1e-17)
	ours.passes = 12
	theirs := []fitted{at(lbfgs, 3, 1e-5), at(newtonCG, 9, 1e-12), at(cholesky, 5, 1e-11)}
	for _, c := range []struct {
		goal  fitGoal
		ours  fitted
		share float64
		want  string
	}{
		{fitGoal{times: 4}, ours, 1, "Goal: 4× the fastest that reaches it, scikit-learn, newton-cholesky; 5.00×, met."},
		{fitGoal{times: 6}, ours, 1, "5.00×, **missed**"},
		{fitGoal{times: 4}, ours, 0.5, "5.00×, met"},
		{fitGoal{times: 3, variant: "lbfgs"}, ours, 1, "Goal: 3× scikit-learn, lbfgs; 3.00×, met."},
		{fitGoal{times: 4}, at(peer{}, 1, 1e-9), 1, "**missed**: the gradient is too large"},
		{fitGoal{times: 3, variant: "lbfgs", passes: 12}, ours, 1, "3.00×, met. At most 12 passes, met."},
		{fitGoal{times: 3, variant: "lbfgs", passes: 11}, ours, 1, "3.00×, met. At most 11 passes, **missed**."},
		{fitGoal{seconds: 0.5}, ours, 1, "at most 500 ms, **missed**"},
		{fitGoal{seconds: 1}, ours, 1, "at most 1000 ms, met"},
	} {
		r := fitRow{fitCase: fitCase{name: "fit", target: 1e-10, goal: c.goal}, ours: c.ours, theirs: theirs, notRun: []peer{glm}, share: c.share}
		var b strings.Builder
		writeFits(&b, []fitRow{r})
		for _, want := range []string{c.want, "### fit, to 1e-10", "1e-05, not reached", "**Not run:** R, glm (no R)"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%q is not in\n%s", want, b.String())
			}
		}
	}
}
