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
	"github.com/surprisal-ml/surprisal/tensor"
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
			"the relative error may be 4 times (u/2)(1+exp|z|)/loss, while 1−p is not yet 0.",
		Run: implementationsClaim{fusedBinary, fusedSoftmax}.run,
	}
}

// implementationsClaim is what the claim is about: losses of a logit z with the
// target 0 or 1, in a column each.
type implementationsClaim struct {
	binary, softmax implementation
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
	z := c.logits(o)
	ways := []struct {
		name  string
		of    implementation
		fused bool
	}{
		{"A: BCE of a sigmoid", unfusedBinary, false},
		{"B: BCE with logits", c.binary, true},
		{"C: NLL of log-softmax", nllOfLogSoftmax, true},
		{"C: NLL of log of softmax", unfusedSoftmax, false},
		{"D: cross-entropy on logits", c.softmax, true},
		{"log(1+exp(−yz))", softMargin, true},
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
	chart := &figure.Figure{
		Name: "implementations-error", Title: "Error of the loss for target 0, by logit",
		Caption: "What goes through a probability loses all its digits as the probability approaches 1, and nearly all where the loss is small; fused losses keep theirs. Below one unit in the last place nothing can be gained.",
		X:       figure.Axis{Label: "logit z", Min: -60, Max: 60}, Y: figure.Axis{Label: "error, ULP", Log: true, Min: 0.01, Max: 1e18},
		Marks: []figure.Mark{figure.Curve("(u/2)(1+exp|z|)/loss", figure.Grey, -22, 60, 164, func(z float64) float64 {
			// In ULP, which are between u/2 and u of the loss.
			return (1 + math.Exp(math.Abs(z))) / tensor.Softplus(z)
		})},
	}
	chart.Marks[0].Dashed = true
	slopes := &figure.Figure{
		Name: "implementations-gradient", Title: "Error of the gradient for target 0, by logit",
		Caption: "The gradient is the probability itself. Where A's logarithm is cut off it is lost.",
		X:       chart.X, Y: chart.Y,
	}
	var fused, fusedSlope, safe, overBound float64
	for w, way := range ways {
		e := measure(way.of, z, truths)
		table.Add(way.name, e.value, e.slope, e.safe, e.infinite)
		safe = max(safe, e.safe)
		if way.fused {
			fused, fusedSlope = max(fused, e.value), max(fusedSlope, e.slope)
		} else {
			overBound = max(overBound, e.overBound)
		}
		if w != 2 && w != 5 { // they would lie on B and D
			c := figure.Color(len(slopes.Marks))
			chart.Marks = append(chart.Marks, figure.Mark{Kind: figure.Dots, Name: way.name, Color: c, X: e.at, Y: e.ulps})
			slopes.Marks = append(slopes.Marks, figure.Mark{Kind: figure.Dots, Name: way.name, Color: c, X: e.at, Y: e.slopes})
		}
	}
	r.check("largest relative difference of any implementation from the truth, for |z| ≤ 5", safe, AtMost, 1e-13, "")
	r.decide("largest error of a fused value", fused, AtMost, 4, "ULP")
	r.check("largest error of a fused gradient", fusedSlope, AtMost, 4, "ULP")
	r.check("unfused: largest relative error in units of (u/2)(1+exp|z|)/loss, for |z| ≤ 36", overBound, AtMost, 4, "")
	r.table(table)
	r.figure(chart)
	r.figure(slopes)
	c.clamp(&r)
	return r, nil
}

// measured are the errors of an implementation.
type measured struct {
	value, slope, safe, overBound float64
	infinite                      int
	// For target 0, at some logits: errors of value and gradient in ULP.
	at, ulps, slopes figure.Values
}

func measure(of implementation, z []float64, truths [2][]truth) measured {
	var m measured
	for target := range 2 {
		y := mat.NewDense(len(z), 1, nil)
		for i := range z {
			y.Set(i, 0, float64(target))
		}
		t := autograd.NewTape(autograd.Train)
		v := t.Variable(mat.NewDense(len(z), 1, z))
		loss := of(t, v, y)
		t.Backward(autograd.Sum(loss))
		for i := range z {
			exact := truths[target][i]
			near, _ := exact.loss.Float64()
			got := loss.Value().At(i, 0)
			if math.IsInf(got, 0) {
				m.infinite++
			}
			error := ulps(got, exact.loss)
			m.value = max(m.value, error)
			slope := ulps(v.Grad().At(i, 0), exact.slope)
			m.slope = max(m.slope, slope)
			relative := apart(got, near)
			if math.Abs(z[i]) <= 5 {
				m.safe = max(m.safe, relative)
			}
			if math.Abs(z[i]) <= 36 {
				m.overBound = max(m.overBound, relative/(0x1p-53*(1+math.Exp(math.Abs(z[i])))/near))
			}
			if target == 0 && math.Abs(z[i]) <= 60 && len(m.at) < 800 {
				m.at, m.ulps = append(m.at, z[i]), append(m.ulps, min(max(error, 0.02), 1e17))
				m.slopes = append(m.slopes, min(max(slope, 0.02), 1e17))
			}
		}
	}
	return m
}

// clamp finds where A jumps.
func (c implementationsClaim) clamp(r *Result) {
	var z []float64
	for x := 36.0; x < 38; x += 1. / 1024 {
		z = append(z, x)
	}
	t := autograd.NewTape(autograd.Eval)
	loss := unfusedBinary(t, t.Const(mat.NewDense(len(z), 1, z)), mat.NewDense(len(z), 1, nil)).Value()
	jump := 0
	for jump < len(z) && loss.At(jump, 0) < 50 {
		jump++
	}
	if jump == 0 || jump == len(z) {
		r.check("logits between 36 and 38 at which A jumps", 0, Exactly, 1, "")
		return
	}
	before, after := loss.At(jump-1, 0), loss.At(jump, 0)
	// An accurate sigmoid rounds to 1 from 1−2⁻⁵⁴ on; 1/(1+e⁻ᶻ) as soon as 1+e⁻ᶻ
	// rounds to 1, which it does from 2⁻⁵³ on.
	naive := 36.0
	for 1/(1+math.Exp(-naive)) < 1 {
		naive += 1. / 1024
	}
	r.check("where A jumps for target 0, less 54·log 2", math.Abs(z[jump]-54*math.Ln2), AtMost, 1./512, "")
	r.check("where it would with 1/(1+exp(−z)) as its sigmoid, less 53·log 2", math.Abs(naive-53*math.Ln2), AtMost, 1./512, "")
	r.check("what A says from there on", after, Exactly, 100, "nats")
	r.number("what A says before it jumps, at logit "+num(z[jump-1]), before, "nats")
	r.text("A also *jumps*. At the logit %s the sigmoid rounds to 1, $1 − p$ is 0, and its logarithm $−∞$, which PyTorch and this library replace by −100: the loss for target 0 goes from %s to %s, where it should be %s. "+
		"(That is for a sigmoid with all its digits. One computed as $1/(1 + e^{−z})$ rounds to 1 from %s on.) The gradient there is lost as well: a network that is sure and wrong no longer learns.", num(z[jump]), num(before), num(after), num(z[jump]), num(naive))
}
