package experiments

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/experiments/figure"
)

func priorExperiment() Experiment {
	return Experiment{
		Name:  "prior",
		Title: "A penalty is a prior, and no penalty is a flat one",
		Claim: "With a uniform prior the most probable parameters a posteriori (MAP) are the maximum-likelihood estimate; a Gaussian prior is an L2 penalty and a Laplace prior an L1 penalty, " +
			"and as the prior widens the estimate comes back to maximum likelihood at a rate that the curvature predicts.",
		Source: "Goodfellow, Bengio & Courville, sections 5.6.1 and 7.1; Murphy, Machine Learning: A Probabilistic Perspective, section 5.2.1 for what changes with the parametrisation.",
		Method: "Maximise posterior densities in two parametrisations of a coin, and by Bayes' rule over small cells; maximise log-likelihood plus log-density for the Titanic, and compare with certified penalised fits of package mle; narrow the Laplace prior until a coefficient is 0; widen both priors and compare with the first term of the expansion in their width.",
		Tolerance: "1e-10 where two objectives differ by a constant, and for gradients that are 0 at an optimum; a cell where cells are counted. The expansion −J⁻¹θ̂/τ² leaves a relative error of order 1/τ², −J⁻¹sign(θ̂)/b one of order 1/b: " +
			"at a width of 100, 1e-4 and 1e-2.",
		Run: priorClaim{gaussian: 2, laplace: 1}.run,
	}
}

// priorClaim is what the claim is about: the powers of |θ| that the logarithms
// of the two priors have.
type priorClaim struct {
	gaussian, laplace int
}

func (c priorClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	r.text("Bayes' rule multiplies the likelihood by a *prior*, what was believed of the parameters before, and the largest product is the *maximum a posteriori*, or MAP, estimate. Taking logarithms,")
	r.formula(`\log p(θ | y) = ℓ(θ) + \log p(θ) + \mathrm{constant}`)
	if err := c.coin(ctx, &r); err != nil {
		return r, err
	}
	o.progress(0.2)
	people, err := titanic()
	if err != nil {
		return r, err
	}
	y, weights := people.shares()
	m := newLogistic(people.x, y, weights)
	if err := c.penalties(ctx, people, m, &r); err != nil {
		return r, err
	}
	if err := c.zeros(ctx, people, m, &r); err != nil {
		return r, err
	}
	o.progress(0.5)
	r.Correction = "A prior is uniform in one parametrisation only: MAP equals maximum likelihood if its density is constant in the parameters whose mode is taken, and moves when they are changed. The likelihood's maximum does not."
	return r, c.widening(ctx, m, &r)
}

// coin compares MAP estimates of a coin's p under one prior in two
// parametrisations.
func (c priorClaim) coin(ctx context.Context, r *Result) error {
	const heads, throws = 3, 10
	flat, err := coinMode(ctx, heads, throws, 0)
	if err != nil {
		return err
	}
	// p(1−p) is dp/dz, which a density takes on when p becomes z.
	logit, err := coinMode(ctx, heads, throws, 1)
	if err != nil {
		return err
	}
	r.check("MAP under the uniform prior, as a density in p, less k/n", math.Abs(flat-heads/float64(throws)), AtMost, 1e-12, "")
	r.check("MAP under the same prior, as a density in the logit, less (k+1)/(n+2)", math.Abs(logit-(heads+1)/float64(throws+2)), AtMost, 1e-12, "")
	r.text("If the prior is *uniform*, its logarithm is constant and MAP is maximum likelihood. But uniform in what? A coin shows %d heads in %d throws. With a density that is uniform in $p$ the mode is %s, "+
		"the share of heads. Write the very same prior as a density in the logit $z = \\log (p/(1−p))$: it becomes $p(1−p)$, by the rule for changing variables, and the mode of the posterior moves to %s = (k+1)/(n+2). "+
		"A mode depends on the parametrisation. The likelihood is no density in $θ$, and its maximum does not.", heads, throws, num(flat), num(logit))
	// Bayes' rule by counting: the prior probability of small cells times the
	// likelihood, in cells that are equal in p or in z.
	const cells, reach = 4001, 8
	inP := largestCell(cells, 0, 1, func(low, high float64) float64 { return (high - low) * coinLikelihood((low+high)/2, heads, throws) })
	inLogit := largestCell(cells, -reach, reach, func(low, high float64) float64 {
		return (sigmoid(high) - sigmoid(low)) * coinLikelihood(sigmoid((low+high)/2), heads, throws)
	})
	r.check("p of the most probable of "+count(cells)+" cells equal in p, less that mode, in cells", math.Abs(inP-flat)*cells, AtMost, 1, "")
	r.check("logit of the most probable of "+count(cells)+" cells equal in the logit, less that mode, in cells", math.Abs(inLogit-math.Log(logit/(1-logit)))*cells/(2*reach), AtMost, 1, "")
	r.text("One need not take the rule for changing variables on trust. Cut the range of $p$ into %s equal cells, give each the same prior probability, multiply by the likelihood: the most probable cell is at %s. Cut the range of $z$ from −%d to %[3]d into as many, each with the prior probability that its $p$ has: the most probable is at $z$ = %[4]s, where $p$ is %[5]s. "+
		"And where nothing bounds the parameters, as with coefficients, a uniform density is not even a density: it has no finite integral. Such a prior is called *improper*. Bayes' rule may still give a posterior, whose mode is the maximum of the likelihood, but there is no one whose belief it was.", count(cells), num(inP), reach, num(inLogit), num(sigmoid(inLogit)))
	return nil
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func coinLikelihood(p, heads, throws float64) float64 {
	return math.Pow(p, heads) * math.Pow(1-p, throws-heads)
}

// largestCell returns the middle of that of n equal cells that weighs most.
func largestCell(n int, low, high float64, weight func(low, high float64) float64) float64 {
	var most, at float64
	width := (high - low) / float64(n)
	for i := range n {
		left := low + float64(i)*width
		if w := weight(left, left+width); w > most {
			most, at = w, left+width/2
		}
	}
	return at
}

// coinMode returns the p at which heads·log p + tails·log(1−p) + jacobian times
// log p(1−p) is largest, found over the logit.
func coinMode(ctx context.Context, heads, throws, jacobian float64) (float64, error) {
	z := autograd.NewParam("z", 1, 1)
	ps := autograd.NewParams(z)
	_, err := minimise(ctx, ps, func(t *autograd.Tape) autograd.Var {
		v := t.Param(z)
		yes, no := autograd.LogSigmoid(v), autograd.LogSigmoid(autograd.Neg(v))
		return autograd.Neg(autograd.Add(autograd.Scale(yes, heads+jacobian), autograd.Scale(no, throws-heads+jacobian)))
	})
	return sigmoid(ps.Vector()[0]), err
}

// widening follows the estimate as the prior widens.
func (c priorClaim) widening(ctx context.Context, m *logistic, r *Result) error {
	clear(m.params.Vector())
	free, err := minimise(ctx, m.params, m.nll)
	if err != nil {
		return err
	}
	estimate := m.theta()
	n := len(estimate)
	sign := make([]float64, n)
	for i, v := range estimate {
		sign[i] = math.Copysign(1, v)
	}
	chart := &figure.Figure{
		Name: "prior-widening", Title: "How far a prior moves the estimate, and how well the curvature predicts it",
		Caption: "The shift falls as 1/τ² for the Gaussian prior and as 1/b for the Laplace prior (lines); what the first-order prediction misses (dots) falls faster.",
		X:       figure.Axis{Label: "width of the prior, τ or b", Log: true}, Y: figure.Axis{Label: "log-odds", Log: true},
	}
	table := &Table{Title: "The estimate as the prior widens", Columns: []string{"prior", "width", "largest shift", "predicted", "relative error"}}
	for _, k := range []struct {
		name   string
		power  int
		scale  func(width float64) float64 // what multiplies the shift
		toward []float64
		color  figure.Color
		limit  float64
	}{
		{"Gaussian", c.gaussian, func(w float64) float64 { return w * w }, estimate, figure.Blue, 1e-4},
		{"Laplace", c.laplace, func(w float64) float64 { return w }, sign, figure.Vermillion, 1e-2},
	} {
		limit := mat.NewVecDense(n, nil)
		if err := free.inverse.SolveVecTo(limit, mat.NewVecDense(n, k.toward)); err != nil {
			return err
		}
		var widths, shifts, errors figure.Values
		var last float64
		for _, width := range []float64{1, 3, 10, 30, 100} {
			copy(m.params.Vector(), estimate)
			if _, err := minimise(ctx, m.params, func(t *autograd.Tape) autograd.Var {
				return autograd.Add(m.nll(t), logPrior(t, m, k.power, width))
			}); err != nil {
				return fmt.Errorf("%s prior of width %g: %w", k.name, width, err)
			}
			var shift, predicted, missed float64
			for i, v := range m.params.Vector() {
				shift = max(shift, math.Abs(v-estimate[i]))
				predicted = max(predicted, math.Abs(limit.AtVec(i)/k.scale(width)))
				missed = max(missed, math.Abs(v-estimate[i]+limit.AtVec(i)/k.scale(width)))
			}
			last = missed / predicted
			widths, shifts, errors = append(widths, width), append(shifts, shift), append(errors, missed)
			table.Add(k.name, width, shift, predicted, last)
		}
		r.check(k.name+" prior of width 100: the shift against its prediction, relative", last, AtMost, k.limit, "")
		chart.Marks = append(chart.Marks,
			figure.Mark{Kind: figure.Line, Name: k.name + ": shift", Color: k.color, X: widths, Y: shifts},
			figure.Mark{Kind: figure.Dots, Name: k.name + ": missed by the prediction", Color: k.color, X: widths, Y: errors})
	}
	r.text("And as the prior widens, the estimate comes back to maximum likelihood. The gradient of the penalty at $\\hat{θ}$ is balanced by the curvature of the negative log-likelihood, its Hessian $J$, so to first order (here the intercept has the prior as well)")
	r.formula(`θ_{τ} − \hat{θ} ≈ −\frac{1}{τ^{2}} J^{−1} \hat{θ},   θ_{b} − \hat{θ} ≈ −\frac{1}{b} J^{−1} \mathrm{sign}(\hat{θ})`)
	r.table(table)
	r.figure(chart)
	return nil
}

// logPrior records −log of a prior density of the coefficients, without its
// constant: ½(θ/width)² for a power of 2, |θ|/width for 1. The intercept is
// given the prior as well: it is a parameter like the others.
func logPrior(t *autograd.Tape, m *logistic, power int, width float64) autograd.Var {
	var sum autograd.Var
	for i, p := range m.params.List() {
		v := t.Param(p)
		var term autograd.Var
		if power == 2 {
			term = autograd.Scale(autograd.Sum(autograd.Square(v)), 1/(2*width*width))
		} else {
			term = autograd.Scale(autograd.Sum(autograd.Abs(v)), 1/width)
		}
		if i == 0 {
			sum = term
		} else {
			sum = autograd.Add(sum, term)
		}
	}
	return sum
}
