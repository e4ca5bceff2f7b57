package experiments

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/experiments/figure"
)

// Every claim holds, and what it returns can be shown.
func TestClaimsHold(t *testing.T) {
	names := map[string]bool{}
	results := make([]Result, len(All()))
	t.Run("all", func(t *testing.T) {
		for i, e := range All() {
			t.Run(e.Name, func(t *testing.T) {
				t.Parallel()
				var err error
				if results[i], err = e.Run(context.Background(), Options{Quick: true}); err != nil {
					t.Fatal(err)
				}
				for _, c := range results[i].Failed() {
					t.Errorf("fails: %v", c)
				}
				for _, s := range []string{e.Title, e.Claim, e.Source, e.Method, e.Tolerance} {
					if s == "" {
						t.Error("a description is missing")
					}
				}
				decisive := 0
				for _, c := range results[i].Checks {
					if c.Decisive {
						decisive++
					}
				}
				if c, ok := results[i].Decisive(); decisive != 1 || !ok || !c.Decisive {
					t.Errorf("%d checks to quote, %v", decisive, c)
				}
				isWellMade(t, &results[i])
			})
		}
	})
	for i, e := range All() {
		taken := []string{e.Name}
		for _, f := range results[i].Figures() {
			taken = append(taken, "figure "+f.Name)
		}
		for _, name := range taken {
			if names[name] {
				t.Errorf("two are called %s", name)
			}
			names[name] = true
		}
	}
}

// A claim that holds for one seed only is luck.
func TestClaimsHoldForEverySeed(t *testing.T) {
	if os.Getenv("SURPRISAL_LONG_TESTS") == "" {
		t.Skip("long; set SURPRISAL_LONG_TESTS to run it")
	}
	for seed := range uint64(4) {
		for _, o := range Run(t.Context(), All(), Options{Quick: true, Seed: seed + 100}, nil) {
			if o.Err != nil {
				t.Fatal(o.Err)
			}
			for _, c := range o.Result.Failed() {
				t.Errorf("seed %d: %s fails: %v", seed+100, o.Name, c)
			}
		}
	}
}

// isWellMade checks texts, tables and figures for what would not show.
func isWellMade(t *testing.T, r *Result) {
	t.Helper()
	for _, b := range r.Body {
		if strings.Contains(b.Text, "%!") || strings.Contains(b.Text, "not a number") || strings.Count(b.Text, "$")%2 != 0 || strings.Count(b.Text, "*")%2 != 0 {
			t.Errorf("text %q", b.Text)
		}
	}
	for _, table := range r.Tables() {
		for i, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Errorf("table %q: row %d has %d cells for %d columns", table.Title, i, len(row), len(table.Columns))
			}
			for j, cell := range row {
				switch cell.(type) {
				case string, int, Value:
				default:
					t.Errorf("table %q: a %T in row %d, column %d", table.Title, cell, i, j)
				}
			}
		}
	}
	for _, f := range r.Figures() {
		texts := append([]string{f.Title, f.X.Label, f.Y.Label}, append(f.X.Categories, f.Y.Categories...)...)
		for _, m := range f.Marks {
			texts = append(append(texts, m.Name), m.Text...)
		}
		for _, s := range texts {
			if m := figure.Missing(s); m != "" {
				t.Errorf("figure %s: no glyphs for %q, in %q", f.Name, m, s)
			}
		}
		if f.Caption == "" || f.X.Label == "" || f.Y.Label == "" {
			t.Errorf("figure %s has no caption, or an axis no label", f.Name)
		}
	}
}

func TestResultsAreDeterministic(t *testing.T) {
	list, err := Select("entropy", "divergence", "softmax", "hidden", "calibration")
	if err != nil {
		t.Fatal(err)
	}
	run := func(processors int) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		data, err := json.Marshal(Run(context.Background(), list, Options{Quick: true, Seed: 3}, nil))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if !bytes.Equal(run(1), run(4)) {
		t.Error("results differ between runs")
	}
}

func TestSelect(t *testing.T) {
	got, err := Select("prior", "entropy")
	if err != nil || len(got) != 2 || got[0].Name != "entropy" {
		t.Errorf("selected %v, %v", got, err)
	}
	if all, err := Select(); err != nil || len(all) != len(All()) {
		t.Errorf("%d of all, %v", len(all), err)
	}
	for name, want := range map[string]string{"entorpy": `did you mean "entropy"?`, "Softmax": `did you mean "softmax"?`, "quantum": "there are entropy, divergence"} {
		if _, err := Select(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInterruptedRunKeepsWhatIsFinished(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var ended []string
	outcomes := Run(ctx, All()[:4], Options{Quick: true}, func(e Event) {
		if e.Outcome != nil {
			ended = append(ended, e.Name)
		}
		if e.Name == "divergence" && e.Share >= 0.3 {
			cancel()
		}
	})
	if outcomes[0].Result == nil || outcomes[0].Err != nil {
		t.Errorf("the first is lost: %v", outcomes[0].Err)
	}
	for _, o := range outcomes[2:] {
		if o.Result != nil || !errors.Is(o.Err, context.Canceled) {
			t.Errorf("%s: %v", o.Name, o.Err)
		}
	}
	if slices.Contains(ended, "underflow") {
		t.Errorf("ended: %v", ended)
	}
}

func TestEveryExperimentCanBeInterrupted(t *testing.T) {
	for _, e := range All() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := e.Run(ctx, Options{Quick: true}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
}

func TestOneFailureStopsNothing(t *testing.T) {
	broken := Experiment{Name: "broken", Run: func(context.Context, Options) (Result, error) { return Result{}, errors.New("no data") }}
	outcomes := Run(context.Background(), []Experiment{broken, entropyExperiment()}, Options{Quick: true}, nil)
	if outcomes[0].Err == nil || !strings.Contains(outcomes[0].Err.Error(), "experiment broken: no data") || outcomes[1].Result == nil {
		t.Errorf("%v, %v", outcomes[0].Err, outcomes[1].Err)
	}
}

func TestVerdictIsDecidedByChecks(t *testing.T) {
	good, bad := Check{Got: 1, Relation: AtMost, Limit: 1}, Check{Got: Value(math.NaN()), Relation: AtMost, Limit: 1}
	for _, c := range []struct {
		r    Result
		want Verdict
	}{
		{Result{}, Fails},
		{Result{Checks: []Check{good}}, Holds},
		{Result{Checks: []Check{good}, Correction: "but"}, HoldsCorrected},
		{Result{Checks: []Check{good, bad}, Correction: "but"}, Fails},
		{Result{Checks: []Check{{Got: 1, Relation: Above, Limit: 1}}}, Fails},
		{Result{Checks: []Check{{Got: 1, Relation: AtLeast, Limit: 1}, {Got: 2, Relation: Exactly, Limit: 2}}}, Holds},
		{Result{Checks: []Check{{Got: 1, Limit: 1}}}, Fails},
	} {
		if got := c.r.Verdict(); got != c.want {
			t.Errorf("%v: %s, want %s", c.r.Checks, got, c.want)
		}
	}
}

func TestDecisiveCheckIsTheOneThatFails(t *testing.T) {
	r := Result{Checks: []Check{{What: "a", Relation: AtMost}, {What: "b", Relation: AtMost, Decisive: true}}}
	if c, ok := r.Decisive(); !ok || c.What != "b" {
		t.Errorf("of those that hold %q is quoted", c.What)
	}
	r.Checks[0].Got = 1
	if c, ok := r.Decisive(); !ok || c.What != "a" {
		t.Errorf("%q is quoted where a fails", c.What)
	}
	if _, ok := (&Result{}).Decisive(); ok {
		t.Error("a check out of nothing")
	}
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 1: "1", -2: "−2", 12345: "12\u202f345", 0.5: "0.5", 1.0 / 3: "0.3333", -0.0001234: "−0.0001234",
		1e-7: "1·10⁻⁷", 2.5e-10: "2.5·10⁻¹⁰", 123456.7: "123457", 1e300: "1·10³⁰⁰", math.Inf(-1): "−∞", 99.996: "100",
	} {
		if got := num(x); got != want {
			t.Errorf("%v is written %q, want %q", x, got, want)
		}
	}
	data, err := json.Marshal([]Value{1.5, Value(math.Inf(1)), Value(math.Inf(-1)), Value(math.NaN())})
	if err != nil || string(data) != `[1.5,"inf","-inf","nan"]` {
		t.Errorf("%s, %v", data, err)
	}
	if s := fmt.Sprint(Check{What: "a", Got: 2, Relation: AtMost, Limit: 1, Unit: "nats"}); s != "a: 2 ≤ 1 nats" {
		t.Errorf("%q", s)
	}
}
