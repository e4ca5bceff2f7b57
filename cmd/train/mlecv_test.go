package main

import (
	"context"
	"os"
	"runtime"
	"strings"
	"testing"
)

// A cross-validation that is interrupted, wherever that is, leaves nothing behind.
func TestInterruptedCrossValidation(t *testing.T) {
	t.Chdir(t.TempDir())
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // a countdown is for one goroutine
	folds := false
	for looks := 0; ; looks = 1 + looks*3/2 {
		left := looks
		out := trainUntil(countdown{context.Background(), &left}, "fit", "iris2", "--quiet", "--penalty", "l2", "--C", "cv", "--folds", "3", "--json", "fit.json")
		if out.code == 0 {
			break
		}
		if out.code != statusInterrupted || out.stdout != "" || !strings.Contains(out.stderr, "nothing was written") {
			t.Fatalf("after %d looks at the context: status %d, output %q, message %s", looks, out.code, out.stdout, out.stderr)
		}
		folds = folds || strings.Contains(out.stderr, "while computing the cross-validation, fit ")
		if files, err := os.ReadDir("."); err != nil || len(files) > 0 {
			t.Fatalf("an interrupted fit has written %v (%v)", files, err)
		}
	}
	if !folds {
		t.Error("no interruption came between folds")
	}
}

// The curve in the JSON, and what is chosen from it.
func TestCrossValidationJSON(t *testing.T) {
	type result struct {
		C  float64
		CV struct {
			Folds  int     `json:"folds"`
			Chosen float64 `json:"chosen_C"`
			Least  float64 `json:"min_C"`
			OneSE  float64 `json:"1se_C"`
			AtEdge bool    `json:"at_edge"`
			Grid   []struct {
				C       float64
				Loss    float64 `json:"mean_logloss"`
				SE      float64 `json:"se"`
				NonZero int     `json:"nonzero"`
			} `json:"grid"`
		} `json:"cv"`
	}
	got := fitResult[result](t, "wine", "--penalty", "l1", "--standardize", "--C", "cv", "--cv-rule", "1se", "--folds", "4")
	cv := got.CV
	if cv.Folds != 4 || got.C != cv.Chosen || cv.Chosen != cv.OneSE || cv.OneSE > cv.Least || cv.AtEdge || len(cv.Grid) != 20 {
		t.Errorf("%+v", got)
	}
	least := cv.Grid[0]
	for i, p := range cv.Grid {
		if i > 0 && p.C <= cv.Grid[i-1].C || !(p.Loss > 0 && p.SE > 0) || (p.NonZero == 0) != (i == 0) {
			t.Errorf("point %d is %+v", i, p)
		}
		if p.Loss < least.Loss {
			least = p
		}
	}
	if least.C != cv.Least {
		t.Errorf("the least loss is at C = %g, not %g", least.C, cv.Least)
	}
	for _, p := range cv.Grid {
		if p.Loss <= least.Loss+least.SE {
			if p.C != cv.OneSE {
				t.Errorf("C = %g is within a standard error of the least, before %g", p.C, cv.OneSE)
			}
			break
		}
	}
	// Given as a number, the same fit, without a curve.
	if plain := fitResult[map[string]any](t, "wine", "--penalty", "l1", "--standardize", "--C", "1"); plain["cv"] != nil {
		t.Errorf("a curve without --C cv: %v", plain["cv"])
	}
}
