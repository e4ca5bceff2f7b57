package mle

import (
	"fmt"
	"strconv"
)

// Error says what about the data or the options makes a fit impossible.
type Error struct {
	Column  string // name of the term, if it is about one
	Problem string // what was found and what to do about it
}

func (e *Error) Error() string {
	if e.Column == "" {
		return "mle: " + e.Problem
	}
	return "mle: column " + strconv.Quote(e.Column) + ": " + e.Problem
}

// NotCertifiedError is returned where a solver ended at a point that could not
// be proved to be near an optimum: there is none, or it is out of reach.
type NotCertifiedError struct {
	Iterations int
	Why        string
}

func (e *NotCertifiedError) Error() string {
	return fmt.Sprintf("mle: no certified optimum after %d iterations: %s", e.Iterations, e.Why)
}
