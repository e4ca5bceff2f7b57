package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/tensor"
	"github.com/surprisal-ml/surprisal/trainer"
)

func logisticExperiment() Experiment {
	return Experiment{
		Name:   "logistic",
		Title:  "No hidden layer and one sigmoid: logistic regression",
		Claim:  "A network without hidden layers and with a sigmoid, trained by gradient descent on the cross-entropy, of all rows or of a few at a time with falling steps, ends at the maximum-likelihood estimate of logistic regression.",
		Source: "Nielsen, Neural Networks and Deep Learning, chapter 3; Goodfellow, Bengio & Courville, section 6.2.2. The certificate: Bach 2010, Self-concordant analysis for logistic regression.",
		Method: "Train the network, and let a theorem bound how far it is from the optimum, which needs its gradient and curvature only; compare with the estimate of Newton's method; watch the digits come in, and the floor that a constant step of stochastic gradient descent leaves.",
		Tolerance: "For all rows at a time a millionth of a standard error and 6 digits of every coefficient: digits are gained at a rate, " +
			"until the rounding of a sum over the rows ends it. For 10 rows at a time 0.05 standard errors: falling steps arrive, but the error falls as the step does, as 1/epochs; a twentieth of a standard error changes no conclusion. " +
			"The floor of a constant step goes with its square, so that of a step 10 times as long is 100 times as high, allowed 30 to 300; " +
			"steps of 1/epoch leave what their last ones would, over the last half of T epochs T²/200 times less than a step of 0.1, of which a tenth is asked for.",
		Run: logisticClaim{epochs: 100_000, falling: harmonic{}}.run,
	}
}

// logisticClaim is what the claim is about: training for long enough, and with
// steps that fall.
type logisticClaim struct {
	epochs  int
	falling optim.Schedule
}

func (c logisticClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	r.text("Logistic regression says that the log-odds of yes are linear in the features, $\\log (p/(1−p)) = b + w·x$, which is the same as")
	r.formula(`p = σ(b + w·x),   σ(z) = \frac{1}{1 + e^{−z}}`)
	r.text("and a network without hidden layers, with one output and a sigmoid, computes just that. Statisticians find $w$ by Newton's method and call it the maximum-likelihood estimate; " +
		"people who train networks go down the gradient of the cross-entropy. The gradient is simple: each row pulls by its error,")
	r.formula(`\frac{∂ \mathrm{loss}}{∂w} = \frac{1}{m} \sum_{i=1}^{m} (p_{i} − y_{i}) x_{i}`)
	if err := c.certified(ctx, o, &r); err != nil {
		return r, err
	}
	o.progress(0.6)
	return r, c.noise(ctx, o, &r)
}

// certified trains to the end and asks for the certificate.
func (c logisticClaim) certified(ctx context.Context, o Options, r *Result) error {
	table := &Table{Title: "Networks trained by gradient descent, and their distance from the maximum-likelihood estimate",
		Columns: []string{"data", "rows", "coefficients", "steps", "digits of the worst coefficient", "digits per 1000 epochs", "distance at most, standard errors", "loss above the minimum at most, nats"}}
	chart := &figure.Figure{
		Name: "logistic-digits", Title: "Digits of the worst coefficient, as gradient descent goes on",
		Caption: "Full batches with Nesterov momentum. The digits come in bursts, one for each time the momentum is started afresh, and on the whole at a steady rate.",
		X:       figure.Axis{Label: "epochs"}, Y: figure.Axis{Label: "digits that agree with the estimate"},
	}
	var farthest float64
	least := 16.0
	names := []string{"iris2", "cancer10"}
	for i, name := range names {
		d, err := load(name)
		if err != nil {
			return err
		}
		fit, err := mle.Fit(ctx, d, mle.Options{})
		if err != nil {
			return fmt.Errorf("maximum likelihood on %s: %w", name, err)
		}
		var epochs, digits figure.Values
		steps := 0
		net, err := trainLinear(ctx, d, trainer.Config{Epochs: c.epochs}, func(epoch int, net *trainer.Classifier) {
			if steps = epoch; epoch%10 != 0 {
				return
			}
			if at, err := net.Coefficients(false); err == nil {
				epochs, digits = append(epochs, float64(epoch)), append(digits, max(0, worstDigits(at.Values, fit.Coef)))
			}
		})
		if err != nil {
			return err
		}
		at, err := net.Coefficients(false)
		if err != nil {
			return err
		}
		certificate, err := mle.Certify(ctx, d, at.Values, mle.Options{})
		if err != nil {
			return fmt.Errorf("certificate on %s: %w", name, err)
		}
		agreed := worstDigits(at.Values, fit.Coef)
		if !certificate.Holds {
			certificate.Distance = math.Inf(1)
		}
		farthest, least = max(farthest, certificate.Distance), min(least, agreed)
		_, terms := fit.Coef.Dims()
		rate := digitRate(epochs, digits)
		r.number("digits of the worst coefficient per 1000 epochs, "+name, rate, "")
		table.Add(name, d.Len(), terms, steps, agreed, rate, certificate.Distance, certificate.Gap)
		chart.Marks = append(chart.Marks, figure.Mark{Kind: figure.Line, Name: name, Color: figure.Color(i), X: epochs, Y: digits})
		o.progress(0.6 * float64(i+1) / float64(len(names)))
	}
	r.decide("proved bound on the distance of any coefficient from the optimum", farthest, AtMost, 1e-6, "standard errors")
	r.check("digits of the worst coefficient that agree with the estimate of Newton's method", least, AtLeast, 6, "digits")
	r.text("How does one know that training has arrived? Not from a loss that no longer changes. The log-likelihood of logistic regression is concave and its curvature cannot change abruptly, so the gradient and the curvature at one point bound the distance to the maximum: a *certificate*. " +
		"The networks here were trained by gradient descent on all rows with *Nesterov momentum*, which adds to each step a share of the one before, so that steps in the same direction grow. " +
		"How fast it is depends on the *conditioning*, how much more the loss is curved in the direction where it is curved most than in that where it is curved least: a step has to be short enough for the first, and long enough to get on in the other.")
	r.table(table)
	r.figure(chart)
	return nil
}

// digitRate returns the digits gained per 1000 epochs between the second and the
// eighth.
func digitRate(epochs, digits figure.Values) float64 {
	const from, to = 2, 8
	first, last := slices.IndexFunc(digits, func(d float64) bool { return d >= from }), slices.IndexFunc(digits, func(d float64) bool { return d >= to })
	if first < 0 || last <= first {
		return math.NaN()
	}
	return 1000 * (digits[last] - digits[first]) / (epochs[last] - epochs[first])
}

// noise shows stochastic gradient descent with constant and falling steps.
func (c logisticClaim) noise(ctx context.Context, o Options, r *Result) error {
	d, err := load("cancer10", "mean_texture", "mean_smoothness", "mean_symmetry")
	if err != nil {
		return err
	}
	fit, err := mle.Fit(ctx, d, mle.Options{})
	if err != nil {
		return err
	}
	best, err := fit.Classifier()
	if err != nil {
		return err
	}
	target := sigmoids(fittedLogits(best, d.X))
	epochs := o.pick(200, 1500)
	chart := &figure.Figure{
		Name: "logistic-noise", Title: "What stochastic gradient descent leaves of the loss",
		Caption: "The loss above its minimum. With a constant step and batches of 10 rows it falls to a floor, where the noise of the batches keeps it: about the square of the step, since every epoch takes each row once. Steps that fall as 1/epoch go through; full batches have no noise.",
		X:       figure.Axis{Label: "epochs", Log: true}, Y: figure.Axis{Label: "loss above the minimum, nats per row", Log: true, Min: 1e-16, Max: 1},
	}
	var floors []float64
	var falling *trainer.Classifier // the last trained by batches
	for i, run := range []struct {
		name string
		cfg  trainer.Config
	}{
		{"step 1", trainer.Config{Method: optim.SGD{LR: 1}, BatchSize: 10, Epochs: epochs, Seed: o.Seed}},
		{"step 0.1", trainer.Config{Method: optim.SGD{LR: 0.1}, BatchSize: 10, Epochs: epochs, Seed: o.Seed}},
		{"steps 1/epoch", trainer.Config{Method: optim.SGD{LR: 1}, Schedule: c.falling, BatchSize: 10, Epochs: epochs, Seed: o.Seed}},
		{"full batches, momentum", trainer.Config{Epochs: epochs}},
	} {
		var x, y, tail figure.Values
		next := 1.0
		net, err := trainLinear(ctx, d, run.cfg, func(epoch int, net *trainer.Classifier) {
			excess := excessLoss(target, sigmoids(fittedLogits(net, d.X)))
			if epoch > epochs/2 {
				tail = append(tail, excess)
			}
			if float64(epoch) >= next {
				next *= 1.06
				x, y = append(x, float64(epoch)), append(y, excess)
			}
		})
		if err != nil {
			return err
		}
		if run.cfg.Method != nil {
			falling = net
			mean, _ := moments(tail)
			floors = append(floors, mean)
			r.number("mean loss above the minimum in the last half, "+run.name, mean, "nats per row")
		}
		chart.Marks = append(chart.Marks, figure.Mark{Kind: figure.Line, Name: run.name, Color: figure.Color(i), X: x, Y: y})
	}
	ratio := floors[0] / floors[1]
	r.check("floor of the constant step 1 in units of that of the step 0.1", ratio, AtLeast, 30, "")
	r.check("the same", ratio, AtMost, 300, "")
	r.check("floor of the constant step 0.1 in units of what falling steps leave", floors[1]/floors[2], AtLeast, float64(epochs*epochs)/2000, "")
	r.text("The loss above its minimum is itself a divergence. For every model of this kind it is the mean of $D(\\hat{p}_{i}‖p_{i})$ from the best model's probabilities to its own, exactly, since the best model's errors are orthogonal to the features; " +
		"so it can be followed far below the rounding of the loss. *Stochastic* gradient descent looks at a few rows at a time. With a constant step it never arrives:")
	r.figure(chart)
	return certifyStochastic(ctx, d, falling, fit, epochs, r)
}

// certifyStochastic asks for the certificate of a network that was trained by
// batches and falling steps.
func certifyStochastic(ctx context.Context, d *datasets.Dataset, net *trainer.Classifier, fit *mle.Estimate, epochs int, r *Result) error {
	at, err := net.Coefficients(false)
	if err != nil {
		return err
	}
	certificate, err := mle.Certify(ctx, d, at.Values, mle.Options{})
	if err != nil {
		return fmt.Errorf("certificate of stochastic gradient descent: %w", err)
	}
	if !certificate.Holds {
		certificate.Distance = math.Inf(1)
	}
	agreed := worstDigits(at.Values, fit.Coef)
	r.check("stochastic gradient descent with falling steps: proved bound on the distance of any coefficient from the optimum", certificate.Distance, AtMost, 0.05, "standard errors")
	r.number("digits of the worst coefficient after "+count(epochs)+" epochs of stochastic gradient descent with falling steps", agreed, "")
	r.text("With falling steps it does arrive, slowly. After %s epochs the certificate says that no coefficient is farther from the estimate than %s standard errors, and that the loss of all rows together is at most %s nats above its minimum; %s digits of the worst coefficient are right. "+
		"A *standard error* is how far a coefficient would typically be from the truth by the accident of which rows there are (a later chapter computes it), so digits beyond a small part of it say nothing about the world; but they say whether one has computed what one set out to compute.",
		count(epochs), num(certificate.Distance), num(certificate.Gap), num(math.Floor(10*agreed)/10))
	return nil
}

// harmonic lets the learning rate fall as 1/(1+epoch).
type harmonic struct{}

func (harmonic) At(epoch int, base optim.Rates) optim.Rates {
	base.LR /= float64(1 + epoch)
	return base
}

func (harmonic) Validate() error { return nil }

func sigmoids(z *mat.Dense) []float64 {
	p := make([]float64, len(z.RawMatrix().Data))
	slopes := make([]float64, len(p))
	tensor.Sigmoid(p, slopes, z.RawMatrix().Data)
	return p
}

// excessLoss returns the mean of D(best‖p).
func excessLoss(best, p []float64) float64 {
	var sum tensor.Sum
	for i := range p {
		sum.Add(infotheory.KLBernoulli(best[i], p[i]))
	}
	return sum.Value() / float64(len(p))
}
