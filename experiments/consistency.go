package experiments

import (
	"context"
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/random"
)

func consistencyExperiment() Experiment {
	return Experiment{
		Name:  "consistency",
		Title: "What more data do: consistency, intervals, and when they lie",
		Claim: "The estimate approaches the truth at the rate 1/√m that the Fisher information predicts, and 95 % intervals made from it cover the truth in 95 % of samples, if the model is right and the rows are independent; " +
			"under a wrong model the estimate goes to the model nearest in divergence, and other intervals are needed.",
		Source: "Goodfellow, Bengio & Courville, section 5.5.2; White 1982, Maximum likelihood estimation of misspecified models; Huber 1967 for the sandwich.",
		Method: "Draw many samples of each size from a known distribution, fit each, compare errors with the inverse of the Fisher information and count the intervals that cover; repeat with a model that is wrong, and with every row twice.",
		Tolerance: "A share counted over R replicates and an error averaged over them are off by 4 standard errors once in 16 000 trials. Intervals of finite samples cover a little less or more, about 1/m: ½ % is allowed for that at m = 800. " +
			"The error itself exceeds the prediction by about 1/m, too, which costs its exponent 0.01.",
		Run: consistencyClaim{repeat: 1}.run,
	}
}

// consistencyClaim is what the claim is about: how often each row that was drawn
// is counted.
type consistencyClaim struct {
	repeat float64
}

// population is a distribution of a feature x, even over a grid, and the
// probability of yes for each x. Samples of any size are then counts per place
// of the grid.
type population struct {
	x   *mat.Dense
	yes []float64
}

func newPopulation(logit func(x float64) float64) population {
	const n = 41
	p := population{mat.NewDense(n, 1, nil), make([]float64, n)}
	for i := range n {
		x := -2 + 4*float64(i)/(n-1)
		p.x.Set(i, 0, x)
		p.yes[i] = 1 / (1 + math.Exp(-logit(x)))
	}
	return p
}

// sample draws m rows, each counted repeat times.
func (p population) sample(src *random.Source, m int, repeat float64) *logistic {
	n := len(p.yes)
	yes, weights, y := make([]float64, n), make([]float64, n), mat.NewDense(n, 1, nil)
	for range m {
		i := int(src.Float64() * float64(n))
		weights[i] += repeat
		if src.Float64() < p.yes[i] {
			yes[i] += repeat
		}
	}
	for i, w := range weights {
		if w > 0 {
			y.Set(i, 0, yes[i]/w)
		}
	}
	return newLogistic(p.x, y, weights)
}

// whole is the population itself, as data of one row.
func (p population) whole() *logistic {
	n := len(p.yes)
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = 1 / float64(n)
	}
	return newLogistic(p.x, mat.NewDense(n, 1, p.yes), weights)
}

// slopeErrors returns the standard error of the slope by the inverse of the
// information, and by the sandwich H⁻¹(Σ r² x xᵀ)H⁻¹.
func (m *logistic) slopeErrors(at optimum) (wald, sandwich float64) {
	var inverse mat.SymDense
	if err := at.inverse.InverseTo(&inverse); err != nil {
		return math.NaN(), math.NaN()
	}
	var meat float64
	for i, p := range m.probabilities(m.x) {
		// The residuals of the rows of a group are 1−p and −p.
		y, w := m.y.At(i, 0), m.weights[i]
		squares := w * (y*(1-p)*(1-p) + (1-y)*p*p)
		lever := inverse.At(0, 0)*m.x.At(i, 0) + inverse.At(0, 1)
		meat += squares * lever * lever
	}
	return math.Sqrt(inverse.At(0, 0)), math.Sqrt(meat)
}

// replicates are estimates of the slope from many samples.
type replicates struct {
	slopes         []float64
	wald, sandwich int // intervals that cover the truth
	without        int // samples that have no estimate
}

func (c consistencyClaim) replicate(ctx context.Context, p population, truth float64, m, n int, repeat float64, seed, stream uint64) (replicates, error) {
	var r replicates
	for k := range n {
		s := p.sample(random.New(seed, stream, uint64(m), uint64(k)), m, repeat)
		at, err := s.fit(ctx)
		if errors.Is(err, errNoMinimum) {
			r.without++
			continue
		}
		if err != nil {
			return r, err
		}
		slope := s.params.Vector()[0]
		r.slopes = append(r.slopes, slope)
		wald, sandwich := s.slopeErrors(at)
		if math.Abs(slope-truth) <= normal975*wald {
			r.wald++
		}
		if math.Abs(slope-truth) <= normal975*sandwich {
			r.sandwich++
		}
	}
	return r, nil
}

// normal975 is the 97.5 % point of the standard normal distribution.
const normal975 = 1.959963984540054

func (r replicates) rootMeanSquare(truth float64) float64 {
	var sum float64
	for _, s := range r.slopes {
		sum += (s - truth) * (s - truth)
	}
	return math.Sqrt(sum / float64(len(r.slopes)))
}

func (r replicates) share(covered int) float64 { return float64(covered) / float64(len(r.slopes)) }

func (c consistencyClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	r.text("An estimate from a sample is not the truth. How far is it off? Fisher's answer is the curvature of the log-likelihood: the *information* of one observation is the variance of its *score*, the gradient of its log-probability, and the inverse of $m$ times that is the variance of the estimate from $m$ of them, for large $m$.")
	r.formula(`I(θ) = E[\frac{∂ \log p}{∂θ} \frac{∂ \log p}{∂θ}^{T}],   \sqrt{m} (\hat{θ} − θ) → N(0, I^{−1})`)
	const intercept, slope = -0.5, 1.0
	right := newPopulation(func(x float64) float64 { return intercept + slope*x })
	if err := c.rate(ctx, o, right, slope, &r); err != nil {
		return r, err
	}
	o.progress(0.6)
	return r, c.coverage(ctx, o, right, slope, &r)
}

// rate compares errors with the Fisher information for growing samples.
func (c consistencyClaim) rate(ctx context.Context, o Options, p population, truth float64, r *Result) error {
	whole := p.whole()
	at, err := whole.fit(ctx)
	if err != nil {
		return err
	}
	unit, _ := whole.slopeErrors(at) // of one observation
	n := o.pick(250, 2000)
	sizes := []int{12, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400}
	table := &Table{Title: "Estimates of a slope from " + count(n) + " samples of each size", Columns: []string{"m", "root mean square error", "predicted, 1/√(mI)", "ratio", "samples without an estimate"}}
	var ms, errs, predicted, logM, logErr figure.Values
	var ratio float64
	for i, m := range sizes {
		s, err := c.replicate(ctx, p, truth, m, n, c.repeat, o.Seed, 10)
		if err != nil {
			return err
		}
		rms, want := s.rootMeanSquare(truth), unit/math.Sqrt(float64(m))
		ratio = rms / want
		table.Add(m, rms, want, ratio, s.without)
		ms, errs, predicted = append(ms, float64(m)), append(errs, rms), append(predicted, want)
		if m >= 200 {
			logM, logErr = append(logM, math.Log(float64(m))), append(logErr, math.Log(rms))
		}
		o.progress(0.6 * float64(i+1) / float64(len(sizes)))
	}
	_, exponent := stat.LinearRegression(logM, logErr, nil, false)
	noise := 1 / math.Sqrt(2*float64(n)) // standard error of the logarithm of a root mean square
	_, spread := stat.PopMeanStdDev(logM, nil)
	r.decide("exponent of m in the error, less −½", math.Abs(exponent+0.5), AtMost, 4*noise/(spread*math.Sqrt(float64(len(logM))))+0.01, "")
	r.check("error at the largest m, relative to 1/√(mI), less 1", math.Abs(ratio-1), AtMost, 4*noise, "")
	r.text("Draw samples of a feature $x$ and an outcome whose log-odds are %s + %s$x$, fit each, and look at the errors of the slope. They fall as $m$ to the power %s:", num(-0.5), num(truth), num(exponent))
	r.table(table)
	r.figure(&figure.Figure{
		Name: "consistency-rate", Title: "Error of an estimated slope, by size of the sample",
		Caption: "Four times the data, half the error. Small samples are worse than predicted, and some of them are separated: they have no estimate and are left out.",
		X:       figure.Axis{Label: "rows m", Log: true}, Y: figure.Axis{Label: "root mean square error, log-odds", Log: true},
		Marks: []figure.Mark{
			{Kind: figure.Line, Name: "predicted by the Fisher information", Color: figure.Grey, Dashed: true, X: ms, Y: predicted},
			{Kind: figure.Dots, Name: count(n) + " samples each", X: ms, Y: errs},
		},
	})
	return nil
}

// coverage counts intervals that cover the truth.
func (c consistencyClaim) coverage(ctx context.Context, o Options, right population, truth float64, r *Result) error {
	const m = 800
	n := o.pick(500, 5000)
	noise := 4 * math.Sqrt(0.95*0.05/float64(n))
	honest, err := c.replicate(ctx, right, truth, m, n, c.repeat, o.Seed, 11)
	if err != nil {
		return err
	}
	o.progress(0.7)
	// Rare in the middle, frequent at both ends: the log-odds are no line.
	curved := newPopulation(func(x float64) float64 { return -6 + 0.3*x + 1.8*x*x })
	nearest := curved.whole()
	if _, err := nearest.fit(ctx); err != nil {
		return err
	}
	projection := nearest.params.Vector()[0]
	wrong, err := c.replicate(ctx, curved, projection, m, n, c.repeat, o.Seed, 12)
	if err != nil {
		return err
	}
	o.progress(0.8)
	double, err := c.replicate(ctx, right, truth, m, n, 2*c.repeat, o.Seed, 11)
	if err != nil {
		return err
	}
	mean, se := moments(wrong.slopes)
	// A duplicated sample is drawn from the same random numbers.
	once, twice := right.sample(random.New(o.Seed, 13), m, 1), right.sample(random.New(o.Seed, 13), m, 2)
	first, err := once.fit(ctx)
	if err != nil {
		return err
	}
	second, err := twice.fit(ctx)
	if err != nil {
		return err
	}
	se1, _ := once.slopeErrors(first)
	se2, _ := twice.slopeErrors(second)

	shares := []float64{honest.share(honest.wald), wrong.share(wrong.wald), wrong.share(wrong.sandwich), double.share(double.wald)}
	r.check("right model: share of Wald intervals that cover the truth, less 95 %", math.Abs(shares[0]-0.95), AtMost, noise+0.005, "")
	r.check("samples of "+count(m)+" without an estimate", float64(honest.without+wrong.without+double.without), Exactly, 0, "")
	r.check("wrong model: mean estimate less the nearest model's slope", math.Abs(mean-projection)/se, AtMost, 5, "standard errors")
	r.check("wrong model: share of sandwich intervals that cover it, less 95 %", math.Abs(shares[2]-0.95), AtMost, noise+0.01, "")
	r.check("wrong model: how much Wald intervals fall short of 95 %", 0.95-shares[1], AtLeast, noise, "")
	r.check("every row twice: change of the estimate", farthest(once.theta(), twice.theta()), AtMost, 1e-12, "")
	r.check("every row twice: standard errors in units of 1/√2 of those before, less 1", math.Abs(se2/se1*math.Sqrt2-1), AtMost, 1e-10, "")
	r.check("every row twice: how much Wald intervals fall short of 95 %", 0.95-shares[3], AtLeast, noise, "")

	r.text("The same curvature gives each single sample an interval, $\\hat{θ} ± %s$ standard errors, named after Wald. Over %s samples of %s rows, %s of the intervals cover the truth. That takes two assumptions.", num(normal975), count(n), count(m), percent(shares[0]))
	r.text("*The model is right.* Let yes be rare in the middle and frequent at both ends, and fit a line nevertheless. The estimate then goes to the line whose divergence from the truth is least, slope %s (mean estimate %s): that is what maximum likelihood does with any model. "+
		"But its Wald intervals cover that slope in only %s of the samples, because the variance of the score and the curvature, which are equal for a right model, now differ. The *sandwich* uses both and covers in %s.", num(projection), num(mean), percent(shares[1]), percent(shares[2]))
	r.formula(`\mathrm{Var}(\hat{θ}) ≈ H^{−1} (\sum_{i} g_{i} g_{i}^{T}) H^{−1}`)
	r.text("*The rows are independent.* Copy every row and nothing new is known: the estimate stays. But the likelihood counts each row twice, the standard errors shrink by $√2$, and the intervals cover in %s of the samples instead of %s.", percent(shares[3]), percent(shares[0]))
	bars := figure.Mark{Kind: figure.Dots, X: figure.Values{}, Y: figure.Values{0, 1, 2, 3}}
	spread := figure.Mark{Kind: figure.Interval, Across: true, Y: figure.Values{0, 1, 2, 3}}
	for _, s := range shares {
		bars.X = append(bars.X, s)
		half := 2 * math.Sqrt(s*(1-s)/float64(n))
		spread.Low, spread.High = append(spread.Low, s-half), append(spread.High, s+half)
	}
	r.figure(&figure.Figure{
		Name: "consistency-coverage", Title: "How often 95 % intervals cover what they should",
		Caption: "Dots: the share of " + count(n) + " samples; bars: two standard errors of that share.",
		X:       figure.Axis{Label: "share of the intervals that cover"},
		Y:       figure.Axis{Label: "intervals", Categories: []string{"right model, Wald", "wrong model, Wald", "wrong model, sandwich", "every row twice, Wald"}},
		Marks:   []figure.Mark{{Kind: figure.RuleX, Name: "95 %", Color: figure.Vermillion, Dashed: true, X: figure.Values{0.95}}, spread, bars},
	})
	return nil
}
