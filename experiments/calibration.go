package experiments

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

func calibrationExperiment() Experiment {
	return Experiment{
		Name:  "calibration",
		Title: "Log-loss rewards honest probabilities",
		Claim: "The expected log-loss is least for the true probabilities only; it is refinement plus calibration; at the maximum-likelihood estimate predictions are right on average; " +
			"and an over-confident network is mended by one number, a temperature.",
		Source: "Gneiting & Raftery 2007, Strictly proper scoring rules, prediction, and estimation; Bröcker 2009 for the decomposition; Guo et al. 2017, On calibration of modern neural networks; Jaynes 1957 for maximum entropy.",
		Method: "Minimise expected scores over a grid of forecasts; decompose the log-loss of forecasts in groups of equal logits, the same groups before and after; compare means at the estimate for the Titanic, and entropies with those of other models that have the same means; fit a temperature on a third set of data, check that it is stationary there, and compare it on a fourth with the best there.",
		Tolerance: "The minimum is found to the grid, exactly. The decomposition holds to 1e-12 and the score equations to 1e-10 of the number of people: rounding of sums. " +
			"The gain of the temperature on new rows has to exceed 4 standard errors. One parameter estimated from m rows costs z²/2m nats on others, z being a standard normal number: 8/m for 4 standard errors. " +
			"Logits are rounded to ½ for the groups, which moves each by ¼ at most and 0 on average; that may change the mean loss by 0.02 nats.",
		Run: calibrationClaim{infotheory.CrossEntropyBernoulli, asFitted}.run,
	}
}

// calibrationClaim is what the claim is about: the expected score of the
// forecast q when yes has probability p, and by what logits are multiplied, given
// what maximum likelihood says.
type calibrationClaim struct {
	score func(p, q float64) float64
	cool  func(fitted float64) float64
}

func asFitted(inverse float64) float64 { return inverse }

func (c calibrationClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	r.text("You think that it will rain with probability $p$, and are paid by your forecast $q$. When does it pay to say what you think? If the payment is a *proper* score, one whose expectation is best for $q = p$. For the log-loss the expectation is the cross-entropy,")
	r.formula(`E[\mathrm{loss}] = H(p,q) = H(p) + D(p‖q)`)
	r.text("and the divergence is 0 for $q = p$ only: the log-loss is *strictly* proper.")
	c.proper(&r)
	if err := c.scoreEquations(ctx, o, &r); err != nil {
		return r, err
	}
	o.progress(0.3)
	return r, c.temperature(ctx, o, &r)
}

// proper finds the best forecast for each probability, by several scores.
func (c calibrationClaim) proper(r *Result) {
	scores := []struct {
		name string
		of   func(p, q float64) float64
	}{
		{"log-loss", c.score},
		{"Brier score (p−y)²", func(p, q float64) float64 { return p*(1-q)*(1-q) + (1-p)*q*q }},
		{"absolute error |p−y|", func(p, q float64) float64 { return p*(1-q) + (1-p)*q }},
	}
	const grid = 100
	var off [3]float64
	margin := math.Inf(1) // what the next best forecast costs
	for i := 1; i < grid; i++ {
		p := float64(i) / grid
		for s := range scores {
			best, at := math.Inf(1), 0
			for j := 0; j <= grid; j++ {
				if v := scores[s].of(p, float64(j)/grid); v < best {
					best, at = v, j
				}
			}
			off[s] = max(off[s], math.Abs(float64(at)/grid-p))
			if s == 0 {
				for j := 0; j <= grid; j++ {
					if j != i {
						margin = min(margin, scores[s].of(p, float64(j)/grid)-scores[s].of(p, p))
					}
				}
			}
		}
	}
	r.check("log-loss: largest distance of the best forecast from the truth", off[0], Exactly, 0, "")
	r.check("log-loss: what any other forecast of the grid costs, at the least", margin, Above, 0, "nats")
	r.number("Brier score: largest distance of the best forecast from the truth", off[1], "")
	r.number("absolute error: largest distance of the best forecast from the truth", off[2], "")
	const p = 0.7
	marks := []figure.Mark{{Kind: figure.RuleX, Name: "truth", Color: figure.Grey, Dashed: true, X: figure.Values{p}}}
	for s := range scores {
		marks = append(marks, figure.Curve(scores[s].name, figure.Color(s), 0.005, 0.995, 198, func(q float64) float64 { return scores[s].of(p, q) }))
	}
	r.figure(&figure.Figure{
		Name: "calibration-scores", Title: "Expected score of a forecast when yes has probability " + num(p),
		Caption: "Log-loss and Brier score are least at the truth. The absolute error is least at 1: it rewards forecasters who exaggerate.",
		X:       figure.Axis{Label: "forecast q"}, Y: figure.Axis{Label: "expected score, nats for the log-loss", Min: 0, Max: 2.5}, Marks: marks,
	})
	r.text("Over a grid of probabilities the best forecast by log-loss is the truth every time, and so it is by the Brier score. By the absolute error it is 0 or 1, up to %s off.", num(off[2]))
}

// scoreEquations checks what holds at the maximum-likelihood estimate.
func (c calibrationClaim) scoreEquations(ctx context.Context, o Options, r *Result) error {
	people, err := titanic()
	if err != nil {
		return err
	}
	y, weights := people.shares()
	m := newLogistic(people.x, y, weights)
	at, err := m.fit(ctx)
	if err != nil {
		return err
	}
	p := m.probabilities(m.x)
	n, d := m.x.Dims()
	// Σ weight·x·(p−y) for each feature and for 1.
	var worst float64
	for j := range d + 1 {
		var sum tensor.Sum
		for i := range n {
			x := 1.0
			if j < d {
				x = m.x.At(i, j)
			}
			sum.Add(weights[i] * x * (p[i] - y.At(i, 0)))
		}
		worst = max(worst, math.Abs(sum.Value())/people.total())
	}
	r.check("predicted and actual survivors: with each feature and in all, difference as a share of all people", worst, AtMost, 1e-10, "")
	entropy := labelEntropy(weights, p)
	r.check("entropy of the fitted model against its negative log-likelihood, relative", apart(entropy, at.value), AtMost, 1e-12, "")
	more := math.Inf(-1)
	for k := range uint64(o.pick(200, 5000)) {
		other := m.sameMeans(p, o.Seed, k)
		more = max(more, labelEntropy(weights, other)-entropy)
	}
	r.check("how much less entropy other models with the same means have, at the least", -more, Above, 0, "nats")
	r.text("What does the maximum-likelihood estimate do? Its gradient is 0, which for logistic regression says, for each feature and for the intercept,")
	r.formula(`\sum_{i} p_{i} x_{i} = \sum_{i} y_{i} x_{i}`)
	r.text("Predicted survivors equal actual ones in all, among women, among children and in each class. On average the predictions are right: that is calibration, to first order, for nothing. "+
		"And of all ways to give each group a probability that keep these sums, the fitted one has the largest *entropy*: it assumes nothing else. Its entropy is %s nats, its negative log-likelihood the same number; %s other models with the same sums have less.", num(entropy), count(o.pick(200, 5000)))
	return nil
}

// labelEntropy returns Σ weight·H(p).
func labelEntropy(weights, p []float64) float64 {
	var sum tensor.Sum
	for i, w := range weights {
		sum.Add(w * infotheory.EntropyBernoulli(p[i]))
	}
	return sum.Value()
}

// sameMeans returns other probabilities with the same Σ weight·p·x: p moved in
// a random direction less its projection on the features.
func (m *logistic) sameMeans(p []float64, seed, k uint64) []float64 {
	n, d := m.x.Dims()
	a := mat.NewDense(n, d+1, nil) // weight·x
	move := mat.NewVecDense(n, nil)
	src := random.New(seed, 14, k)
	for i := range n {
		for j := range d {
			a.Set(i, j, m.weights[i]*m.x.At(i, j))
		}
		a.Set(i, d, m.weights[i])
		move.SetVec(i, src.Norm()*p[i]*(1-p[i]))
	}
	var qr mat.QR
	qr.Factorize(a)
	var q mat.Dense
	qr.QTo(&q)
	// The last n−d−1 columns of Q are orthogonal to the features.
	free := q.Slice(0, n, d+1, n)
	var part mat.VecDense
	part.MulVec(free.T(), move)
	move.MulVec(free, &part)
	// As far as half the way to where a probability would leave [0, 1].
	reach := math.Inf(1)
	for i := range n {
		if v := move.AtVec(i); v > 0 {
			reach = min(reach, (1-p[i])/v)
		} else if v < 0 {
			reach = min(reach, -p[i]/v)
		}
	}
	other := make([]float64, n)
	for i := range n {
		other[i] = p[i] + reach/2*move.AtVec(i)
	}
	return other
}
