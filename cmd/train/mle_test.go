package main

import (
	"context"
	"math"
	"os"
	"strings"
	"testing"
)

// A fit by likelihood that is interrupted, wherever that is, leaves nothing
// behind and says so.
func TestInterruptedLikelihood(t *testing.T) {
	t.Chdir(t.TempDir())
	args := []string{"fit", "iris2", "--quiet", "--profile", "--tests", "--json", "fit.json"}
	var iterations, statistics bool
	for looks := 0; ; looks = 1 + looks*5/4 {
		left := looks
		out := trainUntil(countdown{context.Background(), &left}, args...)
		if out.code == 0 {
			break
		}
		if out.code != statusInterrupted || out.stdout != "" {
			t.Fatalf("after %d looks at the context: status %d, output %q, message %s", looks, out.code, out.stdout, out.stderr)
		}
		iterations = iterations || strings.Contains(out.stderr, "interrupted after iteration")
		statistics = statistics || strings.Contains(out.stderr, "interrupted while computing statistics")
		if !strings.Contains(out.stderr, "nothing was written") {
			t.Fatalf("message %q", out.stderr)
		}
		if files, err := os.ReadDir("."); err != nil || len(files) > 0 {
			t.Fatalf("an interrupted fit has written %v (%v)", files, err)
		}
	}
	if !iterations || !statistics {
		t.Errorf("interrupted in iterations %v, in statistics %v; want both", iterations, statistics)
	}
}

// A trained model whose certificate is interrupted is saved all the same.
func TestInterruptedCertificate(t *testing.T) {
	t.Chdir(t.TempDir())
	for looks := 2; looks < 400; looks++ {
		left := looks
		out := trainUntil(countdown{context.Background(), &left}, "fit", "iris2", "--quiet", "--solver", "sgd", "--epochs", "2", "--json", "fit.json")
		if out.code == statusInterrupted {
			continue // while training
		}
		if out.code != 0 {
			t.Fatalf("status %d: %s", out.code, out.stderr)
		}
		if got := readJSON[answer](t, "fit.json"); got.Certificate.Holds || got.Certificate.Why != "interrupted" {
			t.Errorf("certificate %+v", got.Certificate)
		}
		if _, err := os.Stat("iris2.model"); err != nil {
			t.Error(err)
		}
		return
	}
	t.Error("the training never came to its end")
}

func TestUpTo(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 1: "1", 1.01: "2", 3e-17: "3e-17", 3.0000001e-17: "4e-17", 9.1e-5: "0.0001", 0.03: "0.03", 26: "30", 5e-324: "5e-324",
		math.Inf(1): "+Inf", 99999: "100000",
	} {
		if got := upTo(x); got != want {
			t.Errorf("upTo(%g) = %s, want %s", x, got, want)
		}
	}
}

// A bound that is printed is never below the one that was proved.
func FuzzUpTo(f *testing.F) {
	f.Add(3.2e-17)
	f.Add(5e-324)
	f.Add(9.4e307)
	f.Fuzz(func(t *testing.T, x float64) {
		if !(x >= 0 && x < 1e308) {
			return
		}
		if got := readNumber(t, upTo(x)); got < x || x > 1e-300 && got > 2*x {
			t.Errorf("upTo(%g) = %s", x, upTo(x))
		}
	})
}

func readNumber(t *testing.T, text string) float64 {
	t.Helper()
	x, err := parseList[float64](text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return x[0]
}

func TestPValue(t *testing.T) {
	for p, want := range map[float64]string{1: "1.0000", 0.04653: "0.0465", 4.9e-5: "4.9e-05", 0: "< 1e-323", 1.86e-26: "1.9e-26"} {
		if got := pValue(p); got != want {
			t.Errorf("pValue(%g) = %s, want %s", p, got, want)
		}
	}
}
