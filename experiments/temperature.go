package experiments

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/tensor"
	"github.com/surprisal-ml/surprisal/trainer"
)

// decomposition returns log-loss, refinement and calibration of forecasts in
// whole percents: the mean of −log of the forecast, of the entropy of the
// outcomes that got the same forecast, and of their divergence from it.
func decomposition(forecasts []float64, outcomes []int) (loss, refinement, calibration float64) {
	var yes, all [101]float64
	var sum tensor.Sum
	for i, q := range forecasts {
		k := int(math.Round(100 * q))
		all[k]++
		yes[k] += float64(outcomes[i])
		sum.Add(infotheory.CrossEntropyBernoulli(float64(outcomes[i]), float64(k)/100))
	}
	n := float64(len(forecasts))
	var fine, off tensor.Sum
	for k, w := range all {
		if w > 0 {
			fine.Add(w / n * infotheory.EntropyBernoulli(yes[k]/w))
			off.Add(w / n * infotheory.KLBernoulli(yes[k]/w, float64(k)/100))
		}
	}
	return sum.Value() / n, fine.Value(), off.Value()
}

// temperature trains an over-confident network and mends it.
func (c calibrationClaim) temperature(ctx context.Context, o Options, r *Result) error {
	const noise = 0.5
	train := datasets.TwoMoons(100, noise, o.Seed+10)
	third := datasets.TwoMoons(500, noise, o.Seed+11)
	test := datasets.TwoMoons(o.pick(6000, 30_000), noise, o.Seed+12)
	net, _, err := trainMLP(ctx, train, nil, []int{32, 32}, trainer.Config{Method: optim.Adam{LR: 0.01}, Epochs: 600, Seed: o.Seed})
	if err != nil {
		return err
	}
	o.progress(0.8)
	onThird := fittedLogits(net, third.X)
	cooling := autograd.NewParam("1/T", 1, 1)
	ps := autograd.NewParams(cooling)
	ps.Vector()[0] = 1
	if _, err := minimise(ctx, ps, func(t *autograd.Tape) autograd.Var {
		return losses.BCEWithLogits{Reduction: losses.Sum}.Loss(autograd.MatMul(t.Const(onThird), t.Param(cooling)), t.Const(asColumn(third.Labels)))
	}); err != nil {
		return fmt.Errorf("temperature: %w", err)
	}
	inverse := ps.Vector()[0]
	before := fittedLogits(net, test.X)
	after := mat.NewDense(test.Len(), 1, nil)
	after.Scale(inverse, before)

	var reports [2]metrics.Report
	var perRow [2][]float64
	table := &Table{Title: "Forecasts of " + count(test.Len()) + " new rows", Columns: []string{"", "log-loss, nats", "rounded to 0.01: log-loss", "= refinement", "+ calibration", "accuracy", "calibration error (ECE)"}}
	diagram := &figure.Figure{
		Name: "calibration-reliability", Title: "What happens when the network says p",
		Caption: "New rows in bins of the forecast. On the diagonal forecasts are honest; a flatter curve is over-confident. Bars: two standard errors.",
		X:       figure.Axis{Label: "forecast probability of class 1", Max: 1}, Y: figure.Axis{Label: "share of class 1", Max: 1},
		Marks: []figure.Mark{{Kind: figure.Line, Name: "honest", Color: figure.Grey, Dashed: true, X: figure.Values{0, 1}, Y: figure.Values{0, 1}}},
	}
	var identity float64
	var dishonest [2]float64 // the calibration part of the loss
	for i, z := range []*mat.Dense{before, after} {
		var b metrics.Binary
		if err := b.Add(z, asColumn(test.Labels), nil); err != nil {
			return err
		}
		reports[i] = b.Report()
		q := sigmoids(z)
		perRow[i] = make([]float64, len(q))
		for j := range q {
			perRow[i][j] = tensor.Softplus(float64(1-2*test.Labels[j]) * z.At(j, 0))
			// A forecast of 0 or 1 would be infinitely wrong once.
			q[j] = min(max(q[j], 0.01), 0.99)
		}
		loss, refinement, calibration := decomposition(q, test.Labels)
		dishonest[i] = calibration
		identity = max(identity, math.Abs(loss-refinement-calibration))
		name := []string{"as trained", "with temperature " + num(1/inverse)}[i]
		table.Add(name, float64(reports[i].LogLoss), loss, refinement, calibration, float64(reports[i].Accuracy), float64(reports[i].ECE))
		diagram.Marks = append(diagram.Marks, reliability(name, figure.Color(1-i), sigmoids(z), test.Labels)...)
	}
	better := make([]float64, test.Len())
	for i := range better {
		better[i] = perRow[0][i] - perRow[1][i]
	}
	gain, se := moments(better)
	r.decide("log-loss less refinement and calibration, for forecasts rounded to 0.01", identity, AtMost, 1e-12, "nats")
	r.check("temperature fitted on the third set", 1/inverse, Above, 1, "")
	r.check("what it gains on new rows", gain/se, AtLeast, 4, "standard errors")
	r.check("what it changes of the accuracy", math.Abs(float64(reports[0].Accuracy-reports[1].Accuracy)), Exactly, 0, "")
	r.check("how much the calibration part of the loss falls", dishonest[0]-dishonest[1], Above, 0, "nats")
	r.text("A network with many parameters is calibrated on its training rows, and over-confident on new ones. Group forecasts that are equal, here to 0.01, and the loss falls into two parts: the entropy that is left in the outcomes of each group, *refinement*, and the divergence of the forecast from what happened, *calibration*:")
	r.formula(`\frac{1}{m} \sum_{i} \log \frac{1}{q_{i}(y_{i})} = \sum_{f} w_{f} H(\bar{y}_{f}) + \sum_{f} w_{f} D(\bar{y}_{f}‖f)`)
	r.text("The second part can be mended and the order of the forecasts kept. Divide all logits by one number, the *temperature*, found by maximum likelihood on a third set of %d rows: %s. No prediction changes its class, and on new rows %s nats are gained.", third.Len(), num(1/inverse), num(gain))
	r.table(table)
	r.figure(diagram)
	return nil
}

// asColumn returns labels 0 and 1 as a column.
func asColumn(labels []int) *mat.Dense {
	y := mat.NewDense(len(labels), 1, nil)
	for i, label := range labels {
		y.Set(i, 0, float64(label))
	}
	return y
}

// reliability returns the share of class 1 in ten bins of the forecast.
func reliability(name string, color figure.Color, q []float64, labels []int) []figure.Mark {
	const bins = 10
	var all, yes, sum [bins]float64
	for i, p := range q {
		k := min(bins-1, int(p*bins))
		all[k]++
		yes[k] += float64(labels[i])
		sum[k] += p
	}
	line := figure.Mark{Kind: figure.Line, Name: name, Color: color}
	dots := figure.Mark{Kind: figure.Dots, Color: color}
	spread := figure.Mark{Kind: figure.Interval, Color: color}
	for k, n := range all {
		if n < 5 {
			continue
		}
		share := yes[k] / n
		half := 2 * math.Sqrt(share*(1-share)/n)
		line.X, line.Y = append(line.X, sum[k]/n), append(line.Y, share)
		spread.X, spread.Low, spread.High = append(spread.X, sum[k]/n), append(spread.Low, max(0, share-half)), append(spread.High, min(1, share+half))
	}
	dots.X, dots.Y = line.X, line.Y
	return []figure.Mark{line, spread, dots}
}
