package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// TestMain lets the test binary be our side, or launch a program, as the program
// does.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "serve" {
		exit(serve(os.Stdin, os.Stdout))
	}
	if len(os.Args) > 2 && os.Args[1] == "launch" && os.Args[2] == "go" {
		exit(launch(os.Args[2:], os.Stdout))
	}
	os.Exit(m.Run())
}

// small returns the same work with less to sum over, where that is much.
func small(t testing.TB, s spec) spec {
	switch s.Kind {
	case "crossentropy", "bce", "gram":
		s.Rows = min(s.Rows, 500)
	case "gemm":
		s.Inner = min(s.Inner, 99)
	case "csv":
		s.Rows, s.File = 500, filepath.Join(t.TempDir(), "numbers.csv")
		if err := writeCSV(s.File, s.Rows, s.Cols); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// BenchmarkCase is all cases of the program, on our side alone.
func BenchmarkCase(b *testing.B) {
	for _, g := range groups() {
		for _, c := range g.cases {
			b.Run(c.name, func(b *testing.B) {
				if c.spec.Kind == "csv" {
					c.spec = small(b, c.spec)
					c.work = float64(c.spec.Rows) / 1e6
				}
				task, err := newTask(c.spec)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := task.run(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(g.figure(&c, b.Elapsed().Seconds()/float64(b.N)), g.unit)
			})
		}
	}
}

// What PyTorch and the others compute is what we compute, from the same
// numbers: the losses after five steps of training agree.
func TestPeersAgree(t *testing.T) {
	s, err := startSides(1, []string{"python3", "/usr/bin/python3"}, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	if s.python == "" {
		t.Skip("there is no Python with numpy")
	}
	for _, g := range groups() {
		for _, c := range g.cases {
			c.spec = small(t, c.spec)
			ours, err := s.ours.ask(request{Op: "check", Spec: c.spec, Runs: checkRuns(c.spec)})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range g.peers {
				if s.versions[p.module] == "" || p.module == c.without {
					continue
				}
				theirs, err := s.theirs[0].ask(request{Op: "check", Spec: c.spec, Variant: p.variant, Runs: checkRuns(c.spec)})
				if err != nil {
					t.Errorf("%s, %s: %v", c.name, p.name, err)
					continue
				}
				if _, err := compare(p, theirs.Value, ours.Value); err != nil {
					t.Errorf("%s, %s: %v", c.name, p.name, err)
				}
				t.Logf("%s: ours %.16g, %s %.16g", c.name, ours.Value, p.name, theirs.Value)
			}
		}
	}
}

// The result of a task tells whether the work was done: another step of
// training, or one that is missing, is seen.
func TestResultsTell(t *testing.T) {
	for _, g := range groups() {
		for _, c := range g.cases {
			if c.spec.Kind != "step" {
				continue
			}
			task, err := newTask(c.spec)
			if err != nil {
				t.Fatal(err)
			}
			var losses []float64
			for range 5 {
				if err := task.run(); err != nil {
					t.Fatal(err)
				}
				losses = append(losses, task.result())
			}
			if _, err := compare(peer{}, losses[3], losses[4]); err == nil {
				t.Errorf("%s: a step changes nothing: %v", c.name, losses)
			}
			for k, l := range losses[1:] {
				if l >= losses[k] {
					t.Errorf("%s: the loss does not fall: %v", c.name, losses)
				}
			}
		}
	}
	if _, err := compare(peer{}, math.NaN(), 1); err == nil {
		t.Error("NaN agrees with 1")
	}
}

// The first output of SplitMix64 with seed 0, as published, is that of the
// first number.
func TestUniform(t *testing.T) {
	if got, want := uniform(0, 0), float64(uint64(0xe220a8397b1dcdaf)>>11)*0x1p-53; got != want {
		t.Errorf("%v, want %v", got, want)
	}
	const n = 100_000
	var sum, squares float64
	for i := range n {
		v := number(weights, i)
		sum += v
		squares += v * v
	}
	if math.Abs(sum/n) > 0.02 || math.Abs(squares/n-1) > 0.02 {
		t.Errorf("mean %v, mean square %v", sum/n, squares/n)
	}
}
