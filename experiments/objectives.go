package experiments

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

func objectivesExperiment() Experiment {
	return Experiment{
		Name:   "objectives",
		Title:  "Four objectives, one estimate",
		Claim:  "Maximising the likelihood and minimising the negative log-likelihood, the cross-entropy against the empirical distribution, or the divergence from it, give the same parameters.",
		Source: "Goodfellow, Bengio & Courville, section 5.5; Cover & Thomas, section 11.",
		Method: "Minimise each of the four by itself, with its own gradient and Hessian from the engine, for the survivors of the Titanic; compare value by value along a training run by gradient descent.",
		Tolerance: "1e-10 in parameters of size 1: each objective is minimised to the rounding of its own gradient. Identities between values hold to 1e-12 of them: " +
			"they are sums of a dozen terms whose entropy part cancels.",
		Run: objectivesClaim{divergenceFrom}.run,
	}
}

// objectivesClaim is what the claim is about: the divergence that is minimised
// beside the three forms of the likelihood.
type objectivesClaim struct {
	divergence func(t *autograd.Tape, m *logistic) autograd.Var
}

// divergenceFrom records the mean divergence D(empirical‖model) of the groups,
// from probabilities of both outcomes.
func divergenceFrom(t *autograd.Tape, m *logistic) autograd.Var {
	z := m.net.Forward(t.Const(m.x))
	// Both outcomes: log σ(z) and log σ(−z).
	yes := losses.KLDiv{Reduction: losses.None}.Loss(autograd.LogSigmoid(z), t.Const(m.y))
	no := losses.KLDiv{Reduction: losses.None}.Loss(autograd.LogSigmoid(autograd.Neg(z)), t.Const(complement(m.y)))
	return autograd.Sum(autograd.MulColumn(autograd.Add(yes, no), t.Const(shareOf(m.weights))))
}

func complement(y *mat.Dense) *mat.Dense {
	n, _ := y.Dims()
	c := mat.NewDense(n, 1, nil)
	for i := range n {
		c.Set(i, 0, 1-y.At(i, 0))
	}
	return c
}

// shareOf returns weights divided by their sum, as a column.
func shareOf(weights []float64) *mat.Dense {
	var total float64
	for _, w := range weights {
		total += w
	}
	c := mat.NewDense(len(weights), 1, nil)
	for i, w := range weights {
		c.Set(i, 0, w/total)
	}
	return c
}

func (c objectivesClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	people, err := titanic()
	if err != nil {
		return r, err
	}
	y, weights := people.shares()
	r.text("The parameters that make the observations most probable are the *maximum-likelihood estimate*. "+
		"Here the observations are the %s people on the Titanic, in %d groups by class, sex and age; the model is logistic regression, a network without hidden layers: the log-odds of survival are a sum of a term for each feature.",
		count(int(people.total())), len(people.groups))
	r.table(people.table())
	r.text("To minimise an objective $f(θ)$ one needs its derivatives by each of the parameters, together the *gradient* $∇f$: it points where $f$ rises fastest. *Gradient descent* takes a step against it again and again, of a length that is chosen, the *learning rate* $η$; it slows down as the gradient gets small. " +
		"*Newton's method* also uses the second derivatives, a table with a row and a column for each parameter, the *Hessian* $J$. It replaces $f$ by the parabola with these derivatives and steps to the bottom of that, $J^{−1} ∇f$ away, which near a minimum doubles the number of right digits in each step:")
	r.formula(`θ ← θ − η ∇f(θ),   θ ← θ − J^{−1} ∇f(θ)`)
	thetas, err := c.estimates(ctx, people, y, weights, &r)
	if err != nil {
		return r, err
	}
	o.progress(0.5)
	if err := c.alongTheWay(ctx, o, people, y, weights, &r); err != nil {
		return r, err
	}
	c.likelihoodGradient(o, people, y, weights, thetas, &r)
	return r, nil
}

// estimates minimises each objective by itself.
func (c objectivesClaim) estimates(ctx context.Context, people *grouped, y *mat.Dense, weights []float64, r *Result) ([]float64, error) {
	m := newLogistic(people.x, y, weights)
	// The likelihood itself is 0 in float64; a multiple of it, which is 1 where all
	// parameters are 0, has the same maximum, and is still a float64 there.
	start := autograd.Value(autograd.NewTape(autograd.Eval), m.nll)
	objectives := []struct {
		name   string
		record autograd.Objective
	}{
		{"L(θ)/L(0), maximised", func(t *autograd.Tape) autograd.Var {
			return autograd.Neg(autograd.Exp(autograd.AddScalar(autograd.Neg(m.nll(t)), start)))
		}},
		{"negative log-likelihood", m.nll},
		{"cross-entropy", m.meanLoss},
		{"divergence from the data", func(t *autograd.Tape) autograd.Var { return c.divergence(t, m) }},
	}
	table := &Table{Title: "The estimate by each objective", Columns: []string{"coefficient"}}
	rows := [][]any{{"(intercept)"}}
	for _, term := range people.terms {
		rows = append(rows, []any{term})
	}
	steps := []any{"Newton steps"}
	var thetas [][]float64
	var taken []int
	for _, f := range objectives {
		clear(m.params.Vector())
		at, err := minimise(ctx, m.params, f.record)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		theta := m.theta()
		thetas, taken = append(thetas, theta), append(taken, at.steps)
		table.Columns, steps = append(table.Columns, f.name), append(steps, at.steps)
		rows[0] = append(rows[0], sig(theta[len(theta)-1], 12))
		for i, v := range theta[:len(theta)-1] {
			rows[i+1] = append(rows[i+1], sig(v, 12))
		}
	}
	for _, row := range append(rows, steps) {
		table.Add(row...)
	}
	var worst float64
	for _, theta := range thetas {
		worst = max(worst, farthest(theta, thetas[1]))
	}
	r.decide("largest difference between the parameters of the four estimates", worst, AtMost, 1e-10, "")
	r.table(table)
	gain := start - autograd.Value(autograd.NewTape(autograd.Eval), m.nll)
	r.text("The likelihood itself, %s, is 0 in float64, as the last chapter says, and 0 cannot be maximised. What the first column maximises is $L(θ)/L(0) = e^{ℓ(θ)−ℓ(0)}$, the likelihood in units of that of the parameters 0. That factor moves no maximum, and at the maximum it makes %s of it, which a float64 can hold. "+
		"It is no help to Newton's method, though: far from its maximum an exponential is curved the wrong way, up instead of down, so that the parabola has no top and nearly all of its %s steps have to be made short; the logarithm is curved the right way everywhere, and takes %d.",
		power10(-(start - gain)), power10(gain), count(taken[0]), taken[1])
	r.text("The four agree to %s. Why should they? The logarithm moves no maximum, and dividing by the number of people $m$ moves no minimum, which leads from the likelihood to the mean surprisal. "+
		"That mean is the cross-entropy of the model against the *empirical* distribution $\\hat{p}$, the one that gives each thing that happened its share:", num(worst))
	r.formula(`−\frac{1}{m} \log L(θ) = \frac{1}{m} \sum_{i=1}^{m} \log \frac{1}{p(y_{i};θ)} = H(\hat{p}, p_{θ}) = H(\hat{p}) + D(\hat{p}‖p_{θ})`)
	r.text("and the first part of that, the entropy of the data, does not depend on $θ$.")
	return thetas[1], nil
}

// power10 writes the exponential of a number that may be too small for one.
func power10(logarithm float64) string {
	return "10" + superscripts.Replace(strconv.Itoa(int(math.Round(logarithm/math.Ln10))))
}

// alongTheWay compares the objectives at every step of gradient descent.
func (c objectivesClaim) alongTheWay(ctx context.Context, o Options, people *grouped, y *mat.Dense, weights []float64, r *Result) error {
	m := newLogistic(people.x, y, weights)
	total := people.total()
	var floor tensor.Sum // H(empirical), given the group
	for i, w := range weights {
		floor.Add(w / total * infotheory.EntropyBernoulli(y.At(i, 0)))
	}
	r.check("entropy of the data, given the group", floor.Value(), Above, 0, "nats per person")

	const steps = 300
	t := autograd.NewTape(autograd.Train)
	method := optim.New(optim.SGD{LR: 0.3}, m.params.Len())
	gradient := make([]float64, m.params.Len())
	var nllApart, devianceApart, partsApart float64
	var at, crossEntropy, divergence figure.Values
	for step := range steps + 1 {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		mean := autograd.Gradient(gradient, t, m.params, m.meanLoss)
		sum := autograd.Value(autograd.NewTape(autograd.Eval), m.nll)
		kl, deviance := c.deviance(people, m)
		nllApart = max(nllApart, apart(total*mean, sum))
		devianceApart = max(devianceApart, apart(2*total*kl, deviance))
		partsApart = max(partsApart, apart(floor.Value()+kl, mean))
		if step%3 == 0 {
			at, crossEntropy, divergence = append(at, float64(step)), append(crossEntropy, mean), append(divergence, floor.Value()+kl)
		}
		method.Step(m.params.Vector(), gradient)
	}
	r.check("m·cross-entropy against the negative log-likelihood, relative, in "+count(steps)+" steps", nllApart, AtMost, 1e-12, "")
	r.check("2m·divergence against the deviance, relative", devianceApart, AtMost, 1e-12, "")
	r.check("entropy + divergence against the cross-entropy, relative", partsApart, AtMost, 1e-12, "")
	floors := make(figure.Values, len(at))
	for i := range floors {
		floors[i] = floor.Value()
	}
	r.figure(&figure.Figure{
		Name: "objectives-path", Title: "Training takes the cross-entropy down towards the entropy of the data",
		Caption: "The shaded part is the divergence, the only part that training changes. What is left of it at the end is what this model cannot express: the deviance over 2m.",
		X:       figure.Axis{Label: "steps of gradient descent"}, Y: figure.Axis{Label: "nats per person"},
		Marks: []figure.Mark{
			{Kind: figure.Band, Name: "divergence of the model from the data", Color: figure.Vermillion, X: at, Low: floors, High: divergence},
			{Kind: figure.Line, Name: "cross-entropy", X: at, Y: crossEntropy},
			{Kind: figure.Line, Name: "entropy of the data", Color: figure.Green, Dashed: true, X: at, Y: floors},
		},
	})
	r.text("Statisticians print twice the divergence times $m$ and call it the *deviance*. Along the whole way of a gradient descent, %d steps, $m$ times the cross-entropy is the negative log-likelihood and $2m$ times the divergence is the deviance, to rounding. "+
		"The entropy of these data is %s nats per person: in most groups some lived and others died, so no model of these features can predict everybody, and the loss cannot reach 0.", steps, num(floor.Value()))
	return nil
}

// deviance returns the mean divergence by the formula of information theory, and
// the deviance by that of statistics, 2 Σ observed·log(observed/expected).
func (c objectivesClaim) deviance(people *grouped, m *logistic) (kl, deviance float64) {
	total := people.total()
	p := m.probabilities(m.x)
	var divergence, sum tensor.Sum
	for i, g := range people.groups {
		n := g.survived + g.died
		divergence.Add(n / total * infotheory.KLBernoulli(g.survived/n, p[i]))
		for _, cell := range [][2]float64{{g.survived, n * p[i]}, {g.died, n * (1 - p[i])}} {
			if cell[0] > 0 {
				sum.Add(2 * cell[0] * math.Log(cell[0]/cell[1]))
			}
		}
	}
	return divergence.Value(), sum.Value()
}

// likelihoodGradient compares ∇L with L·∇ℓ.
func (c objectivesClaim) likelihoodGradient(o Options, people *grouped, y *mat.Dense, weights []float64, estimate []float64, r *Result) {
	m := newLogistic(people.x, y, weights)
	src := random.New(o.Seed, 5)
	t := autograd.NewTape(autograd.Train)
	direct, byLog := make([]float64, m.params.Len()), make([]float64, m.params.Len())
	var worst float64
	for range 50 {
		for i, v := range estimate {
			m.params.Vector()[i] = v + 0.3*src.Norm()
		}
		here := autograd.Gradient(byLog, t, m.params, m.nll)
		// The likelihood relative to that of a place a nat away.
		scale := here + 1
		autograd.Gradient(direct, t, m.params, func(t *autograd.Tape) autograd.Var {
			return autograd.Exp(autograd.AddScalar(autograd.Neg(m.nll(t)), scale))
		})
		l := math.Exp(scale - here)
		var norm float64
		for i := range direct {
			norm = max(norm, math.Abs(direct[i]))
		}
		for i := range direct {
			worst = max(worst, math.Abs(direct[i]+l*byLog[i])/norm)
		}
	}
	r.check("∇L against L·∇ℓ, relative to the largest entry", worst, AtMost, 1e-12, "")
	r.text("The likelihood itself, hopeless as it is to compute, is stationary at the same place. Since $L = e^{ℓ}$, the chain rule says $∇L = L·∇ℓ$, and $L$ is never 0.")
}
