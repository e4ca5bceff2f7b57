package experiments

import (
	"context"
	"math"

	"github.com/surprisal-ml/surprisal/experiments/coding"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/random"
)

func divergenceExperiment() Experiment {
	return Experiment{
		Name:   "divergence",
		Title:  "Cross-entropy is entropy plus divergence",
		Claim:  "H(p,q) = H(p) + D(p‖q), where the divergence D is never negative, is 0 for q = p only, is no distance, and is what a code for the wrong distribution q costs beyond the best code, per symbol.",
		Source: "Kullback & Leibler 1951; Cover & Thomas, sections 2.3, 2.6, 5.4 and 11.6 (Pinsker's inequality).",
		Method: "Compare both sides on random distributions, far apart and nearly equal; exhibit distributions that break symmetry and the triangle inequality; " +
			"and encode a real text with an arithmetic coder for q, and count the bits; compare Huffman's code with the entropy, Kraft's inequality and Shannon's code.",
		Tolerance: "The identity holds to 1e-14 of the cross-entropy, 50 units in the last place. Pinsker's bound is nearly reached by distributions that nearly agree: rounding may take 1e-12 of it. An arithmetic coder spends at most 2 bits more than the surprisal of the whole message, " +
			"whatever its length, and never less. Sums of powers of ½, Kraft's and the lengths of codes for such probabilities, have no rounding.",
		Run: divergenceClaim{infotheory.CrossEntropy, infotheory.KL, coding.HuffmanLengths}.run,
	}
}

// divergenceClaim is what the claim is about.
type divergenceClaim struct {
	crossEntropy func(p, q []float64) float64
	divergence   func(p, q []float64) float64
	lengths      func(p []float64) []int // of the best code
}

func (c divergenceClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	r.text("Outcomes come from $p$, but you expect $q$. Your surprisal is $\\log (1/q)$, and on average it is the *cross-entropy*")
	r.formula(`H(p,q) = \sum_{x} p(x) \log \frac{1}{q(x)}`)
	r.text("That is what a classifier is trained to make small: $p$ are the labels, $q$ its predictions. " +
		"It has two parts, the surprisal that nobody could avoid and the part that is due to $q$, the *Kullback–Leibler divergence*:")
	r.formula(`H(p,q) = H(p) + D(p‖q),   D(p‖q) = \sum_{x} p(x) \log \frac{p(x)}{q(x)}`)
	c.identity(o, &r)
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	o.progress(0.3)
	c.notADistance(&r)
	c.learning(o, &r)
	o.progress(0.5)
	c.codes(o, &r)
	return r, nil
}

// identity checks the decomposition, the sign, and Pinsker's bound.
func (c divergenceClaim) identity(o Options, r *Result) {
	src := random.New(o.Seed, 3)
	trials := o.pick(2000, 50_000)
	var apart float64
	least, slack := math.Inf(1), math.Inf(1)
	negative, self := 0, 0.0
	for i := range trials {
		n := 2 + i%49
		p, q := exactly(simplex(src, n)), exactly(simplex(src, n))
		if i%2 == 1 { // nearly equal, where the textbook sum cancels
			q = exactly(nudged(src, p))
		}
		h, d := c.crossEntropy(p, q), c.divergence(p, q)
		apart = max(apart, math.Abs(h-infotheory.Entropy(p)-d)/h)
		least = min(least, d)
		var distance, textbook float64
		for j := range p {
			distance += math.Abs(p[j] - q[j])
			textbook += p[j] * math.Log(p[j]/q[j])
		}
		slack = min(slack, d/(distance*distance/2))
		if textbook < 0 {
			negative++
		}
		self = max(self, math.Abs(c.divergence(p, p)))
	}
	r.decide("largest difference between H(p,q) and H(p) + D(p‖q), relative", apart, AtMost, 1e-14, "")
	r.check("smallest D(p‖q) for q ≠ p", least, Above, 0, "nats")
	r.check("largest D(p‖p)", self, Exactly, 0, "nats")
	r.check("most by which D(p‖q) falls short of Pinsker's bound ½(Σ|p−q|)², relative", 1-slack, AtMost, 1e-12, "")
	r.number("textbook sums that came out negative, of "+count(trials), float64(negative), "")
	r.text("Why is $D$ never negative? Since $\\sum p = \\sum q = 1$, nothing changes if $q − p$ is added to each term, and then no term is negative, because $\\log t ≤ t − 1$:")
	r.formula(`D(p‖q) = \sum_{x} [p \log \frac{p}{q} − p + q] ≥ \frac{1}{2} (\sum_{x} |p − q|)^{2}`)
	r.text("The bound on the right is Pinsker's, and shows that $D = 0$ means $q = p$. Over %s random pairs, half of them nearly equal, the smallest divergence was %s nats, and none was below the bound by more than rounding. "+
		"The form matters on a computer, too: of the textbook sums $\\sum p \\log (p/q)$, %s came out negative, from rounding.",
		count(trials), num(least), count(negative))
}

// nudged returns a distribution close to p.
func nudged(src *random.Source, p []float64) []float64 {
	q := make([]float64, len(p))
	size := math.Pow(10, -1-7*src.Float64())
	var sum float64
	for i := range p {
		q[i] = p[i] * math.Exp(size*src.Norm())
		sum += q[i]
	}
	for i := range q {
		q[i] /= sum
	}
	return q
}

// exactly returns a distribution next to p whose probabilities, multiples of
// 2⁻⁵⁰, add up to 1 to the last bit, so that p−q and Σp−Σq have no rounding.
func exactly(p []float64) []float64 {
	const unit = 1 << 50
	q, largest, sum := make([]float64, len(p)), 0, 0.0
	for i, x := range p {
		q[i] = max(1, math.Round(x*unit)) / unit
		sum += q[i]
		if x > p[largest] {
			largest = i
		}
	}
	q[largest] += 1 - sum
	return q
}

// notADistance exhibits what breaks symmetry and the triangle inequality.
func (c divergenceClaim) notADistance(r *Result) {
	p, q, between := []float64{0.5, 0.5}, []float64{0.05, 0.95}, []float64{0.25, 0.75}
	there, back := c.divergence(p, q), c.divergence(q, p)
	detour := c.divergence(p, between) + c.divergence(between, q)
	r.check("how much D(p‖q) and D(q‖p) differ for the coins ½ and 0.05", math.Abs(there-back), Above, 0.1, "nats")
	r.check("how much shorter the way from ½ to 0.05 is by way of ¼", there-detour, Above, 0.1, "nats")
	r.text("It is called a divergence and not a distance for two reasons. For the coins $p$ = ½ and $q$ = 0.05 it is %s nats one way and %s the other: "+
		"to expect the rare and be wrong costs more than to expect the even. And a detour can be shorter: by way of ¼ it is only %s nats.", num(there), num(back), num(detour))
}

// learning shows what an observation is worth.
func (c divergenceClaim) learning(o Options, r *Result) {
	// A coin whose p is one of 0.05, …, 0.95, all equally probable at first, is
	// thrown ten times. Joint[i][k] is the probability of p and k heads.
	const values, throws = 19, 10
	prior := make([]float64, values)
	joint := make([][]float64, values)
	for i := range joint {
		prior[i] = 1. / values
		joint[i] = make([]float64, throws+1)
		p := float64(i+1) / (values + 1)
		for k := range joint[i] {
			joint[i][k] = prior[i] * binomial(throws, k) * math.Pow(p, float64(k)) * math.Pow(1-p, float64(throws-k))
		}
	}
	gain := make(figure.Values, throws+1)
	heads := make(figure.Values, throws+1)
	var mean float64
	for k := range gain {
		posterior, total := make([]float64, values), 0.0
		for i := range joint {
			posterior[i] = joint[i][k]
			total += joint[i][k]
		}
		for i := range posterior {
			posterior[i] /= total
		}
		heads[k] = float64(k)
		gain[k] = infotheory.Bits(c.divergence(posterior, prior))
		mean += total * gain[k]
	}
	information := infotheory.Bits(infotheory.MutualInformation(joint))
	r.check("mean information gained from ten throws, less the mutual information", math.Abs(mean-information), AtMost, 1e-13, "bits")
	r.text("Read backwards, $D$ measures learning: being told that $p$ is true after having believed $q$ is worth $D(p‖q)$. "+
		"Take a coin that may have any of %d probabilities. Ten throws turn the even prior into a posterior; the information gained depends on the heads, %s bits for five and %s for none, "+
		"and on average it is the *mutual information* of coin $X$ and throws $Y$, what the throws take away from the entropy of the coin, $H(X) − H(X|Y)$: %s bits.", values, num(gain[5]), num(gain[0]), num(information))
	r.figure(&figure.Figure{
		Name: "divergence-learning", Title: "What ten throws of an unknown coin are worth",
		Caption: "The divergence of the prior from the posterior, for each number of heads. Extreme counts leave fewer coins possible.",
		X:       figure.Axis{Label: "heads in ten throws"}, Y: figure.Axis{Label: "information gained, bits"},
		Marks: []figure.Mark{
			{Kind: figure.Bars, Width: 0.7, X: heads, Y: gain},
			{Kind: figure.RuleY, Name: "mean: the mutual information", Color: figure.Vermillion, Dashed: true, Y: figure.Values{information}},
		},
	})
}

func binomial(n, k int) float64 {
	b := 1.0
	for i := range k {
		b = b * float64(n-i) / float64(i+1)
	}
	return math.Round(b)
}
