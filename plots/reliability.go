package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Reliability draws a reliability diagram: the accuracy of the rows of each bin
// of confidence, the probability of the predicted class, against their mean
// confidence. Calibrated predictions lie on the diagonal, but for chance: a bin of n
// rows and mean confidence c has an accuracy within the central 95 % of
// Binomial(n, c)/n, which is drawn as a band (Bröcker & Smith, "Increasing the
// reliability of reliability diagrams", Weather and Forecasting 2007). Bins are
// those of [metrics.Binary.Reliability] and its like; of several labels they are
// put together by [Pool]. Weights count as so many rows, rounded.
func Reliability(bins []metrics.Bin, ece metrics.Number, rows string) (*figure.Figure, error) {
	title := "Reliability diagram, " + rows
	if ece.Defined() {
		title += fmt.Sprintf(": expected calibration error %.4f", float64(ece))
	}
	return reliability(bins, &figure.Figure{
		Name: ReliabilityName, Title: title, Caption: "Accuracy against confidence. Below the diagonal the model is too confident.",
		X: figure.Axis{Label: "confidence: probability of the predicted class; numbers: rows in the bin"},
		Y: figure.Axis{Label: "accuracy: share of the bin predicted right"},
	}, "bin: accuracy at its mean confidence")
}

// OutcomeReliability draws the reliability diagram of one outcome: the share of rows
// of each bin that have it against the mean of its probability, from 0 to 1. Bins are
// those of [metrics.Binary.OutcomeReliability]; what else is drawn is as in
// [Reliability].
func OutcomeReliability(bins []metrics.Bin, outcome, rows string) (*figure.Figure, error) {
	var gaps, weight tensor.Sum
	for _, b := range bins {
		if b.Weight > 0 {
			weight.Add(float64(b.Weight))
			gaps.AddProduct(float64(b.Weight), math.Abs(float64(b.Accuracy-b.Confidence)))
		}
	}
	title := "Reliability diagram, " + rows
	if w := weight.Value(); w > 0 {
		title += fmt.Sprintf(": mean distance from the diagonal %.4f", gaps.Value()/w)
	}
	outcome = cut(outcome, 20)
	return reliability(bins, &figure.Figure{
		Name: ReliabilityName, Title: title, Caption: "The share of rows with an outcome against its probability. A flatter course than the diagonal is over-confident.",
		X: figure.Axis{Label: "probability of " + outcome + "; numbers: rows in the bin"},
		Y: figure.Axis{Label: "share of " + outcome + " in the bin"},
	}, "bin: share at its mean probability")
}

// reliability draws bins into a figure with a title and names of the axes.
func reliability(bins []metrics.Bin, f *figure.Figure, dot string) (*figure.Figure, error) {
	expected := figure.Mark{Color: figure.Grey}
	var bands []figure.Mark
	dots := figure.Mark{Kind: figure.Dots, Name: dot, Color: figure.Blue}
	counts := figure.Mark{Kind: figure.Label}
	first := 1.0
	for _, b := range bins {
		if !(b.Weight > 0) {
			continue
		}
		if len(bands) == 0 {
			first = b.Lower
			expected.Name = "where 95 % of calibrated bins are"
		} else {
			expected.Name = ""
		}
		n, c := float64(b.Weight), float64(b.Confidence)
		low, high := binomialQuantile(n, c, 0.025)/whole(n), binomialQuantile(n, c, 0.975)/whole(n)
		bands = append(bands, figure.Mark{
			Kind: figure.Band, Name: expected.Name, Color: expected.Color,
			X: figure.Values{b.Lower, b.Upper}, Low: figure.Values{low, low}, High: figure.Values{high, high},
		})
		dots.X, dots.Y = append(dots.X, c), append(dots.Y, float64(b.Accuracy))
		counts.X, counts.Y = append(counts.X, (b.Lower+b.Upper)/2), append(counts.Y, -0.05)
		counts.Text = append(counts.Text, compact(n))
	}
	if len(bands) == 0 {
		return nil, inapplicable("there are no rows")
	}
	f.X.Min, f.X.Max = first-0.02*(1-first), 1+0.02*(1-first)
	f.Y.Min, f.Y.Max = -0.1, 1.02
	f.Marks = append(bands,
		figure.Mark{Kind: figure.Line, Name: "calibrated", Color: figure.Grey, Dashed: true, X: figure.Values{0, 1}, Y: figure.Values{0, 1}},
		dots, counts)
	return f, nil
}

// Pool puts the bins of several labels together, as if they were one.
func Pool(labels [][]metrics.Bin) []metrics.Bin {
	if len(labels) == 0 {
		return nil
	}
	pooled := make([]metrics.Bin, len(labels[0]))
	for i := range pooled {
		var weight, confidence, right tensor.Sum
		for _, bins := range labels {
			if b := bins[i]; b.Weight > 0 {
				weight.Add(float64(b.Weight))
				confidence.AddProduct(float64(b.Weight), float64(b.Confidence))
				right.AddProduct(float64(b.Weight), float64(b.Accuracy))
			}
		}
		w := weight.Value()
		pooled[i] = metrics.Bin{
			Lower: labels[0][i].Lower, Upper: labels[0][i].Upper, Weight: metrics.Number(w),
			Confidence: metrics.Number(confidence.Value() / w), Accuracy: metrics.Number(right.Value() / w),
		}
	}
	return pooled
}

// whole is the number of rows that a weight counts as.
func whole(n float64) float64 { return max(1, math.Round(n)) }

// binomialQuantile returns the smallest k with P(X ≤ k) ≥ q for X of the binomial
// distribution of n, rounded, and p; for more than a million by the normal
// distribution, which is right to what can be seen.
func binomialQuantile(n, p, q float64) float64 {
	n = whole(n)
	if n > 1e6 {
		z := math.Sqrt2 * math.Erfinv(2*q-1)
		return min(max(n*p+z*math.Sqrt(n*p*(1-p)), 0), n)
	}
	low, high := 0.0, n // P(X ≤ high) ≥ q
	for low < high {
		k := math.Floor((low + high) / 2)
		if p < 1 && mathext.RegIncBeta(n-k, k+1, 1-p) >= q {
			high = k
		} else {
			low = k + 1
		}
	}
	return high
}
