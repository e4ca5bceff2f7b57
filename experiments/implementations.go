package experiments

import (
	"context"
	"math"
	"math/big"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/random"
)

func implementationsExperiment() Experiment {
	return Experiment{
		Name:  "implementations",
		Title: "Four implementations of one loss, and where they part",
		Claim: "Binary cross-entropy on probabilities (A) and on logits (B), negative log-likelihood on log-probabilities (C), cross-entropy on logits (D) and log(1+exp(−yz)) for y = ±1 are the same loss; " +
			"on a computer those that are fused with the sigmoid or softmax keep their digits for every logit, and those that go through a probability do not.",
		Source: "PyTorch's documentation of BCELoss, BCEWithLogitsLoss, NLLLoss and CrossEntropyLoss; the claim that fused losses are more stable.",
		Method: "Compute values and gradients for logits between −1000 and 1000, and the truth with 50 digits by math/big; count the error in units in the last place (ULP).",
		Tolerance: "4 ULP for what is fused: an exponential, a logarithm and their sum. What goes through a probability p rounds it to u/2 = 2⁻⁵³, which a logarithm of 1−p magnifies by 1+exp|z|: " +
			"the relative error may be 4 times (u/2)(1+exp|z|)/loss, while 1−p is not yet 0. It has to be as bad as that, too: A reaches a hundredth of that size somewhere for 30 ≤ |z| ≤ 36, where rounding errors are anywhere between none and all of it, " +
			"and both ways through a probability lose a million ULP somewhere there, where some 10¹² are to be expected.",
		Run: implementationsClaim{fusedBinary, fusedSoftmax, unfusedBinary, unfusedSoftmax}.run,
	}
}

// implementationsClaim is what the claim is about: losses of a logit z with the
// target 0 or 1, in a column each; of one logit and of two classes, fused and
// through a probability.
type implementationsClaim struct {
	binary, softmax                implementation
	throughSigmoid, throughSoftmax implementation
}

// implementation records losses of logits, n×1, with targets, n×1.
type implementation func(t *autograd.Tape, z autograd.Var, y *mat.Dense) autograd.Var

func fusedBinary(t *autograd.Tape, z autograd.Var, y *mat.Dense) autograd.Var {
	return losses.BCEWithLogits{Reduction: losses.None}.Loss(z, t.Const(y))
}

func unfusedBinary(t *autograd.Tape, z autograd.Var, y *mat.Dense) autograd.Var {
	return losses.BCE{Reduction: losses.None}.Loss(autograd.Sigmoid(z), t.Const(y))
}

func fusedSoftmax(t *autograd.Tape, z autograd.Var, y *mat.Dense) autograd.Var {
	return losses.CrossEntropy{Reduction: losses.None}.Classes(beside0(t, z), asClasses(y))
}

func unfusedSoftmax(t *autograd.Tape, z autograd.Var, y *mat.Dense) autograd.Var {
	return losses.NLL{Reduction: losses.None}.Classes(autograd.Log(autograd.Softmax(beside0(t, z))), asClasses(y))
}

func nllOfLogSoftmax(t *autograd.Tape, z autograd.Var, y *mat.Dense) autograd.Var {
	return losses.NLL{Reduction: losses.None}.Classes(autograd.LogSoftmax(beside0(t, z)), asClasses(y))
}

func softMargin(t *autograd.Tape, z autograd.Var, y *mat.Dense) autograd.Var {
	signs := mat.DenseCopyOf(y)
	signs.Apply(func(_, _ int, v float64) float64 { return 2*v - 1 }, signs)
	return losses.SoftMargin{Reduction: losses.None}.Loss(z, t.Const(signs))
}

// beside0 returns the logits (0, z) of two classes.
func beside0(t *autograd.Tape, z autograd.Var) autograd.Var {
	return autograd.MatMul(z, t.Const(mat.NewDense(1, 2, []float64{0, 1})))
}

func asClasses(y *mat.Dense) []int {
	n, _ := y.Dims()
	classes := make([]int, n)
	for i := range classes {
		classes[i] = int(y.At(i, 0))
	}
	return classes
}

// logits are those to try: the whole range, and more of them where
// probabilities come close to 0 and 1.
func (implementationsClaim) logits(o Options) []float64 {
	src := random.New(o.Seed, 8)
	n := o.pick(300, 4000)
	var z []float64
	for range n {
		z = append(z, 1000*(2*src.Float64()-1), 60*(2*src.Float64()-1), 5*(2*src.Float64()-1))
	}
	return append(z, -1000, -745.5, -710, -100, -40, -36.75, -1e-10, 0, 1e-300, 1e-10, 36.75, 40, 100, 710, 745.5, 1000)
}

// truth is the loss of a logit and its derivative.
type truth struct{ loss, slope *big.Float }

func trueLoss(z, y float64) truth {
	if y == 1 {
		z = -z // log(1+e^−z), with the derivative −σ(−z)
	}
	e := exactExp(exactly64(z))
	slope := zero().Quo(e, zero().Add(e, exactly64(1)))
	if y == 1 {
		slope.Neg(slope)
	}
	if z > 0 { // log(1+eᶻ) = z + log(1+e⁻ᶻ)
		rest := exactLog1p(exactExp(exactly64(-z)))
		return truth{rest.Add(rest, exactly64(z)), slope}
	}
	return truth{exactLog1p(e), slope}
}

func (c implementationsClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	r.text("PyTorch has four losses that are all cross-entropy. For one logit $z$ and the target 1 each is $\\log (1 + e^{−z})$, by four ways: (A) from the probability $σ(z)$; (B) from the logit; (C) from log-probabilities; (D) from the logits of two classes, 0 and $z$. " +
		"A fifth, from the time of boosting, codes the target as $y = ±1$:")
	r.formula(`−\log σ(z) = \log (1 + e^{−z}),   \log (1 + e^{−yz})`)
	c.explain(&r)
	z := c.logits(o)
	ways := []way{
		{name: "A: BCE of a sigmoid", of: c.throughSigmoid, color: figure.Blue, size: 3.6},
		{name: "B: BCE with logits", of: c.binary, fused: true, color: figure.Sky, size: 6},
		{name: "C: NLL of log-softmax", of: nllOfLogSoftmax, fused: true},
		{name: "C: NLL of log of softmax", of: c.throughSoftmax, color: figure.Vermillion, size: 3.6},
		{name: "D: cross-entropy on logits", of: c.softmax, fused: true, color: figure.Purple, size: 2.2},
		{name: "log(1+exp(−yz))", of: softMargin, fused: true},
	}
	truths := [2][]truth{make([]truth, len(z)), make([]truth, len(z))}
	for i := range z {
		if i%100 == 0 {
			o.progress(0.9 * float64(i) / float64(len(z)))
			if ctx.Err() != nil {
				return r, ctx.Err()
			}
		}
		truths[0][i], truths[1][i] = trueLoss(z[i], 0), trueLoss(z[i], 1)
	}
	table := &Table{Title: "Largest errors over logits from −1000 to 1000, both targets", Columns: []string{"implementation", "value, ULP", "gradient, ULP", "value for |z| ≤ 5, relative", "infinite values"}}
	var fused, fusedSlope, safe, overBound float64
	lost := math.Inf(1)
	for i := range ways {
		w := &ways[i]
		w.measured = measure(w.of, z, truths)
		table.Add(w.name, w.value, w.slope, w.safe, w.infinite)
		safe = max(safe, w.safe)
		if w.fused {
			fused, fusedSlope = max(fused, w.value), max(fusedSlope, w.slope)
		} else {
			overBound, lost = max(overBound, w.overBound), min(lost, w.lost)
		}
	}
	r.check("largest relative difference of any implementation from the truth, for |z| ≤ 5", safe, AtMost, 1e-13, "")
	r.decide("largest error of a fused value", fused, AtMost, 4, "ULP")
	r.check("largest error of a fused gradient", fusedSlope, AtMost, 4, "ULP")
	r.check("unfused: largest relative error in units of (u/2)(1+exp|z|)/loss, for |z| ≤ 36", overBound, AtMost, 4, "")
	r.check("A: the same for 30 ≤ |z| ≤ 36", ways[0].ofBound, AtLeast, 0.01, "")
	r.check("unfused: largest error for 30 ≤ |z| ≤ 36, of the better one", lost, AtLeast, 1e6, "ULP")
	r.table(table)
	drawErrors(ways, &r)
	c.clamp(&r)
	return r, nil
}

// explain says what is fused, and how.
func (c implementationsClaim) explain(r *Result) {
	r.text("The ways differ in what is written down in between. A computes a probability, rounds it to a float64, and takes its logarithm; so does C, if it takes the logarithm of a softmax. " +
		"The others are *fused*: sigmoid and logarithm, or softmax and logarithm, are one function of the logits, rearranged so that no exponential overflows and no probability is written down. For the target $y$, 0 or 1,")
	r.formula(`\mathrm{loss}(z, y) = \max (z, 0) − zy + \log (1 + e^{−|z|})`)
	r.text("where the exponent is never positive, and $\\log (1 + t)$ is a library function of its own (log1p) that keeps its digits for small $t$. For $K$ classes the same is the *log-sum-exp*: the largest logit, $M$, is taken out first, so that the largest term of the sum is 1:")
	r.formula(`\mathrm{loss}(z, k) = M + \log \sum_{j=1}^{K} e^{z_{j}−M} − z_{k}`)
	r.text("Errors are counted in *units in the last place* (ULP). A float64 has 53 binary digits, and the numbers of that form next to $x$ are between $u|x|/2$ and $u|x|$ away, with $u = 2^{−52}$, about %s. That is one ULP of $x$, and the best that rounding can do is half of one.", num(0x1p-52))
}
