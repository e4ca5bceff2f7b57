package plots

import (
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/trainer"
)

// TrainingCurve draws the mean loss by epoch, in nats, on the rows trained on and
// on those held out if there are any. Best is the epoch whose parameters were
// kept, counted from 1; with 0 the smallest held-out loss is marked. Unit is what
// the entries of history are, "epoch" or "step".
//
// The axis of the loss is logarithmic if the loss falls to a twentieth, that of
// more than a thousand epochs too.
func TrainingCurve(history []trainer.Epoch, best int, unit string) (*figure.Figure, error) {
	if len(history) == 0 {
		return nil, inapplicable("there is no %s to show", unit)
	}
	name := "training: mean over the " + unit
	if unit == "step" {
		name = "training"
	}
	training := mark(name, figure.Blue, history, func(e *trainer.Epoch) float64 { return e.Loss })
	f := &figure.Figure{
		Name: TrainingCurveName, Title: "Training curve", Caption: "The loss that training minimises, without penalty, by " + unit + ".",
		X: figure.Axis{Label: unit}, Y: figure.Axis{Label: "mean loss (nats)"}, Marks: []figure.Mark{training},
	}
	if history[0].HeldLoss != nil {
		loss := func(e *trainer.Epoch) float64 { return orNaN(e.HeldLoss) }
		f.Marks = append(f.Marks, mark("held out: after the "+unit, figure.Vermillion, history, loss))
		f.Marks = append(f.Marks, bestMarks(history, best, unit, "held-out loss", loss)...)
	}
	f.X.Log, f.Y.Log = len(history) > mostLinear, spans(f.Marks, 20)
	return withDots(f), nil
}

// AccuracyCurve draws the accuracy on held-out rows by epoch: the share of rows
// predicted right, of several labels all right. Best is as in [TrainingCurve].
func AccuracyCurve(history []trainer.Epoch, best int, unit string) (*figure.Figure, error) {
	if len(history) == 0 || history[0].HeldAccuracy == nil {
		return nil, inapplicable("no rows are held out, and the accuracy on others is not measured by %s", unit)
	}
	accuracy := func(e *trainer.Epoch) float64 { return orNaN(e.HeldAccuracy) }
	f := &figure.Figure{
		Name: AccuracyCurveName, Title: "Accuracy on held-out rows", Caption: "The share of held-out rows predicted right, by " + unit + ".",
		X: figure.Axis{Label: unit}, Y: figure.Axis{Label: "accuracy (share of rows)"},
		Marks: []figure.Mark{mark("held out: after the "+unit, figure.Vermillion, history, accuracy)},
	}
	if best > 0 && best <= len(history) {
		f.Marks = append(f.Marks, bestMarks(history, best, unit, "held-out loss", accuracy)...)
	}
	f.X.Log = len(history) > mostLinear
	return withDots(f), nil
}

// mostLinear is the number of epochs up to which their axis is linear.
const mostLinear = 1000

// mark is a line of a value by epoch.
func mark(name string, c figure.Color, history []trainer.Epoch, value func(*trainer.Epoch) float64) figure.Mark {
	x, y := make([]float64, len(history)), make([]float64, len(history))
	for i := range history {
		x[i], y[i] = float64(history[i].Epoch), value(&history[i])
	}
	x, y = envelope(x, y, 600)
	return figure.Mark{Kind: figure.Line, Name: name, Color: c, X: x, Y: y}
}

// bestMarks point to the best epoch, or the one of the smallest value.
func bestMarks(history []trainer.Epoch, best int, unit, of string, value func(*trainer.Epoch) float64) []figure.Mark {
	kept := best > 0
	at := -1
	for i := range history {
		v := value(&history[i])
		if kept && history[i].Epoch == best || !kept && !math.IsNaN(v) && (at < 0 || v < value(&history[at])) {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	name := fmt.Sprintf("smallest %s: %s %d", of, unit, history[at].Epoch)
	if kept {
		name += ", which was kept"
	}
	x := figure.Values{float64(history[at].Epoch)}
	return []figure.Mark{
		{Kind: figure.RuleX, Name: name, Color: figure.Green, Dashed: true, X: x},
		{Kind: figure.Dots, Color: figure.Green, Halo: true, X: x, Y: figure.Values{value(&history[at])}},
	}
}

// withDots shows the numbers of short lines, of which a single one would not be
// seen, and leaves the name to the line.
func withDots(f *figure.Figure) *figure.Figure {
	for _, m := range f.Marks {
		if m.Kind == figure.Line && len(m.X) <= dotted {
			f.Marks = append([]figure.Mark{{Kind: figure.Dots, Color: m.Color, X: m.X, Y: m.Y}}, f.Marks...)
		}
	}
	return f
}

// spans reports whether the lines have positive values only, and the largest is
// more than so many times the smallest.
func spans(marks []figure.Mark, times float64) bool {
	low, high := math.Inf(1), 0.0
	for _, m := range marks {
		for _, y := range m.Y {
			if y <= 0 {
				return false
			}
			if !math.IsNaN(y) && !math.IsInf(y, 0) {
				low, high = min(low, y), max(high, y)
			}
		}
	}
	return high > times*low
}

func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// envelope returns a curve of at most about 2n points that looks the same on a
// logarithmic axis of x: of each of n stretches of a longer one, each so many times
// as far as that before, the smallest and the largest value.
func envelope(x, y []float64, n int) (figure.Values, figure.Values) {
	if len(x) <= mostLinear {
		return x, y
	}
	var xs, ys figure.Values
	to := 0
	for k := range n {
		from := to
		to = max(from, int(math.Round(math.Pow(float64(len(x)), float64(k+1)/float64(n)))))
		if from == to {
			continue
		}
		low, high := from, from
		for i := from; i < to; i++ {
			if y[i] < y[low] || math.IsNaN(y[low]) {
				low = i
			}
			if y[i] > y[high] || math.IsNaN(y[high]) {
				high = i
			}
		}
		xs, ys = append(xs, x[min(low, high)]), append(ys, y[min(low, high)])
		if low != high {
			xs, ys = append(xs, x[max(low, high)]), append(ys, y[max(low, high)])
		}
	}
	return xs, ys
}
