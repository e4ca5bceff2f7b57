package mle

import (
	"context"
	"errors"
	"fmt"
)

// unexamined returns, for the error of a solver that found no maximum of a
// problem too large for existence to be decided, what can be said of it still:
// which columns depend on others, or whether the steps came to an end.
func (s *solver) unexamined(ctx context.Context, err error) error {
	p := s.p
	size := fmt.Sprintf("with %d parameters, more than %d, whether a maximum exists is not examined further", p.size(), largestExamined)
	why, problem := s.dependence(ctx)
	var uncertified *NotCertifiedError
	switch {
	case problem != nil:
		return problem
	case why != "":
		why = "the columns are linearly dependent" + why + ". Fit with a penalty otherwise"
	case errors.As(err, &uncertified) && s.iterations >= s.maxIterations():
		why = uncertified.Why + "; " + size + ". Allow more iterations if it falls; if it does not, the data are probably separated: fit with a penalty"
	default:
		why = "the data are probably separated; " + size + ". Fit with a penalty"
	}
	return &NotCertifiedError{s.iterations, why}
}

// dependence says how columns depend on those before them, and nothing if they do
// not: what can be told at a glance, or else the first relations. Those of
// thousands of columns are not looked for.
func (s *solver) dependence(ctx context.Context) (string, error) {
	if plain := s.p.dependence(); plain != "" || s.p.terms > largestExamined {
		return plain, nil
	}
	space, err := s.columns(ctx)
	if err != nil || space.Rank() == s.p.terms {
		return "", err
	}
	aliases, err := s.p.aliases(ctx, space)
	var all []string
	for _, a := range aliases {
		all = append(all, a.Relation)
	}
	return "; leave out a column of each relation: " + listed(all), err
}
