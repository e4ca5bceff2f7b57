package main

import (
	"context"
	"errors"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/mle"
)

// distance is how far a model without hidden layers that gradient descent trained
// is from the maximum-likelihood estimate.
type distance struct {
	certificate mle.Certificate // holds, or says why not
	overlap     bool            // the estimate exists, although the certificate does not hold
	missing     *missing        // why there is no estimate
}

// certify bounds the distance of the model from the optimum of the likelihood, with
// the class weights of the training.
func (o *outcome) certify(p *program) error {
	o.distance = &distance{}
	c := &o.distance.certificate
	switch {
	case o.settings.decays():
		c.Why = "with weight decay the objective is not the likelihood; --penalty l2 by maximum likelihood has a certificate"
	case o.settings.LabelSmoothing > 0:
		c.Why = "with label smoothing the objective is not the likelihood"
	case len(o.settings.PosWeight) > 1:
		c.Why = "the labels have weights of their own"
	}
	if c.Why != "" {
		return nil
	}
	options, err := o.settings.likelihood()
	if err != nil {
		return err
	}
	b, err := o.model.Coefficients(false)
	if err != nil {
		return err
	}
	coef := b.Values
	if options.NoIntercept {
		rows, columns := coef.Dims()
		coef = coef.Slice(0, rows, 1, columns).(*mat.Dense)
	}
	ctx, stop := p.interruptible()
	defer stop()
	watch := newIterations(p)
	defer watch.close()
	options.Observer = watch.observe
	*c, err = mle.Certify(ctx, o.train, coef, options)
	var none *mle.NoEstimateError
	var uncertified *mle.NotCertifiedError
	switch {
	case errors.As(err, &none):
		return o.certifyNone(ctx, options, none.Advice())
	case errors.As(err, &uncertified):
		return o.certifyNone(ctx, options, uncertified.Why)
	}
	return o.uncertified(err)
}

// certifyNone says why there is no certificate: there is no estimate, or it is out
// of reach.
func (o *outcome) certifyNone(ctx context.Context, options mle.Options, why string) error {
	e, err := mle.Fit(ctx, o.train, options)
	var none *mle.NoEstimateError
	switch {
	case err == nil:
		o.distance.overlap = true
		o.distance.certificate.Why = "the training ended too far from it for a bound"
		return nil
	case !errors.As(err, &none):
		o.distance.overlap = e != nil && e.Existence != nil && e.Existence.Exists()
		o.distance.certificate.Why = why
		return nil
	}
	o.distance.missing = o.missingOf(e, options)
	o.distance.certificate.Why = fmt.Sprintf("there is no maximum-likelihood estimate (%v)", o.distance.missing.status)
	return nil
}

// uncertified takes an error for the reason why there is no certificate: the model
// is trained, and worth saving, in any case.
func (o *outcome) uncertified(err error) error {
	var problem *mle.Error
	c := &o.distance.certificate
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		*c = mle.Certificate{Why: "interrupted"}
	case errors.As(err, &problem):
		*c = mle.Certificate{Why: problem.Problem}
	default:
		return o.inWords(err)
	}
	return nil
}

// exists reports whether what the training minimised is known to have a minimum:
// by the certificate, or because weight decay or label smoothing see to it.
func (o *outcome) exists() bool {
	return o.distance.certificate.Holds || o.distance.overlap || o.settings.decays() || o.settings.LabelSmoothing > 0
}

// distanceInWords says how far the model is from the optimum.
func (o *outcome) distanceInWords() string {
	c := &o.distance.certificate
	if !c.Holds {
		return fmt.Sprintf("the distance from the optimum is not certified: %s.", c.Why)
	}
	if o.settings.ClassWeight != "" || o.settings.PosWeight != nil {
		return fmt.Sprintf("at most %s nats from the optimum of the objective; every coefficient within %s %s of it.", upTo(c.Gap), upTo(c.Distance), weightedUnit)
	}
	text := fmt.Sprintf("at most %s nats from the maximum of the log-likelihood; every coefficient within %s standard errors of the maximum-likelihood estimate", upTo(c.Gap), upTo(c.Distance))
	switch digits := digitsOf(c.Distance); {
	case digits > 0:
		text += fmt.Sprintf(", %.0f digits of a standard error", digits)
	default:
		text += ": not a digit of a standard error is right"
	}
	return text + "."
}

// strictly returns the error of --strict for a model trained by gradient descent.
func (o *outcome) strictly() error {
	if d := o.distance; o.settings.Strict && d != nil && !d.certificate.Holds {
		return &strictError{fmt.Sprintf("%s: no certificate: %s", o.data.Name, d.certificate.Why)}
	}
	return nil
}
