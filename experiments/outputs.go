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
	"github.com/surprisal-ml/surprisal/tensor"
)

func outputsExperiment() Experiment {
	return Experiment{
		Name:   "outputs",
		Title:  "Softmax for one of K, sigmoids for any of K",
		Claim:  "Classes of which exactly one applies need a softmax, labels of which any may apply need sigmoids: with the wrong one, probabilities do not add up to 1, or miss the frequencies of the labels.",
		Source: "Goodfellow, Bengio & Courville, sections 6.2.2.2 and 6.2.2.3; PyTorch's documentation of CrossEntropyLoss and BCEWithLogitsLoss.",
		Method: "Fit wine cultivars (one of three) with sigmoids, one against the rest, and attributes of digits (any of four) with a softmax; compare sums and frequencies with the right choice.",
		Tolerance: "With the right choice sums are 1 to 1e-14, by construction, and mean predictions equal frequencies to 1e-9, by the score equations. " +
			"The wrong choice is wrong if it is off by more than 0.1 for a sum and 0.05 for a frequency, which would be noticed.",
		Run: outputsClaim{ofK: 3}.run,
	}
}

// outputsClaim is what the claim is about: that more than two classes compete.
type outputsClaim struct {
	ofK int
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
	if _, err := minimiseWeakly(ctx, net, func(t *autograd.Tape, z autograd.Var) autograd.Var {
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
func minimiseWeakly(ctx context.Context, net *nn.MLP, loss func(t *autograd.Tape, z autograd.Var) autograd.Var, x *mat.Dense) (optimum, error) {
	ps := autograd.NewParams(net.Params()...)
	return minimise(ctx, ps, func(t *autograd.Tape) autograd.Var {
		sum := loss(t, net.Forward(t.Const(x)))
		for _, p := range ps.List() {
			sum = autograd.Add(sum, autograd.Scale(autograd.Sum(autograd.Square(t.Param(p))), 0.5e-2))
		}
		return sum
	})
}

// anyOfK fits labels with a softmax.
func (c outputsClaim) anyOfK(ctx context.Context, o Options, r *Result) error {
	train, _, err := digitAttributes(o.Seed)
	if err != nil {
		return err
	}
	n, features := train.x.Dims()
	k := len(attributes)
	// A softmax needs targets that add up to 1: the labels, in equal shares.
	shares := mat.NewDense(n, k, nil)
	for i := range n {
		if total := mat.Sum(train.y.RowView(i)); total > 0 {
			for j := range k {
				shares.Set(i, j, train.y.At(i, j)/total)
			}
		}
	}
	wrong := nn.NewMLP(features, nil, k, nil, nil)
	if _, err := minimiseWeakly(ctx, wrong, func(t *autograd.Tape, z autograd.Var) autograd.Var {
		return losses.CrossEntropy{Reduction: losses.Sum}.Probabilities(z, t.Const(shares))
	}, train.x); err != nil {
		return err
	}
	right := nn.NewMLP(features, nil, k, nil, nil)
	if _, err := minimise(ctx, autograd.NewParams(right.Params()...), func(t *autograd.Tape) autograd.Var {
		return losses.BCEWithLogits{Reduction: losses.Sum}.Loss(right.Forward(t.Const(train.x)), t.Const(train.y))
	}); err != nil {
		return err
	}
	t := autograd.NewTape(autograd.Eval)
	bySoftmax := columnMeans(autograd.Softmax(wrong.Forward(t.Const(train.x))).Value())
	bySigmoid := columnMeans(autograd.Sigmoid(right.Forward(t.Const(train.x))).Value())
	truth := columnMeans(train.y)
	r.check("sigmoids: largest distance of a mean prediction from the frequency of the label", farthest(bySigmoid, truth), AtMost, 1e-9, "")
	r.check("softmax: largest distance of a mean prediction from the frequency of the label", farthest(bySoftmax, truth), AtLeast, 0.05, "")
	table := &Table{Title: "Frequencies of the attributes of digits, and what the models predict on average", Columns: []string{"label", "frequency", "sigmoids", "softmax"}}
	var labels int
	var names []string
	marks := []figure.Mark{
		{Kind: figure.Bars, Name: "frequency", Color: figure.Grey, Width: 0.25},
		{Kind: figure.Bars, Name: "sigmoids", Color: figure.Blue, Width: 0.25},
		{Kind: figure.Bars, Name: "softmax", Color: figure.Vermillion, Width: 0.25},
	}
	for j, a := range attributes {
		table.Add(a.name, truth[j], bySigmoid[j], bySoftmax[j])
		names = append(names, a.name)
		for m, v := range []float64{truth[j], bySigmoid[j], bySoftmax[j]} {
			marks[m].X, marks[m].Y = append(marks[m].X, float64(j)+0.26*float64(m-1)), append(marks[m].Y, v)
		}
		labels += int(mat.Sum(train.y.ColView(j)))
	}
	r.text("Digits that are even, at least 5, have a loop or are prime have %s of these attributes on average. A softmax has exactly 1 to give away in each image, whatever it learns, and so it misses the frequencies; sigmoids meet them, since the loss is stationary only where mean prediction and mean label agree.",
		num(float64(labels)/float64(n)))
	r.table(table)
	r.figure(&figure.Figure{
		Name: "outputs-frequencies", Title: "How frequent the attributes of digits are, and are predicted to be",
		Caption: "A softmax has to share 1 among the labels; sigmoids are right on average, exactly.",
		X:       figure.Axis{Label: "attribute", Categories: names}, Y: figure.Axis{Label: "share of the images"}, Marks: marks,
	})
	return nil
}

// columnMeans returns the mean of each column.
func columnMeans(m *mat.Dense) []float64 {
	n, k := m.Dims()
	means := make([]float64, k)
	for j := range means {
		var sum tensor.Sum
		for i := range n {
			sum.Add(m.At(i, j))
		}
		means[j] = sum.Value() / float64(n)
	}
	return means
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
