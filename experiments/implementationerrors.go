package experiments

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/tensor"
)

// way is an implementation with its errors, and how they are drawn.
type way struct {
	name  string
	of    implementation
	fused bool
	color figure.Color
	size  float64 // of dots; 0: not drawn, since they would lie on others
	measured
}

// measured are the errors of an implementation.
type measured struct {
	value, slope, safe, overBound float64
	// For 30 ≤ |z| ≤ 36: the largest error in units of (u/2)(1+exp|z|)/loss, and
	// in ULP.
	ofBound, lost float64
	infinite      int
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
			relative, size := apart(got, near), math.Abs(z[i])
			if size <= 5 {
				m.safe = max(m.safe, relative)
			}
			if size <= 36 {
				share := relative / (0x1p-53 * (1 + math.Exp(size)) / near)
				m.overBound = max(m.overBound, share)
				if size >= 30 {
					m.ofBound, m.lost = max(m.ofBound, share), max(m.lost, error)
				}
			}
			if target == 0 && len(m.at) < 2400 {
				m.at, m.ulps, m.slopes = append(m.at, z[i]), append(m.ulps, error), append(m.slopes, slope)
			}
		}
	}
	return m
}

// drawErrors draws the errors by logit: where probabilities come close to 0 and 1,
// and over the whole range.
func drawErrors(ways []way, r *Result) {
	bound := figure.Curve("(u/2)(1+exp|z|)/loss", figure.Grey, -22, 60, 164, func(z float64) float64 {
		// In ULP, which are between u/2 and u of the loss.
		return (1 + math.Exp(math.Abs(z))) / tensor.Softplus(z)
	})
	bound.Dashed = true
	value := func(m *measured) figure.Values { return m.ulps }
	slope := func(m *measured) figure.Values { return m.slopes }
	for _, f := range []struct {
		name, title, caption string
		limit                float64
		errors               func(*measured) figure.Values
		before               []figure.Mark
	}{
		{"implementations-error", "Error of the loss for target 0, by logit",
			"What goes through a probability loses all its digits as the probability approaches 1, and nearly all where the loss is small; fused losses keep theirs: D is drawn inside B. Below one unit in the last place nothing can be gained; errors below 0.02 are drawn there.",
			60, value, []figure.Mark{bound}},
		{"implementations-range", "Error of the loss for target 0, over the whole range",
			"A is wrong in its first digit wherever its logarithm is cut off. The logarithm of a softmax is infinite beyond logit 745, where the probability is 0 in float64. Where the loss is below 10⁻³⁰⁸, for logits under −708, it has fewer digits, and all agree again when it is 0.",
			1000, value, nil},
		{"implementations-gradient", "Error of the gradient for target 0, by logit",
			"The gradient is the probability itself, and A's way to it, through a division by p(1 − p), loses its digits and beyond about ±28, where the division is cut off, all of them. D is drawn inside B.",
			60, slope, nil},
		{"implementations-gradient-range", "Error of the gradient for target 0, over the whole range",
			"Beyond about ±28, where a division by p(1 − p) is cut off, the gradient of A is wrong in its first digit, until it is 0; that of the logarithm of a softmax is no number beyond ±709.",
			1000, slope, nil},
	} {
		r.figure(&figure.Figure{
			Name: f.name, Title: f.title, Caption: f.caption,
			X:     figure.Axis{Label: "logit z", Min: -f.limit, Max: f.limit},
			Y:     figure.Axis{Label: "error, ULP", Log: true, Min: 0.01, Max: 1e18},
			Marks: append(f.before, errorMarks(ways, f.limit, f.errors)...),
		})
	}
}

// errorMarks returns dots for the errors, and at the upper edge for infinite ones.
func errorMarks(ways []way, within float64, errors func(*measured) figure.Values) []figure.Mark {
	var marks []figure.Mark
	for i := range ways {
		w := &ways[i]
		if w.size == 0 {
			continue
		}
		dots := figure.Mark{Kind: figure.Dots, Name: w.name, Color: w.color, Width: w.size}
		infinite := dots
		infinite.Name += ": infinite or no number, at the edge"
		for k, z := range w.at {
			switch e := errors(&w.measured)[k]; {
			case math.Abs(z) > within:
			case math.IsInf(e, 1):
				infinite.X, infinite.Y = append(infinite.X, z), append(infinite.Y, 2e17)
			default:
				dots.X, dots.Y = append(dots.X, z), append(dots.Y, max(e, 0.02))
			}
		}
		marks = append(marks, dots)
		if infinite.X != nil {
			infinite.Color, infinite.Width = figure.Orange, 7
			marks = append(marks, infinite)
		}
	}
	return marks
}

// clamp finds where A jumps, and draws it.
func (c implementationsClaim) clamp(r *Result) {
	const from, to, per = 30.0, 45.0, 1024
	var z figure.Values
	for x := from; x <= to; x += 1. / per {
		z = append(z, x)
	}
	losses := func(of implementation) figure.Values {
		t := autograd.NewTape(autograd.Eval)
		v := of(t, t.Const(mat.NewDense(len(z), 1, append([]float64(nil), z...))), mat.NewDense(len(z), 1, nil)).Value()
		return append(figure.Values(nil), v.RawMatrix().Data...)
	}
	a, b := losses(c.throughSigmoid), losses(c.binary)
	jump := 0
	for jump < len(z) && a[jump] < 50 {
		jump++
	}
	if jump == 0 || jump == len(z) {
		r.check("logits between 30 and 45 at which A jumps", 0, Exactly, 1, "")
		return
	}
	before, after := a[jump-1], a[jump]
	// An accurate sigmoid rounds to 1 from 1−2⁻⁵⁴ on; 1/(1+e⁻ᶻ) as soon as 1+e⁻ᶻ
	// rounds to 1, which it does from 2⁻⁵³ on.
	naive := 36.0
	for 1/(1+math.Exp(-naive)) < 1 {
		naive += 1. / per
	}
	r.check("where A jumps for target 0, less 54·log 2", math.Abs(z[jump]-54*math.Ln2), AtMost, 1./512, "")
	r.check("where it would with 1/(1+exp(−z)) as its sigmoid, less 53·log 2", math.Abs(naive-53*math.Ln2), AtMost, 1./512, "")
	r.check("what A says from there on", after, Exactly, 100, "nats")
	r.number("what A says before it jumps, at logit "+num(z[jump-1]), before, "nats")
	r.text("A also *jumps*. At the logit %s the sigmoid rounds to 1, $1 − p$ is 0, and its logarithm $−∞$, which PyTorch and this library replace by −%s: the loss for target 0 goes from %s to %s, where it should be %s. "+
		"(That is for a sigmoid with all its digits. One computed as $1/(1 + e^{−z})$ rounds to 1 from %s on.) The gradient there is lost as well: a network that is sure and wrong no longer learns.", num(z[jump]), num(after), num(before), num(after), num(z[jump]), num(naive))
	truth := figure.Curve("truth, with 50 digits", figure.Grey, from, to, 60, func(x float64) float64 {
		v, _ := trueLoss(x, 0).loss.Float64()
		return v
	})
	truth.Dashed = true
	r.figure(&figure.Figure{
		Name: "implementations-jump", Title: "The loss for target 0, where A jumps",
		Caption: "Before it jumps A climbs in stairs: 1 − p has only a few values left, the last of them 2⁻⁵³. B lies on the truth.",
		X:       figure.Axis{Label: "logit z", Min: from, Max: to}, Y: figure.Axis{Label: "loss, nats", Min: 20, Max: 110},
		Marks: []figure.Mark{
			{Kind: figure.Line, Name: "B: BCE with logits", Color: figure.Sky, X: z, Y: b},
			truth,
			{Kind: figure.Line, Name: "A: BCE of a sigmoid", Color: figure.Vermillion, X: z, Y: a},
		},
	})
}
