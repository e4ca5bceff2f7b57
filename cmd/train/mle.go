package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/trainer"
)

// likelihood is a fit by maximum likelihood, penalised or not, and what is known
// about it.
type likelihood struct {
	*outcome
	estimate *mle.Estimate // nil: there is no model
	// missing says why the estimate that was asked for does not exist; the one
	// above, if any, takes its place.
	missing *missing
	choice  *choice // of C; nil: it was given
	*inference
}

// runLikelihood fits by maximum likelihood and reports.
func (f *fitCmd) runLikelihood(p *program, t *task) error {
	ctx, stop := p.interruptible()
	defer stop()
	watch := newIterations(p)
	l, err := t.fitLikelihood(ctx, watch)
	if err == nil {
		watch.phase("statistics")
		l.inference, err = l.infer(ctx, watch)
	}
	if err == nil && l.missing != nil {
		err = l.missing.infer(ctx, &l.settings, watch)
	}
	watch.close()
	switch {
	case errors.Is(err, context.Canceled):
		return &interruptedError{watch.interrupted()}
	case err != nil:
		return t.inWords(err)
	}
	if l.estimate != nil {
		if err := l.build(); err != nil {
			return err
		}
	}
	if err := f.save(l.model, l.json(), l.pictures); err != nil {
		return err
	}
	if err := p.print(func(w *page) { l.print(w); f.printFiles(w, l.model != nil) }); err != nil {
		return err
	}
	return l.strictly()
}

// fitLikelihood fits what the settings ask for, or if that does not exist and
// the settings allow it, with an L2 penalty.
func (t *task) fitLikelihood(ctx context.Context, watch *iterations) (*likelihood, error) {
	o, err := t.settings.likelihood()
	if err != nil {
		return nil, err
	}
	l := &likelihood{outcome: &outcome{task: t}}
	if l.choice, err = t.chooseC(ctx, &o, watch); err != nil {
		return nil, err
	}
	o.Observer = watch.observe
	data := t.train
	if t.settings.Standardize && o.Penalty != mle.None {
		data = t.standardized()
	}
	l.estimate, err = mle.Fit(ctx, data, o)
	var none *mle.NoEstimateError
	switch {
	case errors.As(err, &none):
		l.missing, l.estimate = t.missingOf(l.estimate, o), nil
		if t.settings.Strict {
			return l, nil
		}
		o.Penalty, o.C = mle.L2, 1
	case err != nil:
		return nil, err
	case data == t.train && t.settings.Standardize:
		// Existence was decided on the data as given: scaling rounds them, and
		// columns that depend on each other then do so no more.
	default:
		t.clearConstants(l.estimate)
		return l, nil
	}
	if t.settings.Standardize {
		data = t.standardized()
	}
	e, err := mle.Fit(ctx, data, o)
	var unbounded *mle.Error
	switch {
	case err == nil:
		l.estimate = e
		t.clearConstants(e)
	case l.missing != nil && errors.As(err, &unbounded):
		return l, nil // an intercept has no limit, and no penalty
	}
	return l, err
}

// clearConstants sets the penalised coefficients of constant columns to what they
// are but for rounding: 0, since the intercept does their work free of charge.
func (t *task) clearConstants(e *mle.Estimate) {
	if e.Options.Penalty == mle.None || e.Options.NoIntercept {
		return
	}
	zero := make([]float64, len(e.Rows))
	for j := range e.Schema.Width() {
		if isConstant(t.train, j) {
			e.Coef.SetCol(j+1, zero)
			e.Low.SetCol(j+1, zero)
		}
	}
}

// standardized returns the training data with scaled features.
func (t *task) standardized() *datasets.Dataset {
	d := *t.train
	x := *d.X
	x.CloneFrom(d.X)
	d.X = &x
	t.scaling().Apply(d.X)
	return &d
}

// build makes the model that is saved, and measures it.
func (l *likelihood) build() error {
	var err error
	if l.model, err = l.estimate.Classifier(); err != nil {
		return err
	}
	if l.settings.Standardize {
		l.model.Scaling = l.scaling()
	}
	return l.measure()
}

// strictly returns the error of --strict.
func (l *likelihood) strictly() error {
	if !l.settings.Strict || l.missing == nil {
		return nil
	}
	return &strictError{fmt.Sprintf("no maximum-likelihood estimate exists (%v), and --strict was given; no model is saved", l.missing.status)}
}

// inWords returns an error of package mle as one about the table.
func (t *task) inWords(err error) error {
	var problem *mle.Error
	var uncertified *mle.NotCertifiedError
	switch {
	case errors.As(err, &problem) && problem.Column != "":
		return fmt.Errorf("%s: column %q: %s", t.data.Name, problem.Column, problem.Problem)
	case errors.As(err, &problem):
		return fmt.Errorf("%s: %s", t.data.Name, problem.Problem)
	case errors.As(err, &uncertified):
		text := fmt.Sprintf("%s: no optimum was proved after %s: %s. --penalty l2, fewer features or --solver accelerated may help",
			t.data.Name, plural(uncertified.Iterations, "iteration"), uncertified.Why)
		if t.settings.Strict {
			return &strictError{text}
		}
		return errors.New(text)
	}
	return fmt.Errorf("%s: %w", t.data.Name, err)
}

// solverName is the solver that ran, of the fit that was asked for or the one
// instead of it; empty if one class left nothing to solve.
func (l *likelihood) solverName() string {
	e := l.estimate
	if e == nil {
		e = l.missing.parts[0].estimate
	}
	if e.Solver == mle.Auto {
		return ""
	}
	return e.Solver.String()
}

// largestInformation is the number of parameters beyond which an estimate is without
// the inverse of its information matrix, unless it is asked for.
const largestInformation = 2000

// kindName is that of the model in JSON.
func (t *task) kindName() string {
	kind, _, err := trainer.KindOf(t.data.Schema)
	if err != nil {
		return trainer.Binary.String() // of one class
	}
	return kind.String()
}
