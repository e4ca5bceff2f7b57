package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// section is what was measured with one number of threads.
type section struct {
	threads  int
	tables   []table
	fits     []fitRow
	programs []programRow
	versions map[string]string
	load     [2]float64 // averages of the last minute, before and after
	stolen   float64
}

// table is a group with the rows that were measured.
type table struct {
	group
	rows []row
}

// Above these the figures are marked as noisy.
const (
	maxSpread  = 0.1
	minShare   = 0.95
	maxStolen  = 0.01
	maxLoad    = 0.5
	noisyRow   = " ⚠"
	noisyTable = "\n**Noisy:** %s.\n"
)

func (s *section) write(w io.Writer) {
	fmt.Fprintf(w, "\n# %s\n\n", plural(s.threads, "thread"))
	var versions []string
	for _, m := range []string{"Go", "Python", "torch", "numpy", "sklearn", "pandas", "statsmodels", "R"} {
		if v := s.versions[m]; v != "" {
			versions = append(versions, m+" "+strings.TrimPrefix(v, "go"))
		}
	}
	fmt.Fprintf(w, "%s. Load average %.1f before, %.1f after.\n", strings.Join(versions, ", "), s.load[0], s.load[1])
	var missing []string
	for _, m := range []string{"torch", "numpy", "sklearn", "pandas", "statsmodels", "R"} {
		if s.versions[m] == "" {
			missing = append(missing, m)
		}
	}
	if len(missing) > 0 {
		fmt.Fprintf(w, "\n**Not run:** what needs %s, which was not found.\n", strings.Join(missing, ", "))
	}
	if noise := s.noise(); len(noise) > 0 {
		fmt.Fprintf(w, noisyTable, strings.Join(noise, "; "))
	}
	for _, t := range s.tables {
		t.write(w)
	}
	writeFits(w, s.fits)
	writePrograms(w, s.programs)
}

// noise says what was wrong with the machine.
func (s *section) noise() []string {
	var noise []string
	var shares []float64
	spread := 0
	for _, t := range s.tables {
		for _, r := range t.rows {
			if t.cases[0].spec.Kind != "csv" {
				shares = append(shares, r.share)
			}
			if r.scattered() {
				spread++
			}
		}
	}
	if len(shares) > 0 && s.threads == 1 {
		if share := quantile(shares, 0.5); share < minShare {
			noise = append(noise, fmt.Sprintf("other programs were running: the sides had a processor for only %.0f %% of the time (times are of the processor, so this enters through cold caches only)", 100*share))
		}
	}
	if s.load[0] > maxLoad {
		noise = append(noise, fmt.Sprintf("the load average was %.1f before the run (that makes times of several threads and of whole programs too long)", s.load[0]))
	}
	if s.stolen > maxStolen {
		noise = append(noise, fmt.Sprintf("other virtual machines took %.1f %% of the time", 100*s.stolen))
	}
	if spread > 0 {
		noise = append(noise, fmt.Sprintf("%s with%s have ratios whose quartiles are more than %.0f %% around the median", plural(spread, "row"), noisyRow, 100*maxSpread))
	}
	return noise
}

// scattered reports whether the rounds disagree about the ratio that the goal
// is about.
func (r *row) scattered() bool {
	if len(r.theirs) == 0 {
		return false
	}
	_, spread := r.ratio(r.theirs[0])
	return spread > maxSpread
}

func (t *table) write(w io.Writer) {
	fmt.Fprintf(w, "\n## %s (%s)\n\n%s\n\n", t.title, t.unit, t.note)
	columns := []string{"case", "Surprisal"}
	ran := t.ran()
	for _, p := range ran {
		columns = append(columns, p.name)
	}
	if len(ran) > 0 {
		columns = append(columns, "±", "goal")
	}
	fmt.Fprintf(w, "| %s |\n|---|%s\n", strings.Join(columns, " | "), strings.Repeat("---:|", len(columns)-1))
	for _, r := range t.rows {
		cells := []string{r.name, t.number(&r, r.ours)}
		for _, p := range ran {
			cell := "—"
			for _, s := range r.theirs {
				if s.peer == p {
					times, _ := r.ratio(s)
					cell = fmt.Sprintf("%s (%s×)", t.number(&r, s), digits(times))
				}
			}
			cells = append(cells, cell)
		}
		if len(ran) > 0 {
			cells = append(cells, r.goal(ran[0])...)
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
	}
	t.writeSettings(w)
}

// ran returns the peers that did at least one of the cases.
func (t *table) ran() []peer {
	var ran []peer
	for _, p := range t.peers {
		if slices.ContainsFunc(t.rows, func(r row) bool {
			return slices.ContainsFunc(r.theirs, func(s series) bool { return s.peer == p })
		}) {
			ran = append(ran, p)
		}
	}
	return ran
}

func (t *table) number(r *row, s series) string {
	return digits(t.figure(&r.benchCase, s.median()))
}

// goal returns the spread of the ratio to the first peer, and whether it
// reaches the goal.
func (r *row) goal(first peer) []string {
	if len(r.theirs) == 0 || r.theirs[0].peer != first {
		return []string{"—", "—"}
	}
	times, spread := r.ratio(r.theirs[0])
	mark := ""
	if r.scattered() {
		mark = noisyRow
	}
	verdict := "**missed**"
	switch {
	case undecided(times, spread, r.bar):
		verdict = "unsure: noisy"
	case r.stretch > 0 && times >= r.stretch:
		verdict = "stretch met"
	case times >= r.bar:
		verdict = "met"
	}
	bars := fmt.Sprintf("%g×", r.bar)
	if r.stretch > 0 {
		bars += fmt.Sprintf(" / %g×", r.stretch)
	}
	return []string{fmt.Sprintf("%.0f %%%s", 100*spread, mark), bars + " " + verdict}
}

// undecided reports whether the rounds disagree about a bar, and by more than
// a quiet machine lets them.
func undecided(times, spread, bar float64) bool {
	return spread > maxSpread && times*(1-spread) < bar && bar < times*(1+spread)
}

// writeSettings says in which setting each peer was fastest.
func (t *table) writeSettings(w io.Writer) {
	var lines []string
	for _, r := range t.rows {
		for _, s := range r.theirs {
			if s.setting != "" && s.setting != "default" {
				lines = append(lines, fmt.Sprintf("%s, %s: %s", r.name, s.peer.name, s.setting))
			}
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(w, "\n<details><summary>Settings in which the peers were fastest, where not their defaults</summary>\n\n- %s\n\n</details>\n", strings.Join(lines, "\n- "))
	}
}

// digits formats a number with three of them, and more if it is larger.
func digits(v float64) string {
	switch {
	case v >= 99.95:
		return fmt.Sprintf("%.0f", v)
	case v >= 9.995:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

func plural(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
