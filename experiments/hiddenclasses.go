package experiments

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/trainer"
)

// rowLosses returns the surprisal of the label of every row.
func rowLosses(c *trainer.Classifier, d *datasets.Dataset) []float64 {
	z := fittedLogits(c, d.X)
	if len(c.Outputs()) > 1 {
		t := autograd.NewTape(autograd.Eval)
		rows := losses.CrossEntropy{Reduction: losses.None}.Classes(t.Const(z), d.Labels).Value()
		return append([]float64(nil), rows.RawMatrix().Data...)
	}
	rows := make([]float64, d.Len())
	for i, label := range d.Labels {
		rows[i] = surprisal(z.At(i, 0), label)
	}
	return rows
}

// classes compares models of ten classes, the written digits, by
// cross-validation: each image is new to one of five training sets.
func (c hiddenClaim) classes(ctx context.Context, o Options, r *Result) error {
	d, err := digitInk()
	if err != nil {
		return err
	}
	const sets = 5
	table := &Table{Title: "Surprisal of the labels of new images of digits, bits per image", Columns: []string{"training set", "images", "new images", "linear", "MLP", "MLP better by", "standard error of that"}}
	var better []float64
	least := math.Inf(1)
	r.text("With more than two classes the network has a softmax at its end, and the model is *categorical*: a probability for each class. The ten digits, described by the ink in %d rows and columns of the image, are an example; %d hidden units of tanh and the multinomial logistic regression are trained %d times, each time without another fifth of the images.", d.Schema.Width(), c.hiddenUnits(), sets)
	for k, new := range datasets.Folds(d.Labels, sets, o.Seed) {
		train, held := d.Rows(others(d.Len(), new)), d.Rows(new)
		linear, err := bestLinear(ctx, train, held)
		if err != nil {
			return err
		}
		mlp, _, err := trainMLP(ctx, train, nil, c.wide, trainer.Config{Method: optim.Adam{LR: 0.02}, Epochs: 100, Seed: o.Seed + uint64(k)})
		if err != nil {
			return err
		}
		if k == 0 {
			if err := isLikelihood(mlp, train, r); err != nil {
				return err
			}
		}
		byMLP := rowLosses(mlp, held)
		gains := make([]float64, held.Len())
		for i := range gains {
			gains[i] = linear[i] - byMLP[i]
		}
		gain, se := moments(gains)
		mean, _ := moments(linear)
		table.Add(k+1, train.Len(), held.Len(), infotheory.Bits(mean), infotheory.Bits(mean-gain), infotheory.Bits(gain), infotheory.Bits(se))
		better, least = append(better, gains...), min(least, gain)
	}
	gain, se := moments(better)
	r.check("ten classes: how much better the MLP predicts new images", gain/se, AtLeast, 4, "standard errors")
	r.check("ten classes: how much better it does so, worst of "+count(sets)+" training sets", least, Above, 0, "nats per image")
	r.text("On new images the MLP needs %s bits less for a label (standard error %s), and less in each of the %d rounds, although the linear model had its penalty chosen by the new images themselves.", num(infotheory.Bits(gain)), num(infotheory.Bits(se)), sets)
	r.table(table)
	return nil
}

// hiddenUnits returns the number of units of the hidden layers for ten classes.
func (c hiddenClaim) hiddenUnits() (n int) {
	for _, width := range c.wide {
		n += width
	}
	return n
}

// bestLinear returns the surprisal of the labels of held-out rows by the linear
// model with the L2 penalty that is best for them. Without a penalty it would
// be far worse: some classes are all but separated.
func bestLinear(ctx context.Context, train, held *datasets.Dataset) ([]float64, error) {
	scaled, x := *train, *held
	scaled.X, x.X = mat.DenseCopyOf(train.X), mat.DenseCopyOf(held.X)
	datasets.Standardize(scaled.X, nil).Apply(x.X)
	var best []float64
	least := math.Inf(1)
	for _, strength := range []float64{1, 3, 10} {
		fit, err := mle.Fit(ctx, &scaled, mle.Options{Penalty: mle.L2, C: strength})
		if err != nil {
			return nil, fmt.Errorf("linear model of %s: %w", train.Name, err)
		}
		model, err := fit.Classifier()
		if err != nil {
			return nil, err
		}
		rows := rowLosses(model, &x)
		if mean, _ := moments(rows); mean < least {
			best, least = rows, mean
		}
	}
	return best, nil
}

// others returns the numbers below n that are not among those left out.
func others(n int, left []int) []int {
	out := make([]bool, n)
	for _, i := range left {
		out[i] = true
	}
	var kept []int
	for i := range n {
		if !out[i] {
			kept = append(kept, i)
		}
	}
	return kept
}
