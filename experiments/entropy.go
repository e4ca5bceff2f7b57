package experiments

import (
	"context"
	"math"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/random"
)

func entropyExperiment() Experiment {
	return Experiment{
		Name:   "entropy",
		Title:  "Entropy is the mean surprisal",
		Claim:  "The entropy H(X) = E[log 1/p(X)] is the surprisal that outcomes have on average: 0 for certainty, at most 1 bit for a yes-no outcome, reached at p = 1/2 only.",
		Source: "Shannon 1948, section 6; Cover & Thomas, Elements of Information Theory, 2nd edition, section 2.1 and figure 2.1.",
		Method: "Evaluate the formula at its edges and on a grid, and compare it with the mean surprisal of outcomes drawn at random from several distributions.",
		Tolerance: "The edges are exact, being sums of at most two exact terms. A mean of independent draws lies within 4 standard errors of its expectation " +
			"in all but 1 of " + count(int(rarity(4))) + " cases, and the worst of five in all but 1 of " + count(int(rarity(4)/5)) + "; two of the seven have no spread. The chain rule holds to 1e-14, some 50 units in the last place of numbers near 1.",
		Run: entropyClaim{infotheory.Entropy, draw}.run,
	}
}

// entropyClaim is what the claim is about: a formula, and where outcomes come
// from.
type entropyClaim struct {
	entropy func(p []float64) float64
	draw    func(src *random.Source, p []float64) int
}

func (c entropyClaim) bernoulli(p float64) float64 {
	return infotheory.Bits(c.entropy([]float64{p, 1 - p}))
}

func (c entropyClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	r.text("How surprised should you be by an outcome that has probability $p$? Not at all if it is certain, $p = 1$; more, the less probable it is; " +
		"and two independent surprises should add up, though their probabilities multiply. Only the logarithm does that: the *surprisal* of an outcome is")
	r.formula(`\log \frac{1}{p}`)
	r.text("in *nats* for the natural logarithm, which is the one that is easy to differentiate, and in *bits* for base 2: 1 bit is $\\log 2$ = %s nats. "+
		"The *entropy* of a random variable is the surprisal to be expected:", num(math.Ln2))
	r.formula(`H(X) = E[\log \frac{1}{p(X)}] = \sum_{x} p(x) \log \frac{1}{p(x)}`)
	r.text("An outcome that cannot happen contributes $0 \\log 0$, which is taken as 0: that is the limit of $p \\log (1/p)$ as $p$ goes to 0, and nobody is ever surprised by it.")
	c.edges(&r)
	if err := c.samples(ctx, o, &r); err != nil {
		return Result{}, err
	}
	c.chain(o, &r)
	return r, nil
}

// edges checks the curve of a yes-no outcome, and the largest entropy of more.
func (c entropyClaim) edges(r *Result) {
	r.check("entropy of a certain outcome, with 0·log 0 = 0", c.entropy([]float64{0, 1, 0}), Exactly, 0, "nats")
	r.check("entropy of a fair coin", c.bernoulli(0.5), Exactly, 1, "bits")
	largest := math.Inf(-1)
	const steps = 2000
	for i := range steps + 1 {
		if p := float64(i) / steps; p != 0.5 {
			largest = max(largest, c.bernoulli(p))
		}
	}
	r.check("what every other coin falls short of 1 bit by, at the least", 1-largest, Above, 0, "bits")
	r.number("entropy of a coin with p = 0.9", c.bernoulli(0.9), "bits")

	curve := figure.Curve("H(p)", figure.Blue, 0, 1, 200, c.bernoulli)
	fair := c.bernoulli(0.5)
	r.figure(&figure.Figure{
		Name: "entropy-bernoulli", Title: "Entropy of a yes-no outcome",
		Caption: "Nothing is learnt from an outcome that was certain. Most is learnt when both are equally probable: " + num(fair) + " bit.",
		X:       figure.Axis{Label: "probability p of yes"}, Y: figure.Axis{Label: "entropy H(p), bits"},
		Marks: []figure.Mark{
			curve,
			{Kind: figure.Dots, Name: "maximum at p = ½", Color: figure.Vermillion, X: figure.Values{0.5}, Y: figure.Values{fair}},
		},
	})
	r.text("A coin that falls on one side nine times out of ten has an entropy of %s bits: each throw tells you %s of what that of a fair coin does.", num(c.bernoulli(0.9)), percent(c.bernoulli(0.9)/fair))
}

// samples compares the formula with outcomes drawn at random.
func (c entropyClaim) samples(ctx context.Context, o Options, r *Result) error {
	n := o.pick(20_000, 1_000_000)
	src := random.New(o.Seed, 1)
	loaded := []float64{0.5, 0.1, 0.1, 0.1, 0.1, 0.1}
	cases := []struct {
		name string
		p    []float64
	}{
		{"fair coin", []float64{0.5, 0.5}},
		{"coin with p = 0.9", []float64{0.9, 0.1}},
		// With less than 100 rare outcomes the mean would not be normal.
		{"coin with p = 0.99", []float64{0.99, 0.01}},
		{"fair die", []float64{1. / 6, 1. / 6, 1. / 6, 1. / 6, 1. / 6, 1. / 6}},
		{"loaded die", loaded},
		{"letters of Newton's Opticks", frequencies(letters(opticks))},
		{"100 random probabilities", simplex(src, 100)},
	}
	table := &Table{Title: "Entropy, and the mean surprisal of " + count(n) + " draws", Columns: []string{"X", "H(X), bits", "mean, bits", "standard errors apart"}}
	var worst float64
	for i, k := range cases {
		surprisals := make([]float64, n)
		for j := range surprisals {
			surprisals[j] = infotheory.Surprisal(k.p[c.draw(src, k.p)])
		}
		mean, se := moments(surprisals)
		h := c.entropy(k.p)
		z := math.Abs(mean - h)
		if se > 0 { // all outcomes of a fair coin surprise alike
			z /= se
		} else if z <= 1e-15*h {
			z = 0
		} else {
			z = math.Inf(1)
		}
		worst = max(worst, z)
		table.Add(k.name, infotheory.Bits(h), infotheory.Bits(mean), z)
		o.progress(float64(i+1) / float64(len(cases)))
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	r.decide("largest distance of a mean surprisal from the entropy", worst, AtMost, 4, "standard errors")
	r.text("The definition says that entropy is an average, and averages can be watched. Draw outcomes at random, note the surprisal of each, take the mean:")
	r.table(table)
	return nil
}

// chain checks that information adds up, and that no distribution over n
// outcomes has more entropy than n equal ones.
func (c entropyClaim) chain(o Options, r *Result) {
	src := random.New(o.Seed, 2)
	apart, excess := 0.0, math.Inf(-1)
	for range o.pick(500, 20_000) {
		const rows, columns = 3, 5
		joint := simplex(src, rows*columns)
		first := make([]float64, rows)
		for i, p := range joint {
			first[i/columns] += p
		}
		later := 0.0 // H(Y|X)
		for i, p := range first {
			given := make([]float64, columns)
			for j := range given {
				given[j] = joint[i*columns+j] / p
			}
			later += p * c.entropy(given)
		}
		h := c.entropy(joint)
		apart = max(apart, math.Abs(h-c.entropy(first)-later)/h)
		excess = max(excess, h-math.Log(rows*columns))
	}
	r.check("largest relative difference between H(X,Y) and H(X) + H(Y|X)", apart, AtMost, 1e-14, "")
	r.check("largest entropy of 15 outcomes beyond log 15", excess, AtMost, 0, "nats")
	r.text("Surprisals add up, and so do their means. Being told $X$ and then $Y$ is as informative as being told both at once, whatever the two have to do with each other, " +
		"with $H(Y|X)$ the entropy of what $X$ leaves open:")
	r.formula(`H(X,Y) = H(X) + H(Y|X)`)
}
