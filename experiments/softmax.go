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
	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/trainer"
)

func softmaxExperiment() Experiment {
	return Experiment{
		Name:  "softmax",
		Title: "No hidden layer and a softmax: multinomial logistic regression",
		Claim: "A network without hidden layers and with a softmax, trained on the cross-entropy, is multinomial logistic regression; with two classes it is the sigmoid of the difference of the logits; " +
			"and one of its K rows of parameters is redundant.",
		Source: "Goodfellow, Bengio & Courville, section 6.2.2.3; Agresti, Categorical Data Analysis, chapter 8; PyTorch's CrossEntropyLoss and BCEWithLogitsLoss.",
		Method: "Train networks and compare with the certified estimate; compare losses and gradients of the two parametrisations at random parameters; count the zero eigenvalues of the information matrix of all K rows at the estimate, and multiply it with the vectors that add the same to all logits.",
		Tolerance: "A millionth of a standard error and 6 digits for training, as for two classes. The two forms of a loss differ by rounding: 1e-13. " +
			"Eigenvalues that are 0 in theory come out below 1e-12 of the largest, and sums that are 0 below 1e-13 to 1e-12: the rounding of a sum over the rows, or over the steps.",
		Run: softmaxClaim{epochs: 100_000, second: 1}.run,
	}
}

// softmaxClaim is what the claim is about: training for long enough, the sign
// with which the second of two logits enters the difference, and a likelihood
// without a penalty.
type softmaxClaim struct {
	epochs  int
	second  float64
	penalty float64
}

func (c softmaxClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	r.text("With $K$ classes the network has $K$ outputs, the logits $z_{1} … z_{K}$, and the *softmax* makes probabilities of them:")
	r.formula(`p_{k} = \frac{e^{z_{k}}}{\sum_{j=1}^{K} e^{z_{j}}}`)
	r.text("The log-odds of any two classes are the difference of their logits, linear in the features. That is *multinomial* logistic regression.")
	net, d, err := c.certified(ctx, &r)
	if err != nil {
		return r, err
	}
	o.progress(0.7)
	if err := c.twoClasses(o, &r); err != nil {
		return r, err
	}
	return r, c.redundant(net, d, &r)
}

// certified trains networks and proves how far they are from the estimate. It
// returns the first of them, and its data.
func (c softmaxClaim) certified(ctx context.Context, r *Result) (first *trainer.Classifier, data *datasets.Dataset, err error) {
	table := &Table{Title: "Softmax networks trained by gradient descent, and their distance from the maximum-likelihood estimate",
		Columns: []string{"data", "features", "steps", "digits of the worst coefficient", "distance at most, standard errors", "loss above the minimum at most, nats"}}
	var farthest, unbalanced float64
	least := 16.0
	for _, k := range []struct {
		name     string
		features []string
	}{
		{"wine", []string{"alcohol", "malic_acid", "ash"}},
		{"penguins", []string{"flipper_length_mm", "body_mass_g"}},
	} {
		d, err := load(k.name, k.features...)
		if err != nil {
			return nil, nil, err
		}
		fit, err := mle.Fit(ctx, d, mle.Options{})
		if err != nil {
			return nil, nil, fmt.Errorf("maximum likelihood on %s: %w", k.name, err)
		}
		steps := 0
		net, err := trainLinear(ctx, d, trainer.Config{Epochs: c.epochs}, func(epoch int, _ *trainer.Classifier) { steps = epoch })
		if err != nil {
			return nil, nil, err
		}
		at, err := net.Coefficients(false)
		if err != nil {
			return nil, nil, err
		}
		certificate, err := mle.Certify(ctx, d, at.Values, mle.Options{})
		if err != nil {
			return nil, nil, fmt.Errorf("certificate on %s: %w", k.name, err)
		}
		if !certificate.Holds {
			certificate.Distance = math.Inf(1)
		}
		agreed := min(worstDigits(at.Values, fit.Coef), worstDigits(at.Symmetric, fit.Symmetric()))
		farthest, least = max(farthest, certificate.Distance), min(least, agreed)
		unbalanced = max(unbalanced, rowSums(net))
		if first == nil {
			first, data = net, d
		}
		table.Add(k.name, len(k.features), steps, agreed, certificate.Distance, certificate.Gap)
	}
	r.check("proved bound on the distance of any coefficient from the optimum", farthest, AtMost, 1e-6, "standard errors")
	r.check("digits of the worst coefficient that agree, against a reference class and with rows adding to 0", least, AtLeast, 6, "digits")
	r.check("sum of the trained parameters of a term over the classes, relative to the largest parameter", unbalanced, AtMost, 1e-12, "")
	r.table(table)
	return first, data, nil
}

// rowSums returns the largest sum over the classes of the parameters of a term,
// as they were trained, relative to the largest parameter.
func rowSums(c *trainer.Classifier) float64 {
	var most, largest float64
	for _, p := range c.Net.Params() {
		rows, _ := p.Value.Dims()
		for i := range rows {
			most = max(most, math.Abs(mat.Sum(p.Value.RowView(i))))
		}
		largest = max(largest, math.Abs(mat.Max(p.Value)), math.Abs(mat.Min(p.Value)))
	}
	return most / largest
}

// twoClasses compares a softmax over two logits with a sigmoid of their
// difference.
func (c softmaxClaim) twoClasses(o Options, r *Result) error {
	d, err := load("iris2")
	if err != nil {
		return err
	}
	n, features := d.X.Dims()
	y := mat.NewDense(n, 1, nil)
	for i, label := range d.Labels {
		y.Set(i, 0, float64(label))
	}
	two := nn.NewMLP(features, nil, 2, nil, nil)
	one := nn.NewMLP(features, nil, 1, nil, nil)
	both, single := autograd.NewParams(two.Params()...), autograd.NewParams(one.Params()...)
	src := random.New(o.Seed, 6)
	t := autograd.NewTape(autograd.Train)
	gBoth, gSingle := make([]float64, both.Len()), make([]float64, single.Len())
	var value, gradient float64
	for range 100 {
		for j := range gSingle {
			both.Vector()[2*j], both.Vector()[2*j+1] = src.Norm(), src.Norm()
			single.Vector()[j] = c.second*both.Vector()[2*j+1] - both.Vector()[2*j]
		}
		a := autograd.Gradient(gBoth, t, both, func(t *autograd.Tape) autograd.Var {
			return losses.CrossEntropy{}.Classes(two.Forward(t.Const(d.X)), d.Labels)
		})
		b := autograd.Gradient(gSingle, t, single, func(t *autograd.Tape) autograd.Var {
			return losses.BCEWithLogits{}.Loss(one.Forward(t.Const(d.X)), t.Const(y))
		})
		value = max(value, apart(a, b))
		var scale float64
		for _, g := range gSingle {
			scale = max(scale, math.Abs(g))
		}
		for j, g := range gSingle {
			gradient = max(gradient, math.Abs(gBoth[2*j+1]-g)/scale, math.Abs(gBoth[2*j]+g)/scale)
		}
	}
	r.check("softmax over two logits against the sigmoid of their difference: loss, relative", value, AtMost, 1e-13, "")
	r.check("softmax over two logits against the sigmoid of their difference: gradients, relative to the largest entry", gradient, AtMost, 1e-13, "")
	r.text("With two classes only the difference of the logits counts, and the softmax is a sigmoid:")
	r.formula(`\frac{e^{z_{1}}}{e^{z_{0}} + e^{z_{1}}} = \frac{1}{1 + e^{−(z_{1} − z_{0})}} = σ(z_{1} − z_{0})`)
	r.text("Each pair of parameters maps to one, $w = w_{1} − w_{0}$, the losses are equal and the gradients are $g$ and $−g$: for random parameters the losses differ by %s of their size.", num(value))
	return nil
}

// redundant counts the directions in which the likelihood does not change, at
// the estimate, and shows that they are those that add the same to all logits.
func (c softmaxClaim) redundant(trained *trainer.Classifier, d *datasets.Dataset, r *Result) error {
	x := mat.DenseCopyOf(d.X)
	trained.Scaling.Apply(x)
	_, features := x.Dims()
	classes := len(d.Schema.Classes)
	net := trained.Net
	ps := autograd.NewParams(net.Params()...)
	objective := func(t *autograd.Tape) autograd.Var {
		loss := losses.CrossEntropy{Reduction: losses.Sum}.Classes(net.Forward(t.Const(x)), d.Labels)
		for _, p := range ps.List() {
			loss = autograd.Add(loss, autograd.Scale(autograd.Sum(autograd.Square(t.Param(p))), c.penalty/2))
		}
		return loss
	}
	h := mat.NewSymDense(ps.Len(), nil)
	t := autograd.NewTape(autograd.Train)
	autograd.Hessian(h, t, ps, objective)
	// A row of the parameters belongs to a term, and has an entry per class.
	var curved, changed float64
	t.Reset()
	here := autograd.Value(t, objective)
	estimate := append([]float64(nil), ps.Vector()...)
	for term := range features + 1 {
		same := mat.NewVecDense(ps.Len(), nil)
		for class := range classes {
			same.SetVec(term*classes+class, 1)
			ps.Vector()[term*classes+class]++
		}
		var product mat.VecDense
		product.MulVec(h, same)
		curved = max(curved, mat.Norm(&product, math.Inf(1))/mat.Max(h))
		t.Reset()
		changed = max(changed, apart(autograd.Value(t, objective), here))
		copy(ps.Vector(), estimate)
	}
	r.check("information times each of the d + 1 vectors that add 1 to the parameters of a term in all classes, relative to its largest entry", curved, AtMost, 1e-13, "")
	r.check("what adding 1 to the parameters of a term in all classes changes of the loss, relative", changed, AtMost, 1e-13, "")
	var eigen mat.EigenSym
	if !eigen.Factorize(h, false) {
		return fmt.Errorf("the eigenvalues of a %d×%d matrix do not converge", ps.Len(), ps.Len())
	}
	values := eigen.Values(nil)
	slices.Reverse(values)
	null, smallest := 0, math.Inf(1)
	marks := [2]figure.Mark{
		{Kind: figure.Dots, Name: "curvature", Color: figure.Blue},
		{Kind: figure.Dots, Name: "no curvature: 0 but for rounding", Color: figure.Vermillion},
	}
	for i, v := range values {
		relative := math.Abs(v) / values[0]
		m := &marks[0]
		if relative < 1e-12 {
			null, m = null+1, &marks[1]
		} else {
			smallest = min(smallest, relative)
		}
		m.X, m.Y = append(m.X, float64(i+1)), append(m.Y, max(relative, 1e-18))
	}
	r.decide("directions without curvature in the information matrix of all rows, less d + 1", float64(null-(features+1)), Exactly, 0, "")
	r.check("smallest eigenvalue of the others, relative to the largest", smallest, AtLeast, 1e-6, "")
	r.text("Adding the same number to all logits changes nothing, whichever features it depends on: with %d features and an intercept there are %d directions in which the likelihood is flat, and the information matrix of all %d parameters at the estimate has as many eigenvalues 0. The %[2]d vectors can be written down, one for each term: 1 for its parameter in every class and 0 elsewhere. The matrix times any of them is 0, and the loss is the same however far one goes along them. "+
		"One class is redundant. Statisticians fix its row at 0, the *reference class*; gradient descent from zero weights leaves rows that add up to 0, for so does every gradient.", features, null, len(values))
	r.figure(&figure.Figure{
		Name: "softmax-spectrum", Title: "Eigenvalues of the information matrix of a softmax with a row for every class",
		Caption: fmt.Sprintf("%d classes of wine, %d features and an intercept: %d parameters, of which %d combinations do nothing.", classes, features, len(values), null),
		X:       figure.Axis{Label: "eigenvalue number", Min: 0, Max: float64(len(values) + 1)}, Y: figure.Axis{Label: "size relative to the largest", Log: true, Min: 1e-19, Max: 10},
		Marks: marks[:],
	})
	return nil
}
