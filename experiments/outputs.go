package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/nn"
)

func outputsExperiment() Experiment {
	return Experiment{
		Name:   "outputs",
		Title:  "Softmax for one of K, sigmoids for any of K",
		Claim:  "Classes of which exactly one applies need a softmax, labels of which any may apply need sigmoids: with the wrong one, probabilities do not add up to 1, or miss the frequencies of the labels.",
		Source: "Goodfellow, Bengio & Courville, sections 6.2.2.2 and 6.2.2.3; PyTorch's documentation of CrossEntropyLoss and BCEWithLogitsLoss.",
		Method: "Fit wine cultivars (one of three) with sigmoids, one against the rest, and attributes of digits (any of four) with a softmax; compare sums and frequencies with the right choice, also after the softmax was given the right sum on average, and on new images with few and many attributes.",
		Tolerance: "With the right choice sums are 1 to 1e-14, by construction, and mean predictions equal frequencies to 1e-9, by the score equations. " +
			"The wrong choice is wrong if it is off by more than 0.1 for a sum and 0.05 for a frequency, which would be noticed. " +
			"That the softmax is wrong has to be the softmax's fault: it must have learned from the images, at least 0.1 nats of what the labels are uncertain by.",
		Run: outputsClaim{ofK: 3, fit: minimiseWeakly}.run,
	}
}

// outputsClaim is what the claim is about: that more than two classes compete,
// and that the softmaxes are fitted.
type outputsClaim struct {
	ofK int
	fit func(ctx context.Context, net *nn.MLP, loss func(t *autograd.Tape, z autograd.Var) autograd.Var, x *mat.Dense) error
}

func (c outputsClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	r.text("A softmax gives probabilities that add up to 1: exactly one class applies. Sigmoids give a probability each, without regard to the others: any of the labels may apply, or none. Which one is right is a question about the data, not about the network.")
	if err := c.oneOfK(ctx, &r); err != nil {
		return r, err
	}
	o.progress(0.4)
	return r, c.anyOfK(ctx, o, &r)
}

// oneOfK fits classes with sigmoids.
func (c outputsClaim) oneOfK(ctx context.Context, r *Result) error {
	d, err := load("wine", "alcohol", "malic_acid", "ash")
	if err != nil {
		return err
	}
	datasets.Standardize(d.X, nil)
	var rows []int
	for i, label := range d.Labels {
		if label < c.ofK {
			rows = append(rows, i)
		}
	}
	d = d.Rows(rows)
	n, features := d.X.Dims()
	sums := make([]float64, n)
	for class := range c.ofK {
		y := mat.NewDense(n, 1, nil)
		for i, label := range d.Labels {
			if label == class {
				y.Set(i, 0, 1)
			}
		}
		m := newLogistic(d.X, y, nil)
		if _, err := m.fit(ctx); err != nil {
			return fmt.Errorf("class %d against the rest: %w", class, err)
		}
		for i, p := range m.probabilities(d.X) {
			sums[i] += p
		}
	}
	net := nn.NewMLP(features, nil, c.ofK, nil, nil)
	if err := c.fit(ctx, net, func(t *autograd.Tape, z autograd.Var) autograd.Var {
		return losses.CrossEntropy{Reduction: losses.Sum}.Classes(z, d.Labels)
	}, d.X); err != nil {
		return err
	}
	t := autograd.NewTape(autograd.Eval)
	softmax := autograd.Softmax(net.Forward(t.Const(d.X))).Value()
	var right, wrong float64
	for i, s := range sums {
		right = max(right, math.Abs(mat.Sum(softmax.RowView(i))-1))
		wrong = max(wrong, math.Abs(s-1))
	}
	mean, _ := moments(sums)
	r.check("softmax: largest distance of a sum of probabilities from 1", right, AtMost, 1e-14, "")
	r.decide("sigmoids, one against the rest: largest distance of a sum from 1", wrong, AtLeast, 0.1, "")
	r.text("Three cultivars of wine, one of which each wine is. With a sigmoid for each, the probabilities of a wine add up to anything from %s to %s. On average over the wines the sum is %s, since each sigmoid by itself has the right mean; wine by wine it is not a distribution.",
		num(slices.Min(sums)), num(slices.Max(sums)), num(mean))
	r.figure(histogram("outputs-sums", "Sums of one-against-the-rest probabilities, wine by wine", sums))
	return nil
}

// minimiseWeakly minimises a loss of the logits with a weak Gaussian prior,
// since one row of a softmax is redundant.
func minimiseWeakly(ctx context.Context, net *nn.MLP, loss func(t *autograd.Tape, z autograd.Var) autograd.Var, x *mat.Dense) error {
	ps := autograd.NewParams(net.Params()...)
	_, err := minimise(ctx, ps, func(t *autograd.Tape) autograd.Var {
		sum := loss(t, net.Forward(t.Const(x)))
		for _, p := range ps.List() {
			sum = autograd.Add(sum, autograd.Scale(autograd.Sum(autograd.Square(t.Param(p))), 0.5e-2))
		}
		return sum
	})
	return err
}

// histogram counts numbers in 24 equal bins.
func histogram(name, title string, x []float64) *figure.Figure {
	const bins = 24
	low, high := min(0.9, slices.Min(x)), max(1.1, slices.Max(x))
	width := (high - low) / bins
	m := figure.Mark{Kind: figure.Bars, Width: 0.95 * width, X: make(figure.Values, bins), Y: make(figure.Values, bins)}
	for i := range bins {
		m.X[i] = low + (float64(i)+0.5)*width
	}
	for _, v := range x {
		m.Y[min(bins-1, int((v-low)/width))]++
	}
	return &figure.Figure{
		Name: name, Title: title, Caption: "Probabilities of classes of which one applies should add up to 1 (dashed).",
		X: figure.Axis{Label: "sum of the probabilities"}, Y: figure.Axis{Label: "rows"},
		Marks: []figure.Mark{m, {Kind: figure.RuleX, Name: "1", Color: figure.Vermillion, Dashed: true, X: figure.Values{1}}},
	}
}
