package experiments

import (
	"context"
	"fmt"
	"math"
	"math/big"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/trainer"
)

func hiddenExperiment() Experiment {
	return Experiment{
		Name:  "hidden",
		Title: "With hidden layers it is still a likelihood",
		Claim: "The cross-entropy of a network with hidden layers is the negative log-likelihood of a categorical model; such a network is better than a linear one where the boundary is curved, " +
			"and the best on the training examples is not the best on new ones.",
		Source: "Goodfellow, Bengio & Courville, sections 5.2, 5.5 and 6.2; Nielsen, chapter 3.",
		Method: "Multiply the probabilities that a trained network gives to the labels, with many digits, and compare with its loss; compare held-out log-likelihoods of a linear model and an MLP row by row, for two classes and ten, on several training sets; train a large network on few examples and watch both losses.",
		Tolerance: "The product of probabilities is exact but for the probabilities themselves: 1e-12. Held-out differences have to exceed 4 standard errors of the mean over the rows. " +
			"The linear model of ten classes has an L2 penalty, the best of three for the very rows that it is compared on. Overfitting has to cost 0.05 nats per row, a tenth of what a coin costs.",
		Run: hiddenClaim{layers: []int{16}, wide: []int{64}}.run,
	}
}

// hiddenClaim is what the claim is about: the hidden layers that make the
// difference, for two classes and for ten.
type hiddenClaim struct {
	layers, wide []int
}

const moonNoise = 0.25

func (c hiddenClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	train := datasets.TwoMoons(400, moonNoise, o.Seed)
	explainLayers(o, train, &r)
	r.text("Nothing changes in the loss. Whatever the network computes in between, it ends with a probability for each class, and the loss is minus the logarithm of the probability of what happened.")
	held := datasets.TwoMoons(o.pick(2000, 20_000), moonNoise, o.Seed+1)
	linear, mlp, err := c.fit(ctx, o, train)
	if err != nil {
		return r, err
	}
	o.progress(0.1)
	if err := isLikelihood(mlp, train, &r); err != nil {
		return r, err
	}
	if err := c.compare(ctx, o, linear, mlp, train, held, &r); err != nil {
		return r, err
	}
	o.progress(0.5)
	if err := c.classes(ctx, o, &r); err != nil {
		return r, err
	}
	o.progress(0.8)
	return r, c.overfit(ctx, o, &r)
}

// trainMLP trains a network with hidden layers of tanh.
func trainMLP(ctx context.Context, train, held *datasets.Dataset, layers []int, cfg trainer.Config) (*trainer.Classifier, []trainer.Epoch, error) {
	c, err := trainer.NewClassifier(train.Schema, datasets.MeasureScaling(train.X, nil), layers, activation.Tanh{}, random.New(cfg.Seed, 7))
	if err != nil {
		return nil, nil, err
	}
	t, err := trainer.New(c, train, held, cfg)
	if err != nil {
		return nil, nil, err
	}
	result, err := t.Run(ctx)
	if err == nil {
		err = ctx.Err()
	}
	return c, result.History, err
}

// isLikelihood compares the loss with the product of the probabilities.
func isLikelihood(c *trainer.Classifier, d *datasets.Dataset, r *Result) error {
	loss, _, err := c.Objective(d, trainer.Loss{})
	if err != nil {
		return err
	}
	product := big.NewFloat(1).SetPrec(200)
	for i, p := range c.PredictRows(d.X) {
		product.Mul(product, big.NewFloat(p.Probabilities[d.Labels[i]]))
	}
	mantissa := new(big.Float)
	exponent := product.MantExp(mantissa)
	m, _ := mantissa.Float64()
	logLikelihood := math.Log(m) + float64(exponent)*math.Ln2
	r.check("summed cross-entropy of the MLP against −log of the product of the probabilities, "+count(len(c.Classes()))+" classes, relative", apart(loss, -logLikelihood), AtMost, 1e-12, "")
	r.text("The probability that the trained network gives to all %s training labels together is $2^{%s}$, give or take a factor of 2; minus its logarithm is %s nats, and so is the loss added up: relative to their size they differ by %s.",
		count(d.Len()), count(exponent), num(-logLikelihood), num(apart(loss, -logLikelihood)))
	return nil
}

// compare sets linear models beside MLPs on held-out rows, for several training
// sets, and draws the boundaries of the first.
func (c hiddenClaim) compare(ctx context.Context, o Options, linear, mlp *trainer.Classifier, train, held *datasets.Dataset, r *Result) error {
	table := &Table{Title: "Surprisal of the labels, bits per row", Columns: []string{"training set", "model", "training rows", "new rows", "MLP better by", "standard error of that"}}
	sets := o.pick(3, 10)
	worst := math.Inf(1)
	for k := range sets {
		fresh, l, m := train, linear, mlp
		if k > 0 {
			var err error
			fresh = datasets.TwoMoons(train.Len(), moonNoise, o.Seed+uint64(100+k))
			if l, m, err = c.fit(ctx, o, fresh); err != nil {
				return err
			}
		}
		onHeld, unseen := rowLosses(l, held), rowLosses(m, held)
		better := make([]float64, held.Len())
		for i := range better {
			better[i] = onHeld[i] - unseen[i]
		}
		gain, se := moments(better)
		worst = min(worst, gain/se)
		byLinear, _ := moments(onHeld)
		for i, net := range []*trainer.Classifier{l, m} {
			seen, _ := moments(rowLosses(net, fresh))
			cells := []any{k + 1, "linear", infotheory.Bits(seen), infotheory.Bits(byLinear), "", ""}
			if i == 1 {
				cells = []any{k + 1, "MLP", infotheory.Bits(seen), infotheory.Bits(byLinear - gain), infotheory.Bits(gain), infotheory.Bits(se)}
			}
			table.Add(cells...)
		}
		if k == 0 {
			r.number("held-out surprisal, linear", infotheory.Bits(byLinear), "bits per row")
			r.number("held-out surprisal, MLP", infotheory.Bits(byLinear-gain), "bits per row")
		}
	}
	r.decide("how much better the MLP predicts new rows, worst of "+count(sets)+" training sets", worst, AtLeast, 4, "standard errors")
	r.text("Where the boundary between the classes is curved, as between these two moons, the linear model cannot follow it. That is no luck of one training set: here are %s of %s rows, and the surprisal of the same %s new rows.", count(sets), count(train.Len()), count(held.Len()))
	r.table(table)
	r.figure(boundary("hidden-linear", "A linear model on two moons", linear, train))
	r.figure(boundary("hidden-mlp", "A network with one hidden layer on two moons", mlp, train))
	return nil
}

// fit trains a linear model and an MLP on two moons.
func (c hiddenClaim) fit(ctx context.Context, o Options, train *datasets.Dataset) (linear, mlp *trainer.Classifier, err error) {
	if linear, err = trainLinear(ctx, train, trainer.Config{Epochs: 20_000}, nil); err != nil {
		return nil, nil, err
	}
	mlp, _, err = trainMLP(ctx, train, nil, c.layers, trainer.Config{Method: optim.Adam{LR: 0.02}, Epochs: 400, Seed: o.Seed})
	return linear, mlp, err
}

// boundary draws the probability of class 1 as colours, and the training rows.
func boundary(name, title string, c *trainer.Classifier, d *datasets.Dataset) *figure.Figure {
	const columns, rows = 90, 60
	g := &figure.Grid{X0: -1.9, X1: 2.9, Y0: -1.4, Y1: 1.8, Columns: columns, Min: 0, Max: 1, Meaning: "probability of class 1"}
	x := mat.NewDense(columns*rows, 2, nil)
	for i := range columns * rows {
		x.Set(i, 0, g.X0+(g.X1-g.X0)*(float64(i%columns)+0.5)/columns)
		x.Set(i, 1, g.Y0+(g.Y1-g.Y0)*(float64(i/columns)+0.5)/rows)
	}
	g.Values = sigmoids(fittedLogits(c, x))
	marks := []figure.Mark{{Kind: figure.Heat, Name: g.Meaning + ", 0 to 1", Grid: g}, half(g),
		{Kind: figure.Dots, Name: "class 0", Color: figure.Blue, Halo: true, Width: 4.2}, {Kind: figure.Dots, Name: "class 1", Color: figure.Vermillion, Halo: true, Width: 4.2}}
	for i, label := range d.Labels {
		m := &marks[2+label]
		m.X, m.Y = append(m.X, d.X.At(i, 0)), append(m.Y, d.X.At(i, 1))
	}
	return &figure.Figure{
		Name: name, Title: title, Square: true,
		Caption: "Colour: the probability of class 1; the line is where it is ½. Dots: the training rows.",
		X:       figure.Axis{Label: "x₁"}, Y: figure.Axis{Label: "x₂"}, Marks: marks,
	}
}

// half returns the line where a grid of probabilities is ½: in each cell between
// four of its places a straight piece through the sides where it is.
func half(g *figure.Grid) figure.Mark {
	m := figure.Mark{Kind: figure.Line, Name: "probability ½", Color: figure.Grey, Halo: true}
	rows := len(g.Values) / g.Columns
	width, height := (g.X1-g.X0)/float64(g.Columns), (g.Y1-g.Y0)/float64(rows)
	for j := range rows - 1 {
		for i := range g.Columns - 1 {
			before := len(m.X)
			corners := [5][2]int{{i, j}, {i + 1, j}, {i + 1, j + 1}, {i, j + 1}, {i, j}}
			for k := range 4 {
				a, b := corners[k], corners[k+1]
				p, q := g.Values[a[1]*g.Columns+a[0]]-0.5, g.Values[b[1]*g.Columns+b[0]]-0.5
				if (p < 0) == (q < 0) {
					continue
				}
				t := p / (p - q)
				m.X = append(m.X, g.X0+width*(float64(a[0])+0.5+t*float64(b[0]-a[0])))
				m.Y = append(m.Y, g.Y0+height*(float64(a[1])+0.5+t*float64(b[1]-a[1])))
			}
			if len(m.X) > before {
				m.X, m.Y = append(m.X, math.NaN()), append(m.Y, math.NaN())
			}
		}
	}
	return m
}

// overfit trains a large network on few rows.
func (c hiddenClaim) overfit(ctx context.Context, o Options, r *Result) error {
	train := datasets.TwoMoons(40, 0.4, o.Seed+2)
	held := datasets.TwoMoons(1000, 0.4, o.Seed+3)
	_, history, err := trainMLP(ctx, train, held, []int{32, 32}, trainer.Config{Method: optim.Adam{LR: 0.005}, Epochs: o.pick(500, 2000), Seed: o.Seed})
	if err != nil {
		return err
	}
	best := 0
	var epochs, seen, unseen figure.Values
	for i, e := range history {
		if *e.HeldLoss < *history[best].HeldLoss {
			best = i
		}
		if i%5 == 0 {
			epochs, seen, unseen = append(epochs, float64(e.Epoch)), append(seen, e.Loss), append(unseen, *e.HeldLoss)
		}
	}
	last := history[len(history)-1]
	r.check("what training beyond the best epoch costs on new rows", *last.HeldLoss-*history[best].HeldLoss, AtLeast, 0.05, "nats per row")
	r.check("what it gains on the training rows", history[best].Loss-last.Loss, Above, 0, "nats per row")
	r.number("best epoch on new rows, of "+fmt.Sprint(len(history)), float64(best+1), "")
	r.text("Maximum likelihood is about the training examples. A network that is large enough goes on to learn them by heart: here %d rows and two layers of 32. New rows are predicted best after epoch %d, at %s nats; after %d epochs the training loss is down to %s and the loss on new rows up to %s. "+
		"Hence early stopping, penalties, and a second set of data.", train.Len(), best+1, num(*history[best].HeldLoss), len(history), num(last.Loss), num(*last.HeldLoss))
	r.figure(&figure.Figure{
		Name: "hidden-overfit", Title: "Loss on the training rows and on new rows",
		Caption: "The best parameters for the training rows are not the best for new ones.",
		X:       figure.Axis{Label: "epochs"}, Y: figure.Axis{Label: "cross-entropy, nats per row"},
		Marks: []figure.Mark{
			{Kind: figure.Line, Name: "training rows", X: epochs, Y: seen},
			{Kind: figure.Line, Name: "new rows", Color: figure.Vermillion, X: epochs, Y: unseen},
			{Kind: figure.RuleX, Name: "best epoch", Color: figure.Grey, Dashed: true, X: figure.Values{float64(best + 1)}},
		},
	})
	return nil
}
