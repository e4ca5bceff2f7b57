package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/metrics"
)

// Ranking has the curves of outputs: classes against the rest, or labels. It is
// implemented by [metrics.Multiclass], [metrics.Multilabel] and trainer's
// Evaluation.
type Ranking interface {
	ROC(output int) []metrics.ROCPoint
	PrecisionRecall(output int) []metrics.PRPoint
}

// Output is an output of a classifier, and how well it ranks rows.
type Output struct {
	Name             string
	ROCAUC           metrics.Number
	AveragePrecision metrics.Number
}

// Outputs returns the outputs that a report is about: the labels, the classes, or
// of two classes the second.
func Outputs(r *metrics.Report) []Output {
	var all []Output
	for k, l := range r.Labels {
		all = append(all, Output{named(l.Name, k), l.ROCAUC, l.AveragePrecision})
	}
	for k, c := range r.Classes {
		all = append(all, Output{named(c.Name, k), c.ROCAUC, c.AveragePrecision})
	}
	if r.Labels == nil && len(all) == 2 {
		return all[1:]
	}
	return all
}

// ROC draws the receiver operating characteristic of every output: the share of
// its rows that are found against the share of other rows that are taken for it,
// as the threshold falls. Of more than six outputs those five with the smallest
// area have colours; of more than twenty the others are left out. The rows say
// which rows of the data it is of.
func ROC(r Ranking, outputs []Output, rows string) (*figure.Figure, error) {
	f := &figure.Figure{
		Name: ROCName, Title: "ROC curve, " + rows, Caption: "The diagonal is chance; the area under the curve (AUC) is 1 at best.",
		X:      figure.Axis{Label: "false positive rate: share of the other rows that are taken", Min: -0.01, Max: 1.01},
		Y:      figure.Axis{Label: "true positive rate: share of the class that is found", Min: -0.01, Max: 1.01},
		Square: true, Height: 620,
	}
	f.Marks = []figure.Mark{{Kind: figure.Line, Name: "chance", Color: figure.Grey, Dashed: true, X: figure.Values{0, 1}, Y: figure.Values{0, 1}}}
	return f, rankings(f, outputs, "AUC", func(o Output) metrics.Number { return o.ROCAUC }, func(k int) (x, y figure.Values) {
		for _, p := range r.ROC(k) {
			x, y = append(x, float64(p.FalsePositiveRate)), append(y, float64(p.TruePositiveRate))
		}
		return x, y
	})
}

// PrecisionRecall draws precision, the share of the class among the rows taken,
// against recall, the share of the class that is taken, of every output. The
// curve is a staircase, since precision cannot be interpolated: the area below is
// the average precision. Outputs are chosen as by [ROC].
func PrecisionRecall(r Ranking, outputs []Output, rows string) (*figure.Figure, error) {
	f := &figure.Figure{
		Name: PrecisionRecallName, Title: "Precision-recall curve, " + rows, Caption: "The area under the staircase is the average precision (AP).",
		X:      figure.Axis{Label: "recall: share of the class that is found", Min: -0.01, Max: 1.01},
		Y:      figure.Axis{Label: "precision: share of the found that are of the class", Min: -0.01, Max: 1.01},
		Square: true, Height: 620,
	}
	err := rankings(f, outputs, "AP", func(o Output) metrics.Number { return o.AveragePrecision }, func(k int) (x, y figure.Values) {
		before := 0.0
		for _, p := range r.PrecisionRecall(k) {
			x, y = append(x, before, float64(p.Recall)), append(y, float64(p.Precision), float64(p.Precision))
			before = float64(p.Recall)
		}
		return x, y
	})
	if len(f.Marks) == 1 { // the share of the class is where the only curve ends
		y := f.Marks[0].Y
		share := y[len(y)-1]
		f.Marks = append([]figure.Mark{{
			Kind: figure.Line, Name: fmt.Sprintf("chance: %.4f", share), Color: figure.Grey, Dashed: true,
			X: figure.Values{0, 1}, Y: figure.Values{share, share},
		}}, f.Marks...)
	}
	return f, err
}

// rankings adds curves to f, the worst first.
func rankings(f *figure.Figure, outputs []Output, measure string, area func(Output) metrics.Number, curve func(k int) (x, y figure.Values)) error {
	const mostLines = 20
	var order []int
	for k, o := range outputs {
		if area(o).Defined() {
			order = append(order, k)
		}
	}
	if len(order) == 0 {
		return inapplicable("there are no rows of one of two classes")
	}
	byArea := func(a, b int) int { return cmp.Compare(area(outputs[a]), area(outputs[b])) }
	colored := order
	if len(order) > most {
		slices.SortStableFunc(order, byArea)
		colored = order[:most-1]
	}
	if rest := order[len(colored):]; len(rest) > 0 {
		name := fmt.Sprintf("%s: %s %s to %s", plural(len(rest), "other"), measure,
			rounded(area(outputs[rest[0]])), rounded(area(outputs[rest[len(rest)-1]])))
		if len(order) > mostLines {
			name += ", not drawn"
		}
		others := figure.Mark{Kind: figure.Line, Name: name, Color: figure.Grey}
		for _, k := range rest {
			if len(order) > mostLines {
				break
			}
			x, y := thin(curve(k))
			others.X, others.Y = append(append(others.X, x...), math.NaN()), append(append(others.Y, y...), math.NaN())
		}
		f.Marks = append(f.Marks, others)
	}
	slices.Sort(colored)
	for i, k := range colored {
		x, y := thin(curve(k))
		f.Marks = append(f.Marks, figure.Mark{
			Kind: figure.Line, Color: figure.Color(i), X: x, Y: y,
			Name: fmt.Sprintf("%s: %s %s", outputs[k].Name, measure, rounded(area(outputs[k]))),
		})
	}
	return nil
}

// rounded writes an area, which rounds to 1 only where it is 1.
func rounded(x metrics.Number) string {
	if x < 1 && x > 0.99995 {
		return "> 0.9999"
	}
	return fmt.Sprintf("%.4f", float64(x))
}

// thin leaves out points of a curve that are within a thousandth of the last, or
// between others on a line along an axis.
func thin(x, y figure.Values) (figure.Values, figure.Values) {
	const step = 1e-3
	n := 0 // points kept, in place
	for i := range x {
		last := i == len(x)-1
		if n > 0 && !last && math.Abs(x[i]-x[n-1]) < step && math.Abs(y[i]-y[n-1]) < step {
			continue
		}
		if n > 1 && (x[n-2] == x[n-1] && x[n-1] == x[i] || y[n-2] == y[n-1] && y[n-1] == y[i]) {
			n--
		}
		x[n], y[n] = x[i], y[i]
		n++
	}
	return x[:n], y[:n]
}
