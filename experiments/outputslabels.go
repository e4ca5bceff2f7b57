package experiments

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/tensor"
)

// anyOfK fits labels, of which any may apply, with a softmax and with sigmoids.
func (c outputsClaim) anyOfK(ctx context.Context, o Options, r *Result) error {
	train, held, err := digitAttributes(o.Seed)
	if err != nil {
		return err
	}
	_, features := train.x.Dims()
	k := len(attributes)
	shares := train.shares()
	wrong := nn.NewMLP(features, nil, k, nil, nil)
	if err := c.fit(ctx, wrong, func(t *autograd.Tape, z autograd.Var) autograd.Var {
		return losses.CrossEntropy{Reduction: losses.Sum}.Probabilities(z, t.Const(shares))
	}, train.x); err != nil {
		return fmt.Errorf("softmax over labels: %w", err)
	}
	right := nn.NewMLP(features, nil, k, nil, nil)
	if _, err := minimise(ctx, autograd.NewParams(right.Params()...), func(t *autograd.Tape) autograd.Var {
		return losses.BCEWithLogits{Reduction: losses.Sum}.Loss(right.Forward(t.Const(train.x)), t.Const(train.y))
	}); err != nil {
		return fmt.Errorf("sigmoids: %w", err)
	}
	t := autograd.NewTape(autograd.Eval)
	softmax := mat.DenseCopyOf(autograd.Softmax(wrong.Forward(t.Const(train.x))).Value())
	sigmoid := mat.DenseCopyOf(autograd.Sigmoid(right.Forward(t.Const(train.x))).Value())
	r.check("what the softmax has learned from the images", learned(softmax, shares), AtLeast, 0.1, "nats per image")
	mean := frequenciesOf(train, softmax, sigmoid, r)

	t.Reset()
	softmax = mat.DenseCopyOf(autograd.Softmax(wrong.Forward(t.Const(held.x))).Value())
	sigmoid = mat.DenseCopyOf(autograd.Sigmoid(right.Forward(t.Const(held.x))).Value())
	byCount(held, softmax, sigmoid, mean, r)
	return nil
}

// shares returns targets that add up to 1, as a softmax needs them: the labels
// of an image in equal shares; nothing for an image without labels.
func (d described) shares() *mat.Dense {
	shares := mat.DenseCopyOf(d.y)
	for i := range d.len() {
		if total := mat.Sum(d.y.RowView(i)); total > 0 {
			row := shares.RawRowView(i)
			for j := range row {
				row[j] /= total
			}
		}
	}
	return shares
}

// learned returns how much better predictions fit the targets than the mean
// target does, per row.
func learned(predictions, targets *mat.Dense) float64 {
	n, k := targets.Dims()
	constant := columnMeans(targets)
	var all float64
	for _, v := range constant {
		all += v
	}
	var gain tensor.Sum
	for i := range n {
		for j := range k {
			if y := targets.At(i, j); y > 0 {
				gain.Add(y * (infotheory.Surprisal(constant[j]/all) - infotheory.Surprisal(predictions.At(i, j))))
			}
		}
	}
	return gain.Value() / float64(n)
}

// frequenciesOf compares mean predictions with frequencies, and returns the mean
// number of labels.
func frequenciesOf(train described, softmax, sigmoid *mat.Dense, r *Result) (mean float64) {
	bySoftmax, bySigmoid, truth := columnMeans(softmax), columnMeans(sigmoid), columnMeans(train.y)
	for _, v := range truth {
		mean += v
	}
	rescaled := make([]float64, len(truth))
	for j, v := range bySoftmax {
		rescaled[j] = mean * v
	}
	r.check("sigmoids: largest distance of a mean prediction from the frequency of the label", farthest(bySigmoid, truth), AtMost, 1e-9, "")
	r.check("softmax: largest distance of a mean prediction from the frequency of the label", farthest(bySoftmax, truth), AtLeast, 0.05, "")
	r.check("softmax times the mean number of labels: largest distance from the frequency of the label", farthest(rescaled, truth), AtLeast, 0.05, "")
	table := &Table{Title: "Frequencies of the attributes of digits, and what the models predict on average",
		Columns: []string{"label", "frequency", "sigmoids", "softmax", "softmax × " + num(mean)}}
	var names []string
	marks := []figure.Mark{
		{Kind: figure.Bars, Name: "frequency", Color: figure.Grey, Width: 0.19},
		{Kind: figure.Bars, Name: "sigmoids", Color: figure.Blue, Width: 0.19},
		{Kind: figure.Bars, Name: "softmax", Color: figure.Vermillion, Width: 0.19},
		{Kind: figure.Bars, Name: "softmax × " + num(mean), Color: figure.Orange, Width: 0.19},
	}
	for j, a := range attributes {
		table.Add(a.name, truth[j], bySigmoid[j], bySoftmax[j], rescaled[j])
		names = append(names, a.name)
		for m, v := range []float64{truth[j], bySigmoid[j], bySoftmax[j], rescaled[j]} {
			marks[m].X, marks[m].Y = append(marks[m].X, float64(j)+0.2*(float64(m)-1.5)), append(marks[m].Y, v)
		}
	}
	r.text("Digits that are even, at least 5, have a loop or are prime have %s of these attributes on average. A softmax has exactly 1 to give away in each image, whatever it learns, and so its sum is wrong by arithmetic. "+
		"Give it the right sum on average, times %[1]s, and single frequencies are still wrong by up to %s: to a softmax a label that comes with others counts less than one that comes alone. Sigmoids meet the frequencies, since their loss is stationary only where mean prediction and mean label agree.",
		num(mean), num(farthest(rescaled, truth)))
	r.table(table)
	r.figure(&figure.Figure{
		Name: "outputs-frequencies", Title: "How frequent the attributes of digits are, and are predicted to be",
		Caption: "A softmax has to share 1 among the labels, and is wrong with any other sum, too; sigmoids are right on average, exactly.",
		X:       figure.Axis{Label: "attribute", Categories: names}, Y: figure.Axis{Label: "share of the images"}, Marks: marks,
	})
	return mean
}

// byCount compares the sums of the predictions for new images that have no
// label, one, or several.
func byCount(held described, softmax, sigmoid *mat.Dense, mean float64, r *Result) {
	k := len(attributes)
	number := make([]int, k+1)
	sums, labels := make([]float64, k+1), make([]int, held.len())
	beyond := 0
	for i := range labels {
		labels[i] = int(mat.Sum(held.y.RowView(i)))
		number[labels[i]]++
		sums[labels[i]] += mat.Sum(sigmoid.RowView(i))
		if mean*mat.Max(softmax.RowView(i)) > 1 {
			beyond++
		}
	}
	table := &Table{Title: "New images by the number of their labels, and the sum of the probabilities",
		Columns: []string{"labels", "images", "sigmoids, mean sum", "softmax", "softmax × " + num(mean)}}
	for l, n := range number {
		if n > 0 {
			sums[l] /= float64(n)
			table.Add(l, n, sums[l], 1., mean)
		}
	}
	several, images := 0.0, 0
	for l := 2; l <= k; l++ {
		several += float64(number[l]) * sums[l]
		images += number[l]
	}
	several /= float64(images)
	share := float64(beyond) / float64(len(labels))
	r.check("sigmoids: sum on new images with two labels or more, less that on images with none", several-sums[0], AtLeast, 0.5, "labels")
	r.check("share of the new images in which the rescaled softmax calls a label more than certain", share, AtLeast, 0.1, "")
	r.text("And no factor can mend it, for the right sum is another for each image. Of the new images %s have no label at all, %s one and %s two or more. The sigmoids see the difference, adding up to %s where there is no label and to %s where there are several; a softmax has the same sum in all of them. "+
		"Times %s, it gives a label a “probability” above 1 in %s of the images.", count(number[0]), count(number[1]), count(images), num(sums[0]), num(several), num(mean), percent(share))
	r.table(table)
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
