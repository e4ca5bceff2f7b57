package main

import (
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/trainer"
)

// waysOut are for classes that are separated.
const waysOut = " For finite coefficients add a penalty (--solver adam --weight-decay 0.01)," +
	" or stop where rows held out are predicted best (--held-out 0.2 --patience 20)."

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
		return fmt.Sprintf("%s converged after %s: %s.", method, done, gradient)
	case trainer.Separated:
		return fmt.Sprintf("%s stopped after %s: every outcome has a probability above 1/2, so the classes are completely separated"+
			" and the likelihood has no maximum: larger coefficients always fit better."+
			" Probabilities can be used; coefficients should not be interpreted.", method, done) + o.best(unit) + waysOut
	case trainer.EarlyStopped:
		return fmt.Sprintf("%s stopped after %s: the held-out loss had not improved for %d.", method, done, *s.Patience) + o.best(unit)
	}
	text := fmt.Sprintf("%s did all %s.", method, done)
	if !math.IsNaN(o.result.MaxGradient) {
		text = fmt.Sprintf("%s has not converged after %s: %s.", method, done, gradient)
	}
	text += o.best(unit)
	switch {
	case o.separated:
		return text + fmt.Sprintf(" The loss is still falling and %.3g%% of the outcomes have a probability within 1e-6 of 1:"+
			" the likelihood may have no maximum (separated data); coefficients then grow without bound."+
			" Probabilities can be used; coefficients should not be interpreted.", 100*o.saturated) + waysOut
	case s.Solver == accelerated:
		return text + fmt.Sprintf(" More steps (--epochs %d) bring it closer.", 10*epochs)
	}
	return text
}

// best says whose parameters the model has, if early stopping watched for them.
func (o *outcome) best(unit string) string {
	if o.result.BestEpoch == 0 {
		return ""
	}
	return fmt.Sprintf(" The model is that of %s %d, the best on the held-out rows.", unit, o.result.BestEpoch)
}
