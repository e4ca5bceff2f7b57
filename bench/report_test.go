package main

import (
	"io"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestQuantile(t *testing.T) {
	v := []float64{4, 1, 3, 2}
	for p, want := range map[float64]float64{0: 1, 0.25: 1.75, 0.5: 2.5, 1: 4} {
		if got := quantile(v, p); got != want {
			t.Errorf("quantile %g: %g, want %g", p, got, want)
		}
	}
	if got := quantile([]float64{7}, 0.5); got != 7 {
		t.Errorf("of one value: %g", got)
	}
}

// A ratio is that of neighbouring slices: a machine that is slower for a round
// does not enter.
func TestRatioIsPaired(t *testing.T) {
	r := row{ours: series{seconds: []float64{1, 10, 1}}}
	if times, spread := r.ratio(series{seconds: []float64{2, 20, 2}}); times != 2 || spread != 0 {
		t.Errorf("%g ± %g", times, spread)
	}
}

func TestVerdicts(t *testing.T) {
	p := peer{name: "theirs", module: "torch"}
	s := section{threads: 1, versions: map[string]string{"Go": "go1.26", "torch": "2"}, stolen: 0.5, load: [2]float64{3, 0}}
	tab := table{group: group{title: "T", unit: "µs", peers: []peer{p}, cases: []benchCase{step("", 1, 0, 0, 1, 1)}}}
	for _, c := range []struct {
		name  string
		times []float64
		share float64
	}{
		{"short", []float64{1.9}, 1}, {"enough", []float64{2}, 1}, {"plenty", []float64{5}, 1},
		{"disturbed", []float64{4.9}, 0.5}, {"disturbed too", []float64{4.9}, 0.5}, {"much", []float64{4.9}, 0.5},
		{"scattered around the bar", []float64{1.6, 2.1, 2.6}, 0.5},
		{"scattered beyond the bar", []float64{3, 4, 5}, 0.5},
	} {
		var theirs, ours []float64
		for _, v := range c.times {
			theirs, ours = append(theirs, v*1e-6), append(ours, 1e-6)
		}
		tab.rows = append(tab.rows, row{
			benchCase: benchCase{name: c.name, bar: 2, stretch: 5, work: 1e-6},
			ours:      series{seconds: ours}, theirs: []series{{peer: p, seconds: theirs}},
			share: c.share,
		})
	}
	s.tables = []table{tab}
	var b strings.Builder
	s.write(&b)
	for _, want := range []string{
		"| short | 1.00 | 1.90 (1.90×) | 0 % | 2× / 5× **missed** |",
		"| enough | 1.00 | 2.00 (2.00×) | 0 % | 2× / 5× met |",
		"| plenty | 1.00 | 5.00 (5.00×) | 0 % | 2× / 5× stretch met |",
		"| disturbed | 1.00 | 4.90 (4.90×) | 0 % | 2× / 5× met |",
		"| scattered around the bar | 1.00 | 2.10 (2.10×) | 12 % ⚠ | 2× / 5× unsure: noisy |",
		"| scattered beyond the bar | 1.00 | 4.00 (4.00×) | 12 % ⚠ | 2× / 5× met |",
		"**Not run:** what needs numpy, sklearn, pandas, statsmodels, R",
		"**Noisy:** other programs were running",
		"load average was 3.0 before",
		"other virtual machines took 50.0 % of the time",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

// Without Python there are our own figures, and a word about the rest.
func TestWithoutPython(t *testing.T) {
	o := options{cases: regexp.MustCompile("128×10$"), threads: []int{1, 2}, pythons: []string{"no-such-python"}, rounds: 2, slice: time.Millisecond}
	var b strings.Builder
	if err := o.run(&b, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# 1 thread\n", "# 2 threads\n", "**Not run:**", "| case | Surprisal |\n", "| cross-entropy 128×10 | "} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

func TestServe(t *testing.T) {
	in := strings.NewReader(`{"op":"time","spec":{"kind":"bce","rows":3,"cols":1}}
{"op":"check","spec":{"kind":"waltz"}}
{"op":"check","runs":1,"spec":{"kind":"bce","rows":3,"cols":1}}
{"op":"time","warm":1e-4,"seconds":1e-3,"spec":{"kind":"bce","rows":3,"cols":1}}
`)
	var out strings.Builder
	if err := serve(in, &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range []string{"bce was not checked before", `no task is called \"waltz\"`, `"value":`, `"calls":`} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("%s: not %s", lines[i], want)
		}
	}
}

func TestTimed(t *testing.T) {
	runs := 0
	one := task{run: func() error { runs++; return nil }}
	a, err := timed(one, 0, 0)
	if err != nil || runs != 1 || a.Calls != 1 {
		t.Errorf("cold: %d runs, %+v, %v", runs, a, err)
	}
	slow := task{run: func() error { time.Sleep(time.Millisecond); return nil }}
	a, err = timed(slow, 0.005, 0.02)
	if err != nil || a.Calls < 2 || a.Wall < 1e-3*float64(a.Calls) { // a sleep may be longer, not shorter
		t.Errorf("warm: %+v, %v", a, err)
	}
}

// A slice holds several calls, however short it is meant to be.
func TestShortSlices(t *testing.T) {
	runs := 0
	a, err := timed(task{run: func() error { runs++; time.Sleep(time.Millisecond); return nil }}, 1e-9, 1e-9)
	if err != nil || a.Calls != minCalls || runs != minWarm+minCalls {
		t.Errorf("%d runs, %+v, %v", runs, a, err)
	}
}

// A side rests when its threads do, not before; unless other programs keep them
// from working, so that they look as if they rested.
func TestRest(t *testing.T) {
	for range 20 { // the thread may wait for a processor, and look at rest
		var done atomic.Bool
		go func() {
			for start := processorTime(); processorTime()-start < 100*time.Millisecond; {
			}
			done.Store(true)
		}()
		rest()
		if done.Load() {
			return
		}
	}
	t.Error("a thread was busy")
}
