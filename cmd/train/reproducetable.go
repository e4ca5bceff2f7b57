package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/surprisal-ml/surprisal/experiments"
)

// tally is what came out of several experiments, by name.
type tally struct {
	holding, corrected, failed, missing []string

	interrupted bool
	broken      []error // experiments that could not be carried out
	why         []string
}

func tallyOf(outcomes []experiments.Outcome) *tally {
	t := &tally{}
	for _, o := range outcomes {
		switch o.Verdict() {
		case experiments.Holds:
			t.holding = append(t.holding, o.Name)
		case experiments.HoldsCorrected:
			t.corrected = append(t.corrected, o.Name)
		case experiments.Fails:
			t.failed = append(t.failed, o.Name)
			for _, c := range o.Result.Failed() {
				t.why = append(t.why, fmt.Sprintf("%s: %s", o.Name, c))
			}
		case experiments.Missing:
			t.missing = append(t.missing, o.Name)
			if errors.Is(o.Err, context.Canceled) {
				t.interrupted = true
			} else {
				t.broken = append(t.broken, o.Err)
			}
		}
	}
	return t
}

func (t *tally) finished() int { return len(t.holding) + len(t.corrected) + len(t.failed) }

// err is what the program ends with, the worst first. again is the command that
// tries what is missing.
func (t *tally) err(again string) error {
	switch {
	case t.interrupted:
		return &interruptedError{fmt.Sprintf("interrupted: %s finished, in the report; %d missing: %s\nThese are tried by: %s --out ANOTHER",
			plural(t.finished(), "experiment"), len(t.missing), strings.Join(t.missing, ", "), again)}
	case len(t.failed) > 0:
		return &claimError{fmt.Sprintf("%s FAILED:\n  %s", plural(len(t.failed), "claim"), strings.Join(t.why, "\n  "))}
	}
	return errors.Join(t.broken...)
}

// print writes a paragraph for each claim: verdict, name, and what decides.
func (t *tally) print(w *page, outcomes []experiments.Outcome) {
	for _, o := range outcomes {
		word := map[experiments.Verdict]string{experiments.Holds: "holds", experiments.HoldsCorrected: "corrected",
			experiments.Fails: "FAILS", experiments.Missing: "missing"}[o.Verdict()]
		w.entry(word, "%s: %s", o.Name, o.Title)
		if o.Result == nil {
			if !errors.Is(o.Err, context.Canceled) {
				w.entry("", "%v", o.Err)
			}
			continue
		}
		if failed := o.Result.Failed(); len(failed) > 0 {
			for _, c := range failed {
				w.entry("", "it is not so that %s", c)
			}
		} else if c, ok := o.Result.Decisive(); ok {
			w.entry("", "%s", c)
		}
		if o.Result.Correction != "" {
			w.entry("", "Correction: %s", o.Result.Correction)
		}
	}
	w.line("")
	w.entry("Claims", "%s", t)
}

// String counts the claims by verdict.
func (t *tally) String() string {
	text := fmt.Sprintf("%d of %d hold", len(t.holding)+len(t.corrected), t.finished()+len(t.missing))
	if n := len(t.corrected); n > 0 {
		text += fmt.Sprintf(", %d of them with a correction", n)
	}
	if n := len(t.failed); n > 0 {
		text += fmt.Sprintf("; %d FAILED: %s", n, strings.Join(t.failed, ", "))
	}
	if n := len(t.missing); n > 0 {
		text += fmt.Sprintf("; %d missing: %s", n, strings.Join(t.missing, ", "))
	}
	return text
}
