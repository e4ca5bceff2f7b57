package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/surprisal-ml/surprisal/trainer"
)

// coefficientTable writes the coefficients of a model without hidden layers.
type coefficientTable struct {
	*trainer.Coefficients
	model        *trainer.Classifier
	standardized bool
}

// print writes the coefficients, four classes or labels beside each other, or
// the largest of many.
func (b coefficientTable) print(w *page) {
	const columns, mostEntries = 4, 100
	if len(b.Rows)*len(b.Terms) > mostEntries {
		b.printLargest(w)
		return
	}
	w.line("%s", b.title())
	for from := 0; from < len(b.Rows); from += columns {
		if from > 0 {
			w.line("")
		}
		b.printColumns(w, from, min(from+columns, len(b.Rows)))
	}
}

// printColumns writes a line for each term, with a column for each of the rows
// of the matrix from one to before another.
func (b coefficientTable) printColumns(w *page, from, to int) {
	var rows [][]string
	if len(b.Rows) > 1 {
		rows = append(rows, append([]string{"term"}, b.Rows[from:to]...))
	}
	var columns [][]string
	for k := from; k < to; k++ {
		columns = append(columns, aligned(b.Values.RawRowView(k)))
	}
	for j, term := range b.Terms {
		if j == 0 && !intercept(b.model) {
			continue
		}
		row := []string{term}
		for _, column := range columns {
			row = append(row, column[j])
		}
		rows = append(rows, row)
	}
	w.table(rows)
}

func (b coefficientTable) title() string {
	title := "Coefficients"
	if b.standardized {
		title += " of standardised features"
	}
	switch b.model.Kind {
	case trainer.Binary:
		return title + fmt.Sprintf(": log-odds of %s against %s", b.Rows[0], b.model.Classes()[0])
	case trainer.Multiclass:
		return title + fmt.Sprintf(": log-odds against %s", b.model.Schema.Reference)
	}
	return title + ": log-odds of the label"
}

// aligned writes numbers with the same number of decimals: as many as give the
// smallest five digits, where that makes none longer than eight decimals.
func aligned(values []float64) []string {
	smallest, largest := math.Inf(1), 0.0
	for _, x := range values {
		if x != 0 {
			smallest, largest = min(smallest, math.Abs(x)), max(largest, math.Abs(x))
		}
	}
	verb, decimals := "%.*f", 5
	if largest > 0 {
		decimals = min(max(4-int(math.Floor(math.Log10(smallest))), 4), 8)
		if largest >= 1e7 || largest < 1e-4 {
			verb, decimals = "%.*e", 5
		}
	}
	texts := make([]string, len(values))
	for i, x := range values {
		texts[i] = fmt.Sprintf(verb, decimals, x)
	}
	return texts
}

// A coefficient is an entry of the table.
type coefficient struct {
	row, term string
	value     float64
	effect    float64 // of a standard deviation of the feature
}

// printLargest writes the coefficients of features with the largest effect.
func (b coefficientTable) printLargest(w *page) {
	const shown = 20
	var all []coefficient
	for k, row := range b.Rows {
		for j, term := range b.Terms[1:] {
			c := coefficient{row: row, term: term, value: b.Values.At(k, j+1)}
			c.effect = math.Abs(c.value)
			if !b.standardized && b.model.Scaling != nil {
				c.effect *= b.model.Scaling.Scale[j]
			}
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b coefficient) int { return cmp.Compare(b.effect, a.effect) })
	first := all[:min(shown, len(all))]
	w.line("%s", b.title())
	w.line("(the %d of %d with the largest effect of a standard deviation; --json has all)", len(first), len(all))
	what := "class"
	if b.model.Kind == trainer.Multilabel {
		what = "label"
	}
	rows := [][]string{{"term", what, "coefficient"}}
	for _, c := range first {
		rows = append(rows, []string{c.term, c.row, fmt.Sprintf("%.5g", c.value)})
	}
	w.table(rows)
}
