package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/mle"
)

// limitInference is what the likelihood says where it has no maximum, or many. What
// was not asked for is nil.
type limitInference struct {
	level   float64
	profile *profileIntervals
	tests   *tests
	notes   []string // on what there is not
}

// infer takes from the likelihood what the settings ask for although it has no
// maximum, or many: intervals that are open on one side, and tests of suprema.
func (m *missing) infer(ctx context.Context, s *settings, watch *iterations) error {
	if s.Robust {
		m.note("No robust standard errors: there is no estimate for them to be of.")
	}
	switch asked := s.Profile || s.Tests; {
	case !asked:
		return nil
	case len(m.rows) == 0 || m.status == mle.OneClass && m.whole.Labels == nil:
		m.note("No profile intervals or tests: the observations are of one class.")
		return nil
	}
	m.level = plain(s.Level)
	if m.level == 0 {
		m.level = 0.95
	}
	if s.Profile {
		if err := m.bound(ctx, watch); err != nil {
			return err
		}
	}
	if !s.Tests {
		return nil
	}
	all, err := m.whole.LikelihoodRatioTests(ctx)
	if why, ok := refusal(err); ok {
		m.note("No likelihood-ratio tests: " + why + ".")
		return nil
	}
	if m.whole.Labels != nil {
		m.note("Tests of all labels together assume that these are independent given the features.")
	}
	m.tests = &tests{all: all}
	return err
}

func (m *missing) note(text string) { m.notes = append(m.notes, text) }

// bound finds the profile-likelihood intervals of all coefficients, the whole line
// where one cannot be found.
func (m *missing) bound(ctx context.Context, watch *iterations) error {
	p := &profileIntervals{mat.NewDense(len(m.rows), len(m.terms), nil), mat.NewDense(len(m.rows), len(m.terms), nil)}
	failed, first, at := 0, "", 0
	for _, one := range single(m.whole) {
		for k := range one.Rows {
			for j := range m.terms {
				watch.phase(fmt.Sprintf("profile interval %d of %d", at*len(m.terms)+j+1, len(m.rows)*len(m.terms)))
				i, err := one.Profile(ctx, k, j, m.level)
				if why, ok := refusal(err); ok {
					if failed++; first == "" {
						first = why
					}
					i = mle.Interval{Low: math.Inf(-1), High: math.Inf(1)}
				} else if err != nil {
					return err
				}
				p.low.Set(at, j, i.Low)
				p.high.Set(at, j, i.High)
			}
			at++
		}
	}
	m.profile = p
	if failed > 0 {
		m.note(fmt.Sprintf("%s not found and shown as the whole line: %s.", plural(failed, "interval"), first))
	}
	return nil
}

// refusal returns the reason why something of an estimate was not computed, and
// whether that is what the error says.
func refusal(err error) (string, bool) {
	var problem *mle.Error
	var uncertified *mle.NotCertifiedError
	switch {
	case errors.As(err, &problem):
		return problem.Problem, true
	case errors.As(err, &uncertified):
		return uncertified.Why, true
	}
	return "", false
}

// printContrasts writes the comparisons of classes that have a limit although those
// with the reference class have none.
func (m *missing) printContrasts(w *page) {
	const most = 6
	all := m.contrasts()
	for _, c := range all[:min(most, len(all))] {
		class, against := m.rows[c.Row], m.rows[c.Against]
		w.line("")
		w.line("%s against %s, which stays finite (--reference %s)", class, against, against)
		rows := [][]string{{"", "limit", "std. error"}}
		limits, errors := aligned(c.Coef), alignedTo(5, c.SE)
		for j, term := range m.terms {
			row := []string{term, limits[j], errors[j]}
			if math.IsNaN(c.Coef[j]) {
				row[1], row[2] = "not determined", "-"
			}
			rows = append(rows, row)
		}
		w.table(rows)
	}
	if more := len(all) - most; more > 0 {
		w.item("%s more (--json has all).", plural(more, "pair"))
	}
}

// contrasts returns those of the only part; labels have none.
func (m *missing) contrasts() []mle.Contrast {
	if m.whole.Existence == nil {
		return nil
	}
	return m.whole.Existence.Contrasts
}

// contrastsJSON returns the contrasts for scripts.
func (m *missing) contrastsJSON() (all []contrastJSON) {
	for _, c := range m.contrasts() {
		coef, se := mat.NewDense(1, len(c.Coef), c.Coef), mat.NewDense(1, len(c.SE), c.SE)
		all = append(all, contrastJSON{m.rows[c.Row], m.rows[c.Against], identified(coef)[0], identified(se)[0]})
	}
	return all
}

// endsOf writes ends of intervals, infinite ones as limits are written.
func endsOf(values []float64) []string {
	texts := alignedTo(5, values)
	for i, x := range values {
		if math.IsInf(x, 0) {
			texts[i] = strings.ToLower(fmt.Sprintf("%+*g", len(texts[i]), x))
		}
	}
	return texts
}

// printInference writes what infer found, less the intervals.
func (m *missing) printInference(w *page) {
	m.tests.print(w)
	for i, text := range m.notes {
		if i == 0 {
			w.line("")
		}
		w.item("%s", text)
	}
}
