package experiments

import (
	"context"
	"math"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/random"
)

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
	curved := newPopulation(func(x float64) float64 { return -6 + 0.3*(x-2) + 1.8*(x-2)*(x-2) })
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
	se1, se2 := c.slope(first.hessian), c.slope(second.hessian)

	shares := []float64{honest.share(honest.wald), wrong.share(wrong.wald), wrong.share(wrong.sandwich), double.share(double.wald)}
	r.check("right model: share of Wald intervals that cover the truth, less 95 %", math.Abs(shares[0]-0.95), AtMost, noise+2./m, "")
	r.check("samples of "+count(m)+" without an estimate", float64(honest.without()+wrong.without()+double.without()), Exactly, 0, "")
	r.check("wrong model: mean estimate less the nearest model's slope", math.Abs(mean-projection), AtMost, 4*se+8./m, "log-odds")
	r.check("wrong model: share of sandwich intervals that cover it, less 95 %", math.Abs(shares[2]-0.95), AtMost, noise+8./m, "")
	r.check("wrong model: how much Wald intervals fall short of 95 %", 0.95-shares[1], AtLeast, noise, "")
	r.check("every row twice: change of the estimate", farthest(once.theta(), twice.theta()), AtMost, 1e-12, "")
	r.check("every row twice: standard errors in units of 1/√2 of those before, less 1", math.Abs(se2/se1*math.Sqrt2-1), AtMost, 1e-10, "")
	r.check("every row twice: how much Wald intervals fall short of 95 %", 0.95-shares[3], AtLeast, noise, "")

	r.text("The same curvature gives each single sample an interval, $\\hat{θ} ± %s$ standard errors, named after Wald. Over %s samples of %s rows, %s of the intervals cover the truth. That takes two assumptions.", num(normal975), count(n), count(m), percent(shares[0]))
	r.text("*The model is right.* Let yes be rare in the middle and frequent at both ends, and fit a line nevertheless. The estimate then goes to the line whose divergence from the truth is least, slope %s (mean estimate %s): that is what maximum likelihood does with any model. "+
		"But its Wald intervals cover that slope in only %s of the samples, because the variance of the score and the curvature, which are equal for a right model, now differ. The *sandwich* uses both and covers in %s.", num(projection), num(mean), percent(shares[1]), percent(shares[2]))
	r.formula(`\mathrm{Var}(\hat{θ}) ≈ J^{−1} (\sum_{i} g_{i} g_{i}^{T}) J^{−1}`)
	r.text("Here $J$ is the Hessian of the negative log-likelihood, $g_{i}$ the score of row $i$, a column, and $g_{i} g_{i}^{T}$ the table of all products of two of its entries.")
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
