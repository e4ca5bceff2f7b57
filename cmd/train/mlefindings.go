package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/surprisal-ml/surprisal/mle"
)

// print says why there is no estimate and what there is instead.
func (m *missing) print(w *page, t *task) {
	for k, p := range m.parts {
		if p.existence.Exists() {
			continue
		}
		what, of := "No maximum-likelihood estimate exists%s", ""
		if p.existence.Status == mle.RankDeficient {
			what = "The maximum-likelihood estimate%s is not unique"
		}
		if p.label != "" {
			of = " for " + p.label
		}
		w.entry("Finding", "%s (%v). %s", fmt.Sprintf(what, of), p.existence.Status, p.existence.Advice())
		if n := len(m.terms); n > t.train.Len() && len(p.existence.Aliased) > 0 {
			w.entry("", "There are %d terms and %s.", n, plural(t.train.Len(), "row"))
		}
		if p.existence.Proof != "" {
			w.entry("", "Proof: %s.", p.existence.Proof)
		}
		t.printSeparated(w, p.existence)
		t.printAlone(w, p.existence, k)
		if len(m.parts) > 1 {
			w.entry("", "Supremum of its log-likelihood: %s nats.", figureOf(p.existence.SupLogLik))
		}
	}
	value := fmt.Sprintf("supremum %s nats, which no coefficients reach", figureOf(m.supremum))
	if m.status == mle.RankDeficient {
		value = fmt.Sprintf("maximum %s nats", figureOf(m.supremum))
	}
	of := ""
	if len(m.parts) > 1 {
		of = " of all labels together"
	}
	w.entry("", "Log-likelihood%s: %s.", of, value)
	if m.finite != nil {
		w.line("")
		m.printLimits(w)
	}
	m.printInference(w)
}

// printInstead says what the model file is.
func (l *likelihood) printInstead(w *page) {
	w.line("")
	switch {
	case l.estimate != nil:
		w.entry("Instead", "the model saved is the L2-penalised one with C = 1. It is not the estimate; --strict leaves it out.")
	case l.settings.Strict:
		w.entry("Instead", "no model is saved, for --strict was given.")
	default:
		w.entry("Instead", "no model is saved: an intercept, which is not penalised, grows without bound.")
	}
}

// printSeparated says which observations are predicted with certainty.
func (t *task) printSeparated(w *page, x *mle.Existence) {
	const most = 10
	if len(x.Separated) == 0 {
		return
	}
	text := fmt.Sprintf("Separated: %d of %s", len(x.Separated), plural(t.train.Len(), "row"))
	if len(x.Separated) < t.train.Len() {
		numbers := make([]string, len(x.Separated))
		lines := t.train.Line(0) > 0
		for i, at := range x.Separated {
			numbers[i] = fmt.Sprint(at + 1)
			if lines {
				numbers[i] = fmt.Sprint(t.train.Line(at))
			}
		}
		switch list := enumerate(numbers, most); {
		case lines:
			text += ", on the lines " + list
		case t.held != nil:
			text += ": " + list + " (counted without those held out)"
		default:
			text += ": " + list
		}
	}
	w.entry("", "%s.", text)
}

// printLimits writes what becomes of each coefficient as the likelihood approaches
// its supremum.
func (m *missing) printLimits(w *page) {
	const most = 100
	if !slices.ContainsFunc(m.signs, func(row []mle.Sign) bool {
		return slices.ContainsFunc(row, func(s mle.Sign) bool { return s != mle.Either })
	}) && m.signs != nil {
		against := ""
		if classes := m.parts[0].estimate.Classes; len(m.rows) > 1 && len(classes) > len(m.rows) {
			against = " against " + classes[0]
		}
		w.item("No coefficient%s has a limit, and the sign of each depends on the path.", against)
		m.printContrasts(w)
		return
	}
	if len(m.rows)*len(m.terms) > most {
		m.printInfinite(w)
		return
	}
	w.line("Coefficients in the limit of the largest likelihood")
	if m.profile != nil {
		w.line("(intervals of the profile likelihood)")
	}
	for k, class := range m.rows {
		header := []string{"", "limit", "std. error"}
		var low, high []string
		if p := m.profile; p != nil {
			tail := 50 * (1 - m.level)
			header = append(header, percent(tail), percent(100-tail))
			low, high = endsOf(p.low.RawRowView(k)), endsOf(p.high.RawRowView(k))
		}
		if len(m.rows) > 1 {
			header[0] = class
		}
		rows := [][]string{header}
		limits, errors := aligned(m.finite.RawRowView(k)), alignedTo(5, m.finiteSE.RawRowView(k))
		for j, term := range m.terms {
			row := []string{term, limits[j], errors[j]}
			if math.IsNaN(m.finite.At(k, j)) {
				row[1], row[2] = m.sign(k, j), "-"
			}
			if m.profile != nil {
				row = append(row, low[j], high[j])
			}
			rows = append(rows, row)
		}
		w.table(rows)
	}
	m.printContrasts(w)
}

// sign says what becomes of a coefficient that has no limit.
func (m *missing) sign(k, j int) string {
	switch {
	case m.signs == nil:
		return "?"
	case m.signs[k][j] == mle.Either && m.direction == nil:
		return "not determined"
	case m.signs[k][j] == mle.Either:
		return "depends on the path"
	}
	return m.signs[k][j].String()
}

// printInfinite counts the infinite coefficients where there are many, and names
// the first.
func (m *missing) printInfinite(w *page) {
	const most = 12
	if m.signs == nil {
		w.line("  (%d coefficients are too many to find the infinite ones)", len(m.rows)*len(m.terms))
		return
	}
	var infinite []string
	for k := range m.rows {
		for j, term := range m.terms {
			if s := m.signs[k][j]; s == mle.PlusInfinity || s == mle.MinusInfinity {
				infinite = append(infinite, fmt.Sprintf("%s of %s %v", term, m.rows[k], s))
			}
		}
	}
	w.item("Infinite: %d of %d coefficients: %s (--json has all).", len(infinite), len(m.rows)*len(m.terms), enumerate(infinite, most))
}
