package main

import (
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/trainer"
)

// stopped says in plain words how the training ended.
func (o *outcome) stopped() string {
	epochs, s := len(o.result.History), &o.settings
	unit, method := "epoch", s.Solver
	if s.Solver == accelerated {
		unit, method = "step", "accelerated gradient descent"
	}
	done := plural(epochs, unit)
	gradient := "the largest entry of the gradient"
	if s.decays() {
		gradient += " of mean loss and penalty"
	}
	gradient = fmt.Sprintf("%s is %.1e", gradient, o.result.MaxGradient)
	switch o.result.Reason {
	case trainer.Converged:
		if !o.proven() {
			return fmt.Sprintf("%s met its tolerance after %s: %s.", method, done, gradient)
		}
		return fmt.Sprintf("%s converged after %s: %s.", method, done, gradient)
	case trainer.Separated:
		return fmt.Sprintf("%s stopped after %s: every outcome has a probability above 1/2, so the classes are completely separated.", method, done) + o.best(unit)
	case trainer.EarlyStopped:
		return fmt.Sprintf("%s stopped after %s: the held-out loss had not improved for %d.", method, done, *s.Patience) + o.best(unit)
	}
	text := fmt.Sprintf("%s did all %s.", method, done)
	if !math.IsNaN(o.result.MaxGradient) {
		text = fmt.Sprintf("%s has not converged after %s: %s.", method, done, gradient)
	}
	text += o.best(unit)
	if o.diverged() {
		return text + fmt.Sprintf(" It diverged: the log-loss, %.4g nats, is worse than the %.4g of predicting the relative frequencies;"+
			" lower the learning rate (--lr) or bound the gradient (--clip-norm 1).", float64(o.training.LogLoss), o.nullLoss())
	}
	if s.Solver == accelerated && o.distance.missing == nil {
		text += fmt.Sprintf(" More steps (--epochs %d) bring it closer.", 10*epochs)
	}
	return text
}

// proven reports whether a run whose gradient vanishes is known to have ended near
// an optimum, as far as that can be asked.
func (o *outcome) proven() bool {
	d := o.distance
	return d == nil || d.certificate.Holds || o.settings.decays() || o.settings.LabelSmoothing > 0
}

// reason says in a word why the training ended: a vanishing gradient is called
// convergence only where it is known to be that.
func (o *outcome) reason() string {
	if o.result.Reason == trainer.Converged && !o.proven() {
		return "tolerance"
	}
	return o.result.Reason.String()
}

// diverged reports whether training made the loss far worse than that of the
// relative frequencies, or worse than it at all while it rose.
func (o *outcome) diverged() bool {
	h, loss, null := o.result.History, float64(o.training.LogLoss), o.nullLoss()
	rose := len(h) > 1 && h[len(h)-1].Loss > h[0].Loss && o.unpenalized()
	return null > 0 && (loss > 10*null || loss > null && rose)
}

// nullLoss is the log-loss of the relative frequencies, in nats.
func (o *outcome) nullLoss() float64 {
	return -o.null / (trainer.TotalWeight(o.train) * float64(max(1, len(o.train.Schema.Labels))))
}

// best says whose parameters the model has, if early stopping watched for them.
func (o *outcome) best(unit string) string {
	if o.result.BestEpoch == 0 {
		return ""
	}
	return fmt.Sprintf(" The model is that of %s %d, the best on the held-out rows.", unit, o.result.BestEpoch)
}
