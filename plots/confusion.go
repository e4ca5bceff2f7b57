package plots

import (
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/metrics"
)

// The numbers of classes up to which the cells of a confusion matrix hold counts
// and shares, counts, and colours.
const (
	twoLines   = 12
	oneLine    = 24
	mostColors = 100
)

// Confusion draws the confusion matrix of a report: the weight of the rows by true
// class, a row of the matrix each, and predicted class, and as colour its share of
// the true class. Of several labels, each is a row with its four outcomes. The rows
// say which rows of the data the report is of.
func Confusion(r *metrics.Report, rows string) (*figure.Figure, error) {
	m, err := matrixOf(r)
	if err != nil {
		return nil, err
	}
	grid := &figure.Grid{
		X0: -0.5, X1: float64(len(m.columns)) - 0.5, Y0: -0.5, Y1: float64(len(m.rows)) - 0.5, Columns: len(m.columns),
		Max: 1, Sequential: true, Meaning: "share of the rows of the true class",
	}
	f := &figure.Figure{
		Name: ConfusionName, Title: "Confusion matrix, " + rows, Caption: "Counts of rows, and shares of the rows of the true class.",
		X: figure.Axis{Label: m.across, Categories: m.columns}, Y: figure.Axis{Label: m.down, Categories: m.rows},
		Marks:  []figure.Mark{{Kind: figure.Heat, Name: "share of the true class, 0 to 100 %", Grid: grid}},
		Height: 600,
	}
	texts := figure.Mark{Kind: figure.Label}
	write := func(i, j int, dy float64, text string) {
		texts.X, texts.Y, texts.Text = append(texts.X, float64(j)), append(texts.Y, float64(i)+dy), append(texts.Text, text)
	}
	n := len(m.rows)
	for i, cells := range m.counts {
		for j, count := range cells {
			share := count / m.totals[i][j]
			grid.Values = append(grid.Values, share)
			switch {
			case math.IsNaN(share) || count == 0 && n > 4: // nothing to read
			case n <= twoLines:
				write(i, j, -0.18, compact(count))
				write(i, j, 0.18, percent(share))
			case n <= oneLine:
				write(i, j, 0, compact(count))
			}
		}
	}
	switch {
	case n <= twoLines:
		f.Height = 120 + 42*float64(max(3, n))
	case n <= oneLine:
		f.Height = 120 + 24*float64(n)
	}
	f.Marks = append(f.Marks, texts)
	return f, nil
}

// matrix is what is drawn as a confusion matrix.
type matrix struct {
	rows, columns []string
	down, across  string
	counts        [][]float64
	totals        [][]float64 // what the counts are shares of
}

func matrixOf(r *metrics.Report) (*matrix, error) {
	switch n := max(len(r.Classes), len(r.Labels)); {
	case n == 0:
		return nil, inapplicable("there are no rows")
	case n > mostColors:
		return nil, inapplicable("%d classes are too many for a picture; the most is %d", n, mostColors)
	case r.Labels != nil:
		return labelMatrix(r.Labels), nil
	}
	m := &matrix{down: "true class", across: "predicted class", counts: r.Confusion}
	for k, c := range r.Classes {
		m.rows = append(m.rows, named(c.Name, k))
		total := make([]float64, len(r.Classes))
		for j := range total {
			total[j] = float64(c.Support)
		}
		m.totals = append(m.totals, total)
	}
	m.columns = m.rows
	return m, nil
}

// labelMatrix has a row for each label.
func labelMatrix(labels []metrics.Report) *matrix {
	m := &matrix{
		down: "label", across: "truth, and what is predicted",
		columns: []string{"yes, found", "yes, missed", "no, false alarm", "no, rejected"},
	}
	for k, l := range labels {
		no, yes := l.Confusion[0], l.Confusion[1]
		n, y := no[0]+no[1], yes[0]+yes[1]
		m.rows = append(m.rows, named(l.Name, k))
		m.counts = append(m.counts, []float64{yes[1], yes[0], no[1], no[0]})
		m.totals = append(m.totals, []float64{y, y, n, n})
	}
	return m
}

// named is a name, or the number of what has none.
func named(name string, k int) string {
	if name == "" {
		return fmt.Sprint(k)
	}
	return name
}

// percent writes a share to a percent, or a tenth near 0 and 1, so that what is
// neither none nor all does not look so.
func percent(share float64) string {
	switch {
	case share == 0 || share == 1 || share >= 0.01 && share <= 0.99:
		return fmt.Sprintf("%.0f %%", 100*share)
	case share > 0.5:
		return fmt.Sprintf("%.1f %%", math.Floor(1000*share)/10)
	}
	return fmt.Sprintf("%.1f %%", math.Ceil(1000*share)/10)
}

// compact writes a weight in a few letters.
func compact(x float64) string {
	const narrow = "\u202f"
	switch {
	case x >= 999_500_000_000:
		return digits(3, x)
	case x >= 999_500_000:
		return fmt.Sprintf("%.3g"+narrow+"G", x/1e9)
	case x >= 999_500:
		return fmt.Sprintf("%.3g"+narrow+"M", x/1e6)
	case x >= 10_000:
		return fmt.Sprintf("%.3g"+narrow+"k", x/1e3)
	case x == math.Trunc(x):
		return fmt.Sprintf("%.0f", x)
	}
	return digits(3, x)
}
