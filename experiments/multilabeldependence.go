package experiments

import (
	"context"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/nn"
)

// ofCombination returns the probability of a combination of labels, given those
// of the combinations that occur.
func ofCombination(q []float64, occurring []int, combination int) float64 {
	return q[slices.Index(occurring, combination)]
}

// marginals returns the probability of each label, given those of the
// combinations that occur.
func marginals(q []float64, occurring []int) []float64 {
	p := make([]float64, len(attributes))
	for i, v := range occurring {
		for k := range p {
			if v>>k&1 == 1 {
				p[k] += q[i]
			}
		}
	}
	return p
}

// ofMarginals returns the probability that a combination would have if the
// labels were independent, each as probable as it is.
func ofMarginals(q []float64, occurring []int, combination int) float64 {
	return independent(marginals(q, occurring), combination)
}

// correlation asks what it is worth to know that labels depend on each other.
// A softmax over the combinations that occur differs from independent labels in
// two ways: it has a row of parameters for each combination, and it does not
// multiply. So it is compared with the product of its own marginals.
func (c multilabelClaim) correlation(ctx context.Context, train, held described, r *Result) error {
	seen, occurring := train.combinations()
	for i := range held.len() {
		if !slices.Contains(occurring, held.vector(i)) {
			return fmt.Errorf("a new image has a combination of labels that the others have not")
		}
	}
	_, features := train.x.Dims()
	k := len(attributes)
	byLabel := nn.NewMLP(features, nil, k, nil, nil)
	if err := minimiseWeakly(ctx, byLabel, func(t *autograd.Tape, z autograd.Var) autograd.Var {
		return losses.BCEWithLogits{Reduction: losses.Sum}.Loss(z, t.Const(train.y))
	}, train.x); err != nil {
		return fmt.Errorf("independent labels: %w", err)
	}
	byCombination := nn.NewMLP(features, nil, len(occurring), nil, nil)
	if err := minimiseWeakly(ctx, byCombination, func(t *autograd.Tape, z autograd.Var) autograd.Var {
		return losses.CrossEntropy{Reduction: losses.Sum}.Classes(z, seen)
	}, train.x); err != nil {
		return fmt.Errorf("softmax over combinations: %w", err)
	}
	t := autograd.NewTape(autograd.Eval)
	p := mat.DenseCopyOf(autograd.Sigmoid(byLabel.Forward(t.Const(held.x))).Value())
	q := mat.DenseCopyOf(autograd.Softmax(byCombination.Forward(t.Const(held.x))).Value())
	// Bits for the labels of each image, by three models.
	var bits [3][]float64
	dependence := make([]float64, held.len())
	for i := range dependence {
		v := held.vector(i)
		for m, probability := range []float64{independent(p.RawRowView(i), v), ofMarginals(q.RawRowView(i), occurring, v), c.together(q.RawRowView(i), occurring, v)} {
			bits[m] = append(bits[m], infotheory.Bits(infotheory.Surprisal(probability)))
		}
		dependence[i] = bits[1][i] - bits[2][i]
	}
	worth, se := moments(dependence)
	r.check("what the dependence of labels is worth on new images, within the softmax over combinations", worth/se, AtLeast, 4, "standard errors")
	table := &Table{Title: "Surprisal of the labels of a new image, bits", Columns: []string{"model", "parameters", "mean", "standard error", "less than the one before"}}
	names := []string{"independent labels", "combinations, marginals multiplied", "combinations"}
	var means, errs [3]float64
	for m, name := range names {
		means[m], errs[m] = moments(bits[m])
		parameters := k * (features + 1)
		if m > 0 {
			parameters = len(occurring) * (features + 1)
		}
		if m == 0 {
			table.Add(name, parameters, means[m], errs[m], "")
		} else {
			table.Add(name, parameters, means[m], errs[m], means[m-1]-means[m])
		}
		r.number("surprisal of the labels of a new image, "+name, means[m], "bits")
	}
	r.text("What the model cannot say is that labels go together beyond what the image tells. Only %d of the %d combinations occur: no digit with a loop is prime. A softmax over these combinations can say so, and on new images it needs %s bits for the labels of an image where independent labels need %s. "+
		"But that is not all due to dependence. Behind the %[1]d combinations hide the digits themselves (only 5 and 7, and 6 and 8, have the same), and the softmax has a row of parameters for each: it knows more of the digit, and so of each label. Both were fitted with the same weak Gaussian prior.", len(occurring), 1<<k, num(means[2]), num(means[0]))
	r.text("To tell the two apart, add up the softmax's probabilities of the combinations that have a label: the probability of that label. Multiply these as if the labels were independent, and the surprisal is %s bits. So %s bits are gained by what the softmax knows of each label, and %s ± %s (one standard error) by knowing that they depend on each other; only the latter is what independent labels cannot express.",
		num(means[1]), num(means[0]-means[1]), num(worth), num(se))
	r.formula(`\log P(y_{1} … y_{K} | x) − \sum_{k=1}^{K} \log P(y_{k} | x)`)
	r.table(table)
	marks := []figure.Mark{{Kind: figure.Bars, Width: 0.5}, {Kind: figure.Interval, Color: figure.Vermillion}}
	for m := range names {
		marks[0].X, marks[0].Y = append(marks[0].X, float64(m)), append(marks[0].Y, means[m])
	}
	marks[1].X, marks[1].Low, marks[1].High = figure.Values{2}, figure.Values{means[1] - worth - se}, figure.Values{means[1] - worth + se}
	r.figure(&figure.Figure{
		Name: "multilabel-models", Title: "Surprisal of all labels of a new image",
		Caption: "From the first bar to the second: what a row of parameters for each combination tells of each label. From the second to the third: that labels depend on each other; the interval is one standard error of that difference either way.",
		X:       figure.Axis{Label: "model", Categories: []string{"independent labels", "marginals multiplied", "combinations"}}, Y: figure.Axis{Label: "bits per image"},
		Marks: marks,
	})
	return nil
}

// combinations returns the combination of labels of each row as a number among
// those that occur.
func (d described) combinations() (classes, occurring []int) {
	for i := range d.len() {
		if v := d.vector(i); !slices.Contains(occurring, v) {
			occurring = append(occurring, v)
		}
	}
	slices.Sort(occurring)
	classes = make([]int, d.len())
	for i := range classes {
		classes[i] = slices.Index(occurring, d.vector(i))
	}
	return classes, occurring
}
