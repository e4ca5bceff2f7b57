package mle

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// Solvers that reach their limit say so, and not that the data are separated,
// which they are not.
func TestIterationLimit(t *testing.T) {
	for _, o := range []Options{{}, {Penalty: L2}, {Penalty: L1}, {Penalty: LogF}, {Solver: LBFGS}, {Solver: NewtonCG, Penalty: L2}} {
		o.MaxIterations = 1
		_, err := Fit(context.Background(), plantedData(200, 3, 3), o)
		var no *NotCertifiedError
		if !errors.As(err, &no) || no.Iterations != 1 || !strings.Contains(no.Why, "that is the limit") || strings.Contains(no.Why, "separated") {
			t.Errorf("%v, %v: %v", o.Penalty, o.Solver, err)
		}
	}
}
