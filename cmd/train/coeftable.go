package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

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

// aligned writes numbers with six significant digits each, padded so that their
// decimal points stand in a column.
func aligned(values []float64) []string { return alignedTo(6, values) }

func alignedTo(digits int, values []float64) []string {
	texts := make([]string, len(values))
	before, after := 0, 0
	for i, x := range values {
		texts[i] = withDigits(digits, x)
		whole, fraction := splitPoint(texts[i])
		before, after = max(before, len(whole)), max(after, len(fraction))
	}
	for i, text := range texts {
		whole, fraction := splitPoint(text)
		texts[i] = fmt.Sprintf("%*s%-*s", before, whole, after, fraction)
	}
	return texts
}

// splitPoint splits a number before its decimal point, or else its exponent.
func splitPoint(number string) (whole, fraction string) {
	if i := strings.IndexAny(number, ".e"); i >= 0 {
		return number[:i], number[i:]
	}
	return number, ""
}

// withDigits writes a number with so many significant digits, trailing zeros too.
func withDigits(digits int, x float64) string {
	switch size := math.Abs(x); {
	case x == 0:
		return "0"
	case math.IsInf(x, 0) || math.IsNaN(x):
		return fmt.Sprint(x)
	case size < 1e-4 || size >= 1e6:
		return fmt.Sprintf("%.*e", digits-1, x)
	default:
		return fmt.Sprintf("%.*f", max(0, digits-1-int(math.Floor(math.Log10(size)))), x)
	}
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
	values := make([]float64, len(first))
	for i, c := range first {
		values[i] = c.value
	}
	rows := [][]string{{"term", what, "coefficient"}}
	for i, text := range aligned(values) {
		rows = append(rows, []string{first[i].term, first[i].row, text})
	}
	w.table(rows)
}
