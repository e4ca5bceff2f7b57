package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/experiments"
)

// claim is an experiment of one check.
func claim(name string, got, limit experiments.Value) experiments.Experiment {
	return experiments.Experiment{Name: name, Title: "Of " + name, Run: func(context.Context, experiments.Options) (experiments.Result, error) {
		return experiments.Result{Checks: []experiments.Check{{What: "error", Got: got, Relation: experiments.AtMost, Limit: limit, Unit: "nats"}}}, nil
	}}
}

// reproduced runs experiments that are none of the program's, in a new folder.
func reproduced(t *testing.T, ctx context.Context, list ...experiments.Experiment) output {
	t.Helper()
	t.Chdir(t.TempDir())
	var stdout, stderr bytes.Buffer
	p := &program{stdout: &stdout, stderr: &stderr, interruptible: func() (context.Context, context.CancelFunc) { return ctx, func() {} }}
	seed := uint64(5)
	code := p.status((&reproduceCmd{Quick: true, Seed: &seed}).reproduce(p, list))
	return output{code, stdout.String(), stderr.String()}
}

func TestClaimThatFailsIsLoud(t *testing.T) {
	out := reproduced(t, t.Context(), claim("right", 1, 2), claim("wrong", 2, 1))
	if out.code != 3 {
		t.Errorf("status %d", out.code)
	}
	for _, want := range []string{"FAILS     wrong: Of wrong\n          it is not so that error: 2 ≤ 1 nats\n", "1 of 2 hold; 1 FAILED: wrong"} {
		if !strings.Contains(out.stdout, want) {
			t.Errorf("no %q in\n%s", want, out.stdout)
		}
	}
	if want := "train: 1 claim FAILED:\n  wrong: error: 2 ≤ 1 nats\n"; out.stderr != want {
		t.Errorf("%q, want %q", out.stderr, want)
	}
	if page, err := os.ReadFile("reproduction/report.html"); err != nil || !bytes.Contains(page, []byte("Failed, 1 of 2 claims: wrong.")) {
		t.Errorf("the page does not say so: %v", err)
	}
}

func TestInterruptedReproductionKeepsWhatIsFinished(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	long := experiments.Experiment{Name: "long", Run: func(ctx context.Context, _ experiments.Options) (experiments.Result, error) {
		interrupt()
		return experiments.Result{}, ctx.Err()
	}}
	out := reproduced(t, ctx, claim("right", 1, 2), long, claim("later", 1, 2))
	if out.code != 130 {
		t.Errorf("status %d", out.code)
	}
	if want := "1 of 3 hold; 2 missing: long, later"; !strings.Contains(out.stdout, want) {
		t.Errorf("no %q in\n%s", want, out.stdout)
	}
	for _, want := range []string{"1 experiment finished, in the report; 2 missing: long, later\n", "train reproduce long later --quick --seed 5 --out "} {
		if !strings.Contains(out.stderr, want) {
			t.Errorf("no %q in %s", want, out.stderr)
		}
	}
	if page, err := os.ReadFile("reproduction/report.html"); err != nil || !bytes.Contains(page, []byte("Without a result, 2 of 3 claims: long, later.")) {
		t.Errorf("the page does not say so: %v", err)
	}
}

func TestReproductionInterruptedAtOnceLeavesNothing(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	out := reproduced(t, ctx, claim("right", 1, 2))
	if entries, err := os.ReadDir("."); out.code != 130 || err != nil || len(entries) > 0 {
		t.Errorf("status %d, %v, %v", out.code, entries, err)
	}
}

func TestExperimentThatCannotBeCarriedOut(t *testing.T) {
	broken := experiments.Experiment{Name: "broken", Run: func(context.Context, experiments.Options) (experiments.Result, error) {
		return experiments.Result{}, errors.New("no such data")
	}}
	out := reproduced(t, t.Context(), broken, claim("right", 1, 2))
	if out.code != 1 || out.stderr != "train: experiment broken: no such data\n" || !strings.Contains(out.stdout, "1 of 2 hold; 1 missing: broken") {
		t.Errorf("status %d, %s%s", out.code, out.stdout, out.stderr)
	}
}
