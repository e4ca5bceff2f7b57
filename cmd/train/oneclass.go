package main

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/trainer"
)

// reportOneClass reports the finding that there is nothing to fit.
func (f *fitCmd) reportOneClass(p *program, t *task, class string) error {
	none := func() []picture {
		return absent("every outcome is "+class+", and no model is fitted", fitPictures()...)
	}
	if err := f.save(nil, t.oneClassJSON(class), none); err != nil {
		return err
	}
	err := p.print(func(w *page) {
		t.printData(w)
		w.entry("Finding", "every outcome is %s: there is nothing to tell apart, and no model is fitted.", class)
		if f.JSON != "" {
			w.entry("Written", "%s", f.JSON)
		}
		f.printOlder(w)
		f.gallery.print(w)
	})
	if err == nil && f.Settings.Strict {
		return &strictError{fmt.Sprintf("%s: every outcome is %s, and --strict was given", t.data.Name, class)}
	}
	return err
}

// oneClassJSON returns the result for scripts. Only of counts is the other class
// known, whose coefficients there would be.
func (t *task) oneClassJSON(class string) *fitJSON {
	j := t.describe()
	j.Model, j.Solver, j.Status = trainer.Binary.String(), "none", mle.OneClass.String()
	m := &missing{status: mle.OneClass}
	j.likelihoodJSON = &likelihoodJSON{Certificate: m.certificate(), missingJSON: missingJSON{SupLogLik: defined(0)}}
	j.Objective, j.LogLikNull = defined(0), defined(0)
	s := t.data.Schema
	if s.Successes == "" {
		j.Classes, j.Reference = []string{class}, ""
		return j
	}
	j.CoefRows = []string{s.Successes}
	signs := make([]string, len(j.Terms))
	for i := range signs {
		signs[i] = mle.Either.String()
	}
	signs[0] = mle.MinusInfinity.String() // of the intercept
	if class == s.Successes {
		signs[0] = mle.PlusInfinity.String()
	}
	nothing := [][]*metrics.Number{make([]*metrics.Number, len(j.Terms))}
	j.Coefficient, j.FinitePart = [][]string{signs}, &finiteJSON{Coef: nothing, SE: nothing}
	return j
}
