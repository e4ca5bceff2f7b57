package experiments

import (
	"context"
	"math"
	"math/big"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

func underflowExperiment() Experiment {
	return Experiment{
		Name:   "underflow",
		Title:  "A likelihood is too small for a computer, its logarithm is not",
		Claim:  "Products of probabilities vanish or get stuck, products of densities overflow, at places that can be predicted; the sum of their logarithms does neither and has its maximum at the same place.",
		Source: "Goodfellow, Bengio & Courville, Deep Learning, section 5.5; IEEE 754 for where float64 ends.",
		Method: "Multiply equal and unequal factors in float64 until nothing changes, and compare with what the format's smallest number, 2⁻¹⁰⁷⁴, predicts; compare maxima over a grid.",
		Tolerance: "The product of halves is exact, so its end is predicted exactly, and so is the number at which a product gets stuck. Other products round in each step, most in the last few, where few digits are left: 1 factor until 0, and 2 until a product is stuck, since the last steps down are of a tenth or more of what is left. " +
			"Adding n logarithms with compensation costs 1e-15 of the sum, and so does each logarithm.",
		Run: underflowClaim{func(product, factor float64) float64 { return product * factor }}.run,
	}
}

// underflowClaim is what the claim is about: the arithmetic of a product.
type underflowClaim struct {
	multiply func(product, factor float64) float64
}

func (c underflowClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	r.text("The *likelihood* of a model is the probability it gives to all that was observed. For independent observations that is a product,")
	r.formula(`L(θ) = \prod_{i=1}^{m} p(y_{i}; θ)`)
	r.text("and a product of many numbers below 1 is soon smaller than any number a computer has. In float64 the smallest is $2^{−1074}$, about %s.", num(math.SmallestNonzeroFloat64))
	c.equalFactors(&r)
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	o.progress(0.3)
	c.densities(o, &r)
	if err := c.logarithms(o, &r); err != nil {
		return Result{}, err
	}
	c.maxima(&r)
	return r, nil
}

// mostFactors is where the chart ends, after every product has.
const mostFactors = 8000

// equalFactors multiplies p by itself until nothing changes.
func (c underflowClaim) equalFactors(r *Result) {
	table := &Table{Title: "The product p·p·p·… in float64", Columns: []string{"p", "prediction", "what happens", "after factors", "predicted"}}
	chart := &figure.Figure{
		Name: "underflow-products", Title: "Products of equal probabilities in float64, and what they should be",
		Caption: "Solid: the product as computed. Dashed: its true value. Below 10⁻³⁰⁸ digits are lost, and the product becomes 0 or stays where it is.",
		X:       figure.Axis{Label: "factors"}, Y: figure.Axis{Label: "log₁₀ of the product", Min: -345, Max: 0},
	}
	var halves, stuck, worst, when float64
	for i, p := range []float64{0.1, 0.3, 0.5, 0.7, 0.9} {
		xs, ys, end, factors := c.multiplyOut(p)
		rest := stuckAt(p)
		predicted := math.Ceil(1075 * math.Ln2 / -math.Log(p))
		row := []any{p, "0", "0", factors, predicted}
		if rest > 0 {
			predicted = math.Round((1074*math.Ln2 - math.Log(float64(rest))) / -math.Log(p))
			row = []any{p, "stuck at " + count(rest) + "·2⁻¹⁰⁷⁴", "stuck at " + num(end/math.SmallestNonzeroFloat64) + "·2⁻¹⁰⁷⁴", factors, predicted}
			when = max(when, math.Abs(float64(factors)-predicted))
			stuck += math.Abs(end/math.SmallestNonzeroFloat64 - float64(rest))
		} else if end != 0 {
			row[2] = num(end)
			worst = math.Inf(1)
		} else {
			worst = max(worst, math.Abs(float64(factors)-predicted))
		}
		if p == 0.5 {
			halves = float64(factors)
		}
		table.Add(row...)
		colour := figure.Color(i)
		chart.Marks = append(chart.Marks, figure.Mark{Kind: figure.Line, Name: "p = " + num(p), Color: colour, X: xs, Y: ys},
			figure.Mark{Kind: figure.Line, Color: colour, Dashed: true, X: figure.Values{0, mostFactors}, Y: figure.Values{0, mostFactors * math.Log10(p)}})
	}
	chart.X.Max = mostFactors
	r.decide("factors ½ until the product is 0", halves, Exactly, 1075, "")
	r.check("largest difference from the predicted number of factors until 0", worst, AtMost, 1, "factors")
	r.check("sum of the differences from where products were predicted to get stuck", stuck, Exactly, 0, "2⁻¹⁰⁷⁴")
	r.check("largest difference from the predicted number of factors until a product is stuck", when, AtMost, 2, "factors")
	r.text("The product of halves is exact and is 0 after %s factors: $2^{−1075}$ lies halfway between 0 and the smallest number, and halves are rounded to the even one, 0. "+
		"For any $p$ above ½ it never is: the smallest number times $p$ is nearer to itself than to 0. The product gets stuck at the largest $k·2^{−1074}$ with $k·p$ nearest to $k$, and stops telling models apart. It gets there when $p^{n} = k·2^{−1074}$, after so many factors:", num(halves))
	r.formula(`n = \frac{1074 \log 2 − \log k}{−\log p}`)
	r.table(table)
	r.figure(chart)
}

// multiplyOut returns the product of so many factors p, thinned out for a chart,
// the number it ends at, and after how many factors.
func (c underflowClaim) multiplyOut(p float64) (xs, ys figure.Values, end float64, factors int) {
	product := 1.0
	for n := 1; n < 100_000; n++ {
		next := c.multiply(product, p)
		if next == product {
			break
		}
		product, factors = next, n
		if n%20 == 1 || product < 1e-322 {
			xs, ys = append(xs, float64(n)), append(ys, -infotheory.Surprisal(product)/math.Ln10) // −∞ is not drawn
		}
	}
	if product > 0 {
		xs, ys = append(xs, mostFactors), append(ys, -infotheory.Surprisal(product)/math.Ln10)
	}
	return xs, ys, product, factors
}

// stuckAt returns the largest k for which k·p, rounded to a whole number, halves
// to even, is k. From above the product arrives there, since rounding never
// reverses an order.
func stuckAt(p float64) int {
	missing := new(big.Float).SetPrec(120).Sub(big.NewFloat(1), big.NewFloat(p))
	k := 0
	for {
		loss := new(big.Float).SetPrec(120).Mul(big.NewFloat(float64(k+1)), missing)
		switch cmp := loss.Cmp(big.NewFloat(0.5)); {
		case cmp > 0, cmp == 0 && k%2 == 0: // k+1 is odd: the tie goes down
			return k
		}
		k++
	}
}

// densities multiplies densities, which may be larger than 1.
func (c underflowClaim) densities(o Options, r *Result) {
	const sigma = 0.001
	src := random.New(o.Seed, 4)
	product, overflow, predicted := 1.0, 0, 0
	var logs tensor.Sum
	for n := 1; overflow == 0 && n < 10_000; n++ {
		z := src.Norm()
		density := math.Exp(-z*z/2) / (sigma * math.Sqrt(2*math.Pi))
		logs.Add(math.Log(density))
		if predicted == 0 && logs.Value() > math.Log(math.MaxFloat64) {
			predicted = n
		}
		if product = c.multiply(product, density); math.IsInf(product, 1) {
			overflow = n
		}
	}
	r.check("observations until a product of densities is +Inf, less what the sum of logs predicts", math.Abs(float64(overflow-predicted)), AtMost, 1, "")
	r.check("observations until a product of densities is +Inf", float64(overflow), Above, 0, "")
	r.text("Densities are not probabilities and may exceed 1. For measurements with a standard deviation of %s the product is +∞ after %s observations, where the sum of logarithms passes %s.",
		num(sigma), count(overflow), num(math.Log(math.MaxFloat64)))
}

// logarithms adds up what cannot be multiplied.
func (c underflowClaim) logarithms(o Options, r *Result) error {
	n := o.pick(100_000, 10_000_000)
	var worst float64
	for _, p := range []float64{0.1, 0.5, 0.9, 0.999} {
		var sum tensor.Sum
		for range n {
			sum.Add(infotheory.Surprisal(p))
		}
		exact, _ := zero().Mul(exactSurprisal(p), exactly64(float64(n))).Float64()
		worst = max(worst, math.Abs(sum.Value()-exact)/exact)
	}
	r.check("relative error of "+count(n)+" logarithms added up, against 50 digits", worst, AtMost, 1e-15, "")

	people, err := titanic()
	if err != nil {
		return err
	}
	share := people.survived() / people.total()
	product, vanished := 1.0, 0
	order, total := 0, 0.0
	for _, g := range people.groups {
		for i := range int(g.survived + g.died) {
			p := 1 - share
			if i < int(g.survived) {
				p = share
			}
			order++
			total += infotheory.Surprisal(p)
			if product = c.multiply(product, p); product == 0 && vanished == 0 {
				vanished = order
			}
		}
	}
	r.number("surprisal of who survived the Titanic, for one probability for all", total, "nats")
	r.check("persons on the Titanic until the product is 0, of "+count(order), float64(vanished), Above, 0, "")
	r.text("Take the %s people on the Titanic and the simplest of models: everybody survives with the same probability %s. The likelihood of what happened is 0 in float64 after %s of them. "+
		"The logarithm turns the product into a sum, and the sum is an ordinary number, −%s: the *log-likelihood*,", count(order), num(share), count(vanished), num(total))
	r.formula(`ℓ(θ) = \log L(θ) = \sum_{i=1}^{m} \log p(y_{i}; θ)`)
	return nil
}

// exactSurprisal returns log(1/p) = log(1 + (1−p)/p), with 50 digits.
func exactSurprisal(p float64) *big.Float {
	odds := zero().Sub(exactly64(1), exactly64(p))
	return exactLog1p(odds.Quo(odds, exactly64(p)))
}

// maxima compares where likelihood and log-likelihood are largest.
func (c underflowClaim) maxima(r *Result) {
	const grid = 1000
	largest := func(n, heads int, of func(p float64) float64) (at float64, distinct int) {
		best := math.Inf(-1)
		for i := 1; i < grid; i++ {
			p := float64(i) / grid
			switch v := of(p); {
			case v > best:
				best, at, distinct = v, p, 1
			case v == best:
				distinct++
			}
		}
		return at, distinct
	}
	likelihood := func(n, heads int) func(p float64) float64 {
		return func(p float64) float64 {
			product := 1.0
			for i := range n {
				if i < heads {
					product = c.multiply(product, p)
				} else {
					product = c.multiply(product, 1-p)
				}
			}
			return product
		}
	}
	logLikelihood := func(n, heads int) func(p float64) float64 {
		return func(p float64) float64 {
			return -float64(n) * infotheory.CrossEntropyBernoulli(float64(heads)/float64(n), p)
		}
	}
	short, _ := largest(50, 31, likelihood(50, 31))
	shortLog, _ := largest(50, 31, logLikelihood(50, 31))
	r.check("where the likelihood of 31 heads of 50 is largest, less where its logarithm is", short-shortLog, Exactly, 0, "")
	long, ties := largest(5000, 3100, likelihood(5000, 3100))
	longLog, _ := largest(5000, 3100, logLikelihood(5000, 3100))
	r.check("where the log-likelihood of 3100 heads of 5000 is largest", longLog, Exactly, 0.62, "")
	r.check("places of the grid where the likelihood of 3100 heads of 5000 is equally large", float64(ties), Exactly, grid-1, "")
	r.text("The logarithm grows with its argument, so nothing moves: for 31 heads of 50 both are largest at %s. For 3100 heads of 5000 the log-likelihood still is, at %s; "+
		"the likelihood has its maximum, 0, at all %s places of the grid, the first being %s.", num(shortLog), num(longLog), count(ties), num(long))
}
