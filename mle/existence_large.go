package mle

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	all, err := s.aliases(ctx)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return "; leave out a column of each relation: " + listed(relationsOf(all)), nil
}

// aliases returns the columns that depend on those before them, exactly or up to
// rounding.
func (s *solver) aliases(ctx context.Context) ([]Alias, error) {
	space, err := s.columns(ctx)
	if err != nil {
		return nil, err
	}
	near, err := s.relations(ctx)
	switch {
	case err != nil:
		return nil, err
	case space.Rank() == s.p.terms:
		return near.aliases, nil
	}
	exact, err := s.p.aliases(ctx, space)
	return slices.Concat(near.aliases, exact), err
}

func relationsOf(all []Alias) (relations []string) {
	for _, a := range all {
		relations = append(relations, a.Relation)
	}
	return relations
}
