package experiments

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/nn"
)

func multilabelExperiment() Experiment {
	return Experiment{
		Name:  "multilabel",
		Title: "Several labels at once: what sigmoid cross-entropy is the likelihood of",
		Claim: "For labels of which any may apply, the sigmoid cross-entropy is a sum of cross-entropies of two-element distributions, one for each label; " +
			"unlike the softmax loss it cannot be read as a negative log-likelihood.",
		Source: "The claim as articles on cross-entropy put it; the correction: Bishop, Pattern Recognition and Machine Learning, section 5.2; PyTorch's MultiLabelSoftMarginLoss.",
		Method: "Fit a network with a logit for each of four attributes of written digits, and four logistic regressions; enumerate the probabilities of all 2⁴ combinations of labels; fit a softmax over the combinations, and compare the probability that it gives to the labels of a new image with the product of those that it gives to each.",
		Tolerance: "Equal models to 1e-8 of coefficients of size 1, which is what the conditioning leaves of Newton's method; sums of 16 probabilities to 1e-14; logarithms of products to 1e-12. " +
			"What the dependence of labels is worth on new images has to exceed 4 standard errors.",
		Run: multilabelClaim{independent, ofCombination}.run,
	}
}

// multilabelClaim is what the claim is about: the probability of a combination
// of labels, given those of each label; and given those of all combinations.
type multilabelClaim struct {
	combination func(p []float64, combination int) float64
	together    func(q []float64, occurring []int, combination int) float64
}

// independent multiplies the probabilities of the labels.
func independent(p []float64, combination int) float64 {
	product := 1.0
	for k, x := range p {
		if combination>>k&1 == 1 {
			product *= x
		} else {
			product *= 1 - x
		}
	}
	return product
}

func (c multilabelClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	train, held, err := digitAttributes(o.Seed)
	if err != nil {
		return r, err
	}
	k := len(attributes)
	r.text("A written digit may be even, at least 5, have a loop, be prime: any of these or none. A network with a logit for each of the %d labels and a sigmoid on each gives %[1]d probabilities that need not add up to anything, and the loss adds up %[1]d cross-entropies of yes and no:", k)
	r.formula(`\sum_{k=1}^{K} [−y_{k} \log p_{k} − (1 − y_{k}) \log (1 − p_{k})]`)
	_, features := train.x.Dims()
	joint := nn.NewMLP(features, nil, k, nil, nil)
	params := autograd.NewParams(joint.Params()...)
	if _, err := minimise(ctx, params, func(t *autograd.Tape) autograd.Var {
		return losses.BCEWithLogits{Reduction: losses.Sum}.Loss(joint.Forward(t.Const(train.x)), t.Const(train.y))
	}); err != nil {
		return r, fmt.Errorf("joint network: %w", err)
	}
	o.progress(0.3)
	if err := c.separate(ctx, train, params, &r); err != nil {
		return r, err
	}
	o.progress(0.5)
	residuals := c.enumerate(joint, held, &r)
	r.check("largest correlation between what two labels are mistaken by on new images", mostCorrelated(residuals), AtLeast, 4, "standard errors")
	if err := c.correlation(ctx, train, held, &r); err != nil {
		return r, err
	}
	r.Correction = "The loss is a negative log-likelihood, that of labels which are independent given the features: the probabilities of all combinations of labels add up to 1. " +
		"What is true is that the K outputs are no distribution over K outcomes, and that this model cannot express that labels go together when the features do not tell."
	return r, nil
}

// separate fits each label by itself.
func (c multilabelClaim) separate(ctx context.Context, train described, joint *autograd.Params, r *Result) error {
	k := len(attributes)
	var worst float64
	for label := range k {
		y := mat.NewDense(train.len(), 1, nil)
		y.Copy(train.y.Slice(0, train.len(), label, label+1))
		m := newLogistic(train.x, y, nil)
		if _, err := m.fit(ctx); err != nil {
			return fmt.Errorf("label %q alone: %w", attributes[label].name, err)
		}
		for j, v := range m.params.Vector() {
			worst = max(worst, math.Abs(v-joint.Vector()[j*k+label]))
		}
	}
	r.check("parameters of the joint network against those of separate logistic regressions", worst, AtMost, 1e-8, "")
	r.text("Without hidden layers the labels share no parameters, and the network is %d logistic regressions side by side: fitted separately they have the same coefficients, to %s.", k, num(worst))
	return nil
}

// enumerate gives every combination of labels its probability.
func (c multilabelClaim) enumerate(joint *nn.MLP, held described, r *Result) (residuals *mat.Dense) {
	k := len(attributes)
	t := autograd.NewTape(autograd.Eval)
	z := joint.Forward(t.Const(held.x))
	p := autograd.Sigmoid(z).Value()
	each := losses.BCEWithLogits{Reduction: losses.None}.Loss(z, t.Const(held.y)).Value()
	var sums, nll, marginals float64
	for i := range held.len() {
		var total float64
		marginal := make([]float64, k)
		for v := range 1 << k {
			q := c.combination(p.RawRowView(i), v)
			total += q
			for label := range k {
				if v>>label&1 == 1 {
					marginal[label] += q
				}
			}
		}
		sums = max(sums, math.Abs(total-1))
		marginals = max(marginals, farthest(marginal, p.RawRowView(i)))
		loss := mat.Sum(each.RowView(i))
		nll = max(nll, math.Abs(loss+math.Log(c.combination(p.RawRowView(i), held.vector(i))))/(1+loss))
	}
	r.decide("sum of the probabilities of all combinations, less 1", sums, AtMost, 1e-14, "")
	r.check("probability of a label added up over the combinations, less the network's", marginals, AtMost, 1e-14, "")
	r.check("summed loss of a row against −log of the probability of its combination, relative", nll, AtMost, 1e-12, "")
	r.text("Is that a likelihood? A likelihood needs a probability for what was observed, and what was observed is a *combination* of labels. Take the labels to be independent given the image: then a combination has the product of the probabilities. "+
		"For each of %s new images the probabilities of all %d combinations add up to 1 (to %s), and minus the logarithm of the one that was observed is the loss. "+
		"So it is a negative log-likelihood, though the %d outputs by themselves are not a distribution.", count(held.len()), 1<<k, num(sums), k)
	r.formula(`−\log P(y_{1} … y_{K} | x) = −\log \prod_{k=1}^{K} p_{k}^{y_{k}} (1 − p_{k})^{1 − y_{k}}`)
	residuals = mat.NewDense(held.len(), k, nil)
	residuals.Sub(held.y, p)
	return residuals
}

// mostCorrelated returns the largest mean product of two columns, in standard
// errors.
func mostCorrelated(residuals *mat.Dense) float64 {
	n, k := residuals.Dims()
	var most float64
	products := make([]float64, n)
	for a := range k {
		for b := range a {
			for i := range products {
				products[i] = residuals.At(i, a) * residuals.At(i, b)
			}
			mean, se := moments(products)
			most = max(most, math.Abs(mean)/se)
		}
	}
	return most
}
