package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/mle"
)

// CoefficientTable is what is known about the coefficients of a model without
// hidden layers. All matrices have a row for each of Rows, classes or labels, and a
// column for each of Terms.
type CoefficientTable struct {
	Rows, Terms []string
	Values      *mat.Dense // NaN: not known
	Low, High   *mat.Dense // an interval; nil or NaN: none
	Level       float64    // of the intervals
	// Signs says of coefficients that have no estimate what they tend to as the
	// likelihood grows; nil: all are finite.
	Signs [][]mle.Sign
	// Scale multiplies coefficients and intervals of a term; nil: 1. With the
	// standard deviations of the features, coefficients in all units compare.
	Scale []float64
	// Unit says what the coefficients are of, such as "standard deviation".
	Unit string
	// Of says which model and data they are of, such as "iris, L2, C = 1"; may be "".
	Of string
	// Against is the class that log-odds compare with; "" if there is none.
	Against string
}

// mostCoefficients is how many coefficients are drawn.
const mostCoefficients = 40

// shown is a coefficient with its place in the table.
type shown struct {
	row, term        int
	value, low, high float64
	sign             mle.Sign
}

func (s *shown) size() float64 {
	if s.sign != mle.Finite {
		return math.Inf(1)
	}
	return math.Abs(s.value)
}

// Coefficients draws the coefficients of all terms but the intercept with their
// intervals: the largest on top, those of one term together unless there are more
// than forty, of which the forty largest are drawn. A coefficient that is infinite,
// since the classes are separated, is drawn as a dashed line to the border.
func Coefficients(t *CoefficientTable) (*figure.Figure, error) {
	all, unknown := t.collect()
	switch {
	case len(all) > 0 && !slices.ContainsFunc(all, func(c shown) bool { return c.sign == mle.Finite }):
		return nil, inapplicable("every coefficient is infinite, since the classes are separated")
	case len(all) == 0 && unknown > 0:
		return nil, inapplicable("no coefficient is determined by the data")
	case len(all) == 0:
		return nil, inapplicable("the model has no features")
	}
	bySize := func(a, b shown) int { return cmp.Compare(b.size(), a.size()) }
	total := len(all)
	if total > mostCoefficients {
		slices.SortStableFunc(all, bySize)
		all = all[:mostCoefficients]
	} else {
		largest := make([]float64, len(t.Terms))
		for _, c := range all {
			largest[c.term] = max(largest[c.term], c.size())
		}
		slices.SortStableFunc(all, func(a, b shown) int {
			return cmp.Or(cmp.Compare(largest[b.term], largest[a.term]), cmp.Compare(a.term, b.term), bySize(a, b))
		})
	}
	f := &figure.Figure{
		Name: CoefficientsName, Title: "Coefficients", Caption: "Change of the log-odds; the intercept is left out.",
		X:      figure.Axis{Label: "change of the log-odds per " + t.Unit},
		Height: 120 + 19*float64(max(6, len(all))),
	}
	if t.Of != "" {
		f.Title += " of " + t.Of
	}
	switch {
	case t.Against != "" && len(t.Rows) == 1:
		f.Title += fmt.Sprintf(", %s against %s,", cut(t.Rows[0], 20), cut(t.Against, 20))
	case t.Against != "":
		f.Title += fmt.Sprintf(", against %s,", cut(t.Against, 20))
	}
	if t.Scale != nil { // as opposed to a table of coefficients
		f.X.Label += ": coefficient × that deviation"
	}
	if t.Low != nil {
		f.Title += fmt.Sprintf(" with %.4g %% confidence intervals", 100*t.Level)
	}
	if total > len(all) {
		f.Title += fmt.Sprintf(": the %d largest of %d", len(all), total)
	}
	if unknown > 0 {
		f.Title += fmt.Sprintf(" (%d not determined by the data are left out)", unknown)
	}
	f.Title = strings.TrimSuffix(f.Title, ",")
	t.draw(f, all)
	return f, nil
}

// collect returns the coefficients, and how many are neither finite nor infinite.
func (t *CoefficientTable) collect() (all []shown, unknown int) {
	for j, term := range t.Terms {
		if term == "(intercept)" {
			continue
		}
		scale := 1.0
		if t.Scale != nil {
			scale = t.Scale[j]
		}
		for k := range t.Rows {
			c := shown{row: k, term: j, value: scale * t.Values.At(k, j), low: math.NaN(), high: math.NaN()}
			if t.Signs != nil {
				c.sign = t.Signs[k][j]
			}
			if t.Low != nil {
				c.low, c.high = scale*t.Low.At(k, j), scale*t.High.At(k, j)
			}
			if c.sign == mle.Finite && (math.IsNaN(c.value) || math.IsInf(c.value, 0)) {
				unknown++
				continue
			}
			all = append(all, c)
		}
	}
	return all, unknown
}

// draw puts coefficients into a figure.
func (t *CoefficientTable) draw(f *figure.Figure, all []shown) {
	low, high := t.window(all)
	f.X.Min, f.X.Max = low, high
	margin := 0.03 * (high - low)
	infinite := figure.Mark{Kind: figure.Interval, Across: true, Dashed: true, Color: figure.Grey, Name: "infinite: the likelihood grows for ever"}
	texts := figure.Mark{Kind: figure.Label}
	intervals, dots := make([]figure.Mark, len(t.Rows)), make([]figure.Mark, len(t.Rows))
	for i, c := range all {
		label := t.Terms[c.term]
		if len(t.Rows) > 1 {
			label = cut(label, 20) + " · " + cut(t.Rows[c.row], 12)
		}
		f.Y.Categories = append(f.Y.Categories, label)
		y := float64(i)
		if c.sign != mle.Finite {
			from, to, at, text := 0.0, high-2*margin, high-margin, "+∞"
			switch c.sign {
			case mle.MinusInfinity:
				from, to, at, text = low+2*margin, 0, low+margin, "−∞"
			case mle.Either:
				from, text = low, "±∞"
			}
			infinite.Y, infinite.Low, infinite.High = append(infinite.Y, y), append(infinite.Low, from), append(infinite.High, to)
			texts.X, texts.Y, texts.Text = append(texts.X, at), append(texts.Y, y), append(texts.Text, text)
			continue
		}
		d, n := &dots[c.row], &intervals[c.row]
		d.X, d.Y = append(d.X, c.value), append(d.Y, y)
		if t.Low == nil { // a line from 0 leads from the name to the dot
			c.low, c.high = min(0, c.value), max(0, c.value)
		}
		if !math.IsNaN(c.low) && !math.IsNaN(c.high) {
			n.Y, n.Low, n.High = append(n.Y, y), append(n.Low, max(c.low, 2*low-high)), append(n.High, min(c.high, 2*high-low))
		}
	}
	f.Marks = []figure.Mark{{Kind: figure.RuleX, Color: figure.Grey, X: figure.Values{0}}}
	for k := range t.Rows {
		color := figure.Color(k % int(figure.Grey))
		intervals[k].Kind, intervals[k].Across, intervals[k].Color = figure.Interval, true, color
		dots[k].Kind, dots[k].Color = figure.Dots, color
		f.Marks = append(f.Marks, intervals[k], dots[k])
	}
	if infinite.Y != nil {
		f.Marks = append(f.Marks, infinite, texts)
	}
}

// cut returns the first letters of a text of more.
func cut(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

// window returns the ends of the axis: those of all intervals, unless some are so
// wide that nothing else could be seen, with room for what is infinite.
func (t *CoefficientTable) window(all []shown) (low, high float64) {
	largest := 0.0
	for _, c := range all {
		if c.sign == mle.Finite {
			largest = max(largest, math.Abs(c.value))
		}
	}
	limit := math.MaxFloat64 / 100
	if largest > 0 {
		limit = min(limit, 20*largest)
	}
	var below, above bool
	for _, c := range all {
		below = below || c.sign == mle.MinusInfinity || c.sign == mle.Either
		above = above || c.sign == mle.PlusInfinity || c.sign == mle.Either
		if c.sign != mle.Finite {
			continue
		}
		for _, x := range []float64{c.value, c.low, c.high} {
			if !math.IsNaN(x) {
				low, high = max(min(low, x), -limit), min(max(high, x), limit)
			}
		}
	}
	size := high - low
	if size == 0 {
		size = 1
	}
	low, high = low-0.04*size, high+0.04*size
	if below {
		low -= 0.3 * size
	}
	if above {
		high += 0.3 * size
	}
	return low, high
}
