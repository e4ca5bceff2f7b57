package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

const fitsNote = "To the optimum, from data in memory. Ours is `mle.Fit`, which also proves that the estimate exists and how far from it the coefficients are; its passes over the rows count all of that. The gradient is that of the mean objective per row, its largest entry at the coefficients that each program returned, by one formula for all. A peer's tolerance is the largest of 1e-4, 1e-8, 1e-10 and 1e-12 that reaches the target, or the last that made a difference; lbfgs has the target itself."

func writeFits(w io.Writer, rows []fitRow) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## %s\n\n%s\n", fitsTitle, fitsNote)
	for _, r := range rows {
		r.write(w)
	}
}

func (r *fitRow) write(w io.Writer) {
	fmt.Fprintf(w, "\n### %s, to %.0e\n\n", r.name, r.target)
	fmt.Fprint(w, "| program | ms | by ours | ± | gradient | tolerance | setting |\n|---|---:|---:|---:|---:|---:|---|\n")
	fmt.Fprintf(w, "| Surprisal | %s | | | %s | | %s passes |\n", digits(1e3*r.ours.median()), r.gradientOf(r.ours), digits(r.ours.passes))
	for _, f := range r.theirs {
		times, spread := f.by(r.ours.series)
		mark := ""
		if spread > maxSpread {
			mark = noisyRow
		}
		fmt.Fprintf(w, "| %s | %s | %s× | %.0f %%%s | %s | %.0e | %s |\n",
			f.peer.name, digits(1e3*f.median()), digits(times), 100*spread, mark, r.gradientOf(f), f.tol, f.setting)
	}
	if goal := r.verdict(); goal != "" {
		fmt.Fprintf(w, "\nGoal: %s.\n", goal)
	}
	if len(r.notRun) > 0 {
		var names []string
		for _, p := range r.notRun {
			names = append(names, fmt.Sprintf("%s (no %s)", p.name, p.module))
		}
		fmt.Fprintf(w, "\n**Not run:** %s.\n", strings.Join(names, "; "))
	}
}

func (r *fitRow) gradientOf(f fitted) string {
	if r.reached(f) {
		return fmt.Sprintf("%.0e", f.gradient)
	}
	return fmt.Sprintf("%.0e, not reached", f.gradient)
}

// verdict says whether the goal is reached; nothing where the peer that it is
// about did not run.
func (r *fitRow) verdict() string {
	if !r.reached(r.ours) {
		return "**missed**: the gradient is too large"
	}
	if r.goal.seconds > 0 {
		verdict := "**missed**"
		switch {
		case r.ours.median() <= r.goal.seconds:
			verdict = "met"
		case r.share < minShare:
			verdict = "unsure: noisy"
		}
		return fmt.Sprintf("at most %g ms, %s", 1e3*r.goal.seconds, verdict)
	}
	rival, what := r.rival()
	if rival == nil {
		return ""
	}
	times, spread := rival.by(r.ours.series)
	verdict := "**missed**"
	switch {
	case undecided(times, spread, r.goal.times):
		verdict = "unsure: noisy"
	case times >= r.goal.times:
		verdict = "met"
	}
	verdict = fmt.Sprintf("%g× %s; %s×, %s", r.goal.times, what, digits(times), verdict)
	switch {
	case r.goal.passes == 0:
	case r.ours.passes <= r.goal.passes:
		verdict += fmt.Sprintf(". At most %g passes, met", r.goal.passes)
	default:
		verdict += fmt.Sprintf(". At most %g passes, **missed**", r.goal.passes)
	}
	return verdict
}

// rival returns the peer that the goal is about, nil if it did not run.
func (r *fitRow) rival() (f *fitted, what string) {
	if r.goal.variant != "" {
		i := slices.IndexFunc(r.theirs, func(f fitted) bool { return f.peer.variant == r.goal.variant })
		if i < 0 {
			return nil, ""
		}
		return &r.theirs[i], r.theirs[i].peer.name
	}
	for i := range r.theirs {
		if g := &r.theirs[i]; r.reached(*g) && (f == nil || g.median() < f.median()) {
			f, what = g, "the fastest that reaches it, "+g.peer.name
		}
	}
	return f, what
}

func (r *fitRow) log(w io.Writer) {
	fmt.Fprintf(w, "%-32s %8s ms %.0e", r.name, digits(1e3*r.ours.median()), r.ours.gradient)
	for _, f := range r.theirs {
		times, spread := f.by(r.ours.series)
		fmt.Fprintf(w, "  %s %s× ±%.0f%% %.0e", f.peer.variant, digits(times), 100*spread, f.gradient)
	}
	fmt.Fprintf(w, "  processor %.0f%%\n", 100*r.share)
}
