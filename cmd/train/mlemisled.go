package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/surprisal-ml/surprisal/mle"
)

// warning says of which coefficients Wald tests mislead: a larger effect would
// give a smaller z (the Hauck–Donner effect).
type warning struct {
	of      []place
	skipped bool // it was too much work to find out
}

// A place is that of a coefficient.
type place struct {
	Row  string `json:"row"`
	Term string `json:"term"`
}

// misled looks for the Hauck–Donner effect, unless the data are so large that it
// would take longer than the fit.
func (l *likelihood) misled(ctx context.Context, parameters int) (*warning, error) {
	const most = 1e9
	e := l.estimate
	if float64(l.train.Len())*float64(len(e.Terms))*float64(parameters) > most {
		return &warning{skipped: true}, nil
	}
	w := &warning{of: []place{}}
	for _, one := range single(e) {
		slope, err := one.HauckDonner(ctx)
		if err != nil {
			return nil, err
		}
		rows, terms := slope.Dims()
		for k := range rows {
			for j := range terms {
				if slope.At(k, j) < 0 {
					w.of = append(w.of, place{one.Rows[k], e.Terms[j]})
				}
			}
		}
	}
	return w, nil
}

// print writes the warning, and how to do better with flags that were not given.
func (m *warning) print(w *page, s *settings, e *mle.Estimate) {
	const most = 8
	switch {
	case m == nil, !m.skipped && len(m.of) == 0:
		return
	case m.skipped:
		w.line("")
		w.item("Not examined, for the size of the data: whether z and p of large coefficients mislead (Hauck–Donner effect).")
		return
	}
	var names []string
	for _, c := range m.of {
		name := quoted([]string{c.Term})[0]
		if len(e.Rows) > 1 {
			name += " for " + quoted([]string{c.Row})[0]
		}
		names = append(names, name)
	}
	what := "z, p and interval"
	var better []string
	if s.Profile {
		what = "z and p"
	} else {
		better = append(better, "--profile gives intervals")
	}
	if !s.Tests {
		better = append(better, "--tests gives likelihood-ratio tests")
	}
	text := fmt.Sprintf("Do not trust %s of %s: a larger effect would give a smaller z (Hauck–Donner effect).", what, enumerate(names, most))
	if len(better) > 0 {
		text += " " + strings.Join(better, " and ") + " that do not suffer from it."
	}
	w.line("")
	w.item("%s", text)
}

// json returns what is known of the effect; nil if nothing is.
func (m *warning) json() *[]place {
	if m == nil || m.skipped {
		return nil
	}
	return &m.of
}
