package mle

import (
	"fmt"
	"strconv"

	"github.com/surprisal-ml/surprisal/datasets"
)

// checkIntercept returns an error if a class has no weight and there is an
// intercept, which is not penalised: it would go to infinity.
func (p *problem) checkIntercept(s *datasets.Schema, penalty Penalty, label int) error {
	if !p.intercept {
		return nil
	}
	for k, total := range p.classTotals() {
		if total > 0 {
			continue
		}
		var class string
		if s.Labels != nil {
			class = []string{s.Labels[label].Negative, s.Labels[label].Positive}[k]
			class = fmt.Sprintf("%q of label %q", class, s.Labels[label].Name)
		} else {
			class = strconv.Quote(classNames(s, p.first)[k])
		}
		return &Error{Problem: fmt.Sprintf("class %s has no rows with a weight: its intercept, which the penalty %v leaves free, would go to infinity, and no optimum exists. "+
			"Leave the class out, or fit without an intercept", class, penalty)}
	}
	return nil
}
