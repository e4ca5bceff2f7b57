package experiments

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

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

// parts are what a log-loss consists of.
type parts struct {
	loss        float64 // of the forecasts as they are
	rounded     float64 // of the forecast of each one's group instead
	refinement  float64 // entropy of the outcomes within the groups
	calibration float64 // divergence of the outcomes of a group from its forecast
}

// decompose takes logits apart in groups: those that are the same multiple of
// width when rounded. The forecast of a group is that multiple, over the
// temperature 1/inverse. The groups do not depend on the temperature, and hence
// neither does the refinement; and no forecast is clipped, for they stay logits.
func decompose(z []float64, labels []int, width, inverse float64) parts {
	type group struct{ all, yes float64 }
	groups := map[int]group{}
	var loss, rounded, refinement, calibration tensor.Sum
	for i, v := range z {
		k := int(math.Round(v / width))
		g := groups[k]
		g.all++
		g.yes += float64(labels[i])
		groups[k] = g
		loss.Add(surprisal(inverse*v, labels[i]))
		rounded.Add(surprisal(inverse*width*float64(k), labels[i]))
	}
	for _, k := range slices.Sorted(maps.Keys(groups)) {
		g, f := groups[k], inverse*width*float64(k)
		yes := g.yes / g.all
		refinement.Add(g.all * infotheory.EntropyBernoulli(yes))
		// D(yes‖σ(f)) by the logit: σ(f) itself may be 1.
		for label, share := range []float64{1 - yes, yes} {
			if share > 0 {
				calibration.Add(g.all * share * (math.Log(share) + surprisal(f, label)))
			}
		}
	}
	n := float64(len(z))
	return parts{loss.Value() / n, rounded.Value() / n, refinement.Value() / n, calibration.Value() / n}
}

// surprisal returns −log of the probability that a logit gives to a label.
func surprisal(z float64, label int) float64 { return tensor.Softplus(float64(1-2*label) * z) }

// meanSurprisal returns that of all rows, with their logits divided by a
// temperature.
func meanSurprisal(z []float64, labels []int, inverse float64) float64 {
	var sum tensor.Sum
	for i, v := range z {
		sum.Add(surprisal(inverse*v, labels[i]))
	}
	return sum.Value() / float64(len(z))
}

// coolest returns the inverse of the temperature that is most likely for logits
// and their labels.
func coolest(ctx context.Context, z *mat.Dense, labels []int) (inverse float64, err error) {
	cooling := autograd.NewParam("1/T", 1, 1)
	ps := autograd.NewParams(cooling)
	ps.Vector()[0] = 1
	if _, err := minimise(ctx, ps, func(t *autograd.Tape) autograd.Var {
		return losses.BCEWithLogits{Reduction: losses.Sum}.Loss(autograd.MatMul(t.Const(z), t.Param(cooling)), t.Const(asColumn(labels)))
	}); err != nil {
		return 0, fmt.Errorf("temperature: %w", err)
	}
	return ps.Vector()[0], nil
}

// temperature trains an over-confident network and mends it.
func (c calibrationClaim) temperature(ctx context.Context, o Options, r *Result) error {
	const noise, width = 0.5, 0.5
	train := datasets.TwoMoons(100, noise, o.Seed+10)
	third := datasets.TwoMoons(500, noise, o.Seed+11)
	test := datasets.TwoMoons(o.pick(6000, 30_000), noise, o.Seed+12)
	net, _, err := trainMLP(ctx, train, nil, []int{32, 32}, trainer.Config{Method: optim.Adam{LR: 0.01}, Epochs: 600, Seed: o.Seed})
	if err != nil {
		return err
	}
	o.progress(0.8)
	onThird := fittedLogits(net, third.X)
	fitted, err := coolest(ctx, onThird, third.Labels)
	if err != nil {
		return err
	}
	inverse := c.cool(fitted)
	isStationary(onThird.RawMatrix().Data, third.Labels, inverse, r)
	before := fittedLogits(net, test.X)
	after := mat.NewDense(test.Len(), 1, nil)
	after.Scale(inverse, before)

	var reports [2]metrics.Report
	var both [2]parts
	table := &Table{Title: "Forecasts of " + count(test.Len()) + " new rows, nats", Columns: []string{"", "log-loss", "= refinement", "+ calibration", "+ rounding within groups", "accuracy", "calibration error (ECE)"}}
	diagram := &figure.Figure{
		Name: "calibration-reliability", Title: "What happens when the network says p",
		Caption: "New rows in bins of the forecast. On the diagonal forecasts are honest; a flatter curve is over-confident. Bars: two standard errors.",
		X:       figure.Axis{Label: "forecast probability of class 1", Max: 1}, Y: figure.Axis{Label: "share of class 1", Max: 1},
		Marks: []figure.Mark{{Kind: figure.Line, Name: "honest", Color: figure.Grey, Dashed: true, X: figure.Values{0, 1}, Y: figure.Values{0, 1}}},
	}
	var identity float64
	logits := before.RawMatrix().Data
	for i, z := range []*mat.Dense{before, after} {
		var b metrics.Binary
		if err := b.Add(z, asColumn(test.Labels), nil); err != nil {
			return err
		}
		reports[i] = b.Report()
		p := decompose(logits, test.Labels, width, []float64{1, inverse}[i])
		both[i] = p
		identity = max(identity, math.Abs(p.rounded-p.refinement-p.calibration), math.Abs(p.loss-float64(reports[i].LogLoss)))
		name := []string{"as trained", "with temperature " + num(1/inverse)}[i]
		table.Add(name, p.loss, p.refinement, p.calibration, p.loss-p.rounded, float64(reports[i].Accuracy), float64(reports[i].ECE))
		diagram.Marks = append(diagram.Marks, reliability(name, figure.Color(1-i), sigmoids(z), test.Labels)...)
	}
	better := make([]float64, test.Len())
	for i, z := range logits {
		better[i] = surprisal(z, test.Labels[i]) - surprisal(inverse*z, test.Labels[i])
	}
	gain, se := moments(better)
	best, err := coolest(ctx, before, test.Labels)
	if err != nil {
		return err
	}
	short := both[1].loss - meanSurprisal(logits, test.Labels, best)
	r.decide("log-loss less refinement and calibration, for forecasts rounded within groups", identity, AtMost, 1e-12, "nats")
	r.check("what a temperature changes of the refinement", math.Abs(both[0].refinement-both[1].refinement), Exactly, 0, "nats")
	r.check("how much the calibration part of the loss falls", both[0].calibration-both[1].calibration, Above, 0, "nats")
	r.check("what rounding changes of the log-loss", max(math.Abs(both[0].loss-both[0].rounded), math.Abs(both[1].loss-both[1].rounded)), AtMost, 0.02, "nats")
	r.check("temperature fitted on the third set", 1/inverse, Above, 1, "")
	r.check("what it gains on new rows", gain/se, AtLeast, 4, "standard errors")
	r.check("what it falls short of the best temperature for the new rows", short, AtMost, 8./float64(third.Len()), "nats")
	r.check("what it changes of the accuracy", math.Abs(float64(reports[0].Accuracy-reports[1].Accuracy)), Exactly, 0, "")
	r.number("temperature", 1/inverse, "")
	r.number("best temperature for the new rows", 1/best, "")
	r.text("A network with many parameters is calibrated on its training rows, and over-confident on new ones. Put forecasts $f$ that are equal in a group. Then the loss falls into two parts: the entropy that is left in the outcomes of each group, *refinement*, and the divergence of the forecast from what happened, *calibration*:")
	r.formula(`\frac{1}{m} \sum_{i} \log \frac{1}{q_{i}(y_{i})} = \sum_{f} w_{f} H(\bar{y}_{f}) + \sum_{f} w_{f} D(\bar{y}_{f}‖f)`)
	r.text("The second part can be mended and the order of the forecasts kept. Divide all logits by one number, the *temperature* $T$, found by maximum likelihood on a third set of %d rows: %s. No prediction changes its class, and on new rows %s nats are gained, all but %s of what the best temperature for those rows, %s, would gain. "+
		"At the maximum the derivative is 0: $\\sum z (p − y) = 0$, the logits weighted by the residuals.",
		third.Len(), num(1/inverse), num(gain), num(short), num(1/best))
	r.text("No two logits of the network are quite equal, and so groups are made of those that are the same when rounded to a multiple of %s, before any temperature. A temperature moves the forecast of a group and not its members: refinement stays what it is, %s nats, and all that is gained is gained in calibration. What the rounding itself changes stands in a column of its own.", num(width), num(both[0].refinement))
	r.table(table)
	r.figure(diagram)
	return nil
}

// isStationary checks that a temperature is the most likely on the set that it
// was fitted to: by the score equation and by its neighbours.
func isStationary(z []float64, labels []int, inverse float64, r *Result) {
	var score, size tensor.Sum
	for i, v := range z {
		residual := 1/(1+math.Exp(-inverse*v)) - float64(labels[i])
		score.Add(v * residual)
		size.Add(math.Abs(v * residual))
	}
	here := meanSurprisal(z, labels, inverse)
	beside := min(meanSurprisal(z, labels, inverse/1.1), meanSurprisal(z, labels, inverse*1.1))
	r.check("Σ z(p − y) on the third set at the temperature, relative to Σ |z(p − y)|", math.Abs(score.Value())/size.Value(), AtMost, 1e-10, "")
	r.check("what a temperature 10 % higher or lower costs on the third set, at the least", beside-here, Above, 0, "nats")
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
