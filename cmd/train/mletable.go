package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/trainer"
)

// A column of a table of coefficients.
type column struct {
	name   string
	values *mat.Dense // a row for each class or label
	format func([]float64) []string
}

// columns returns what is known of the coefficients of an estimate.
func (l *likelihood) columns() []column {
	all := []column{{"estimate", l.estimate.Coef, significant(6)}}
	if t := l.table; t != nil {
		name := "std. error"
		if t.Robust != mle.ModelBased {
			name = "robust s.e."
		}
		all = append(all, column{name, t.StdErr, significant(5)}, column{"z", t.Z, decimals(3)}, column{"p", t.P, pValues})
		low, high := t.Low, t.High
		if l.profile != nil {
			low, high = l.profile.low, l.profile.high
		}
		all = append(all, l.interval(low, high, 5)...)
	}
	return all
}

// interval returns the columns of an interval, with names as R has them.
func (l *likelihood) interval(low, high *mat.Dense, digits int) []column {
	tail := 50 * (1 - l.table.Level)
	return []column{
		{percent(tail), low, significant(digits)},
		{percent(100 - tail), high, significant(digits)},
	}
}

func percent(x float64) string { return fmt.Sprintf("%.4g %%", x) }

// printCoefficients writes a block for each class or label, or the largest of
// many coefficients.
func (l *likelihood) printCoefficients(w *page) {
	const most = 100
	e := l.estimate
	w.line("%s", l.title())
	if l.profile != nil {
		w.line("(intervals of the profile likelihood)")
	}
	rows, terms := e.Coef.Dims()
	if rows*terms > most {
		l.printLargest(w)
		return
	}
	if l.table == nil {
		printBeside(w, e)
	} else {
		printBlocks(w, e, l.columns())
	}
	if l.settings.OddsRatio {
		l.printRatios(w)
	}
}

// printBlocks writes a block of columns for each row of the coefficients.
func printBlocks(w *page, e *mle.Estimate, columns []column) {
	for k, class := range e.Rows {
		if k > 0 {
			w.line("")
		}
		header := []string{""}
		if len(e.Rows) > 1 {
			header[0] = class
		}
		rows := [][]string{header}
		for _, term := range e.Terms {
			rows = append(rows, []string{term})
		}
		for _, c := range columns {
			rows[0] = append(rows[0], c.name)
			for j, text := range c.format(c.values.RawRowView(k)) {
				rows[j+1] = append(rows[j+1], text)
			}
		}
		w.table(rows)
	}
}

// printBeside writes the coefficients alone, four classes or labels beside each
// other.
func printBeside(w *page, e *mle.Estimate) {
	const beside = 4
	for from := 0; from < len(e.Rows); from += beside {
		if from > 0 {
			w.line("")
		}
		rows := [][]string{{""}}
		for _, term := range e.Terms {
			rows = append(rows, []string{term})
		}
		for k := from; k < min(from+beside, len(e.Rows)); k++ {
			name := e.Rows[k]
			if len(e.Rows) == 1 {
				name = "estimate"
			}
			rows[0] = append(rows[0], name)
			for j, text := range aligned(e.Coef.RawRowView(k)) {
				rows[j+1] = append(rows[j+1], text)
			}
		}
		w.table(rows)
	}
}

// printLargest writes the coefficients with the largest |z|; without standard
// errors, with the largest effect of a standard deviation of the feature.
func (l *likelihood) printLargest(w *page) {
	const shown = 20
	type entry struct {
		row, term int
		size      float64
	}
	e := l.estimate
	skip := len(e.Terms) - e.Schema.Width()
	scale := l.scaling().Scale
	var all []entry
	for k := range e.Rows {
		for j := skip; j < len(e.Terms); j++ {
			size := math.Abs(e.Coef.At(k, j))
			switch {
			case l.table != nil:
				size = math.Abs(l.table.Z.At(k, j))
			case !l.settings.Standardize:
				size *= scale[j-skip]
			}
			all = append(all, entry{k, j, size})
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(b.size, a.size) })
	by := "effect of a standard deviation"
	if l.table != nil {
		by = "|z|"
	}
	first := all[:min(shown, len(all))]
	w.line("(the %d of %d with the largest %s; --json has all)", len(first), len(all), by)
	rows := [][]string{{"", "class"}}
	if e.Labels != nil {
		rows[0][1] = "label"
	}
	for _, at := range first {
		rows = append(rows, []string{e.Terms[at.term], e.Rows[at.row]})
	}
	for _, c := range l.columns() {
		values := make([]float64, len(first))
		for i, at := range first {
			values[i] = c.values.At(at.row, at.term)
		}
		rows[0] = append(rows[0], c.name)
		for i, text := range c.format(values) {
			rows[i+1] = append(rows[i+1], text)
		}
	}
	w.table(rows)
}

// title says what the coefficients are of.
func (l *likelihood) title() string {
	e := l.estimate
	title := "Coefficients"
	if l.settings.Standardize {
		title += " of standardised features"
	}
	switch {
	case e.Kind == trainer.Multilabel:
		return title + ": log-odds of the label"
	case e.Kind == trainer.Binary:
		return title + fmt.Sprintf(": log-odds of %s against %s", e.Rows[0], e.Classes[0])
	case len(e.Rows) == len(e.Classes):
		return title + ": logits of the classes; the intercepts add to 0"
	}
	return title + fmt.Sprintf(": log-odds against %s", e.Classes[0])
}

// printRatios writes e to the power of the coefficients.
func (l *likelihood) printRatios(w *page) {
	ratio, low, high := l.ratios(l.estimate)
	columns := []column{{"ratio", ratio, significant(5)}}
	if low != nil {
		columns = append(columns, l.interval(low, high, 5)...)
	}
	name := "Odds ratios"
	if l.estimate.Kind == trainer.Multiclass {
		name = "Relative risk ratios"
	}
	if l.missing != nil {
		name += " of the penalised model"
	}
	w.line("\n%s: by what a step of 1 multiplies the odds", name)
	printBlocks(w, l.estimate, columns)
}

// ratios returns e to the power of the coefficients and of their intervals, nil
// without any.
func (i *inference) ratios(e *mle.Estimate) (ratio, low, high *mat.Dense) {
	exp := func(m *mat.Dense) *mat.Dense {
		var r mat.Dense
		r.Apply(func(_, _ int, x float64) float64 { return math.Exp(x) }, m)
		return &r
	}
	ratio = exp(e.Coef)
	switch {
	case i.profile != nil:
		return ratio, exp(i.profile.low), exp(i.profile.high)
	case i.table != nil:
		return ratio, exp(i.table.Low), exp(i.table.High)
	}
	return ratio, nil, nil
}

// significant writes numbers with so many significant digits, their decimal
// points in a column.
func significant(digits int) func([]float64) []string {
	return func(values []float64) []string { return alignedTo(digits, values) }
}

// decimals writes numbers with so many decimals.
func decimals(n int) func([]float64) []string {
	return func(values []float64) []string {
		texts := make([]string, len(values))
		for i, x := range values {
			texts[i] = fmt.Sprintf("%.*f", n, x)
		}
		return texts
	}
}

func pValues(values []float64) []string {
	texts := make([]string, len(values))
	for i, p := range values {
		texts[i] = pValue(p)
	}
	return texts
}

// pValue writes a probability with four decimals, or two digits of a small one.
func pValue(p float64) string {
	if p < 5e-5 {
		return strings.Replace(fmt.Sprintf("%.1e", p), "0.0e+00", "< 1e-323", 1)
	}
	return fmt.Sprintf("%.4f", p)
}
