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

// So do those of problems whose existence is not decided, with what to do then.
func TestIterationLimitOfManyParameters(t *testing.T) {
	_, err := Fit(context.Background(), plantedData(800, 210, 6), Options{MaxIterations: 2, Solver: LBFGS})
	var no *NotCertifiedError
	if !errors.As(err, &no) || !strings.Contains(no.Why, "that is the limit") || !strings.Contains(no.Why, "Allow more iterations") {
		t.Error(err)
	}
}

// An estimate says which solver ran, and how often it read the rows.
func TestSolverThatRan(t *testing.T) {
	for _, c := range []struct {
		o    Options
		k    int
		want Solver
	}{
		{Options{}, 2, Newton},
		{Options{Solver: LBFGS}, 3, LBFGS},
		{Options{Solver: NewtonCG, Penalty: L2}, 3, NewtonCG},
		{Options{Penalty: L1}, 2, ProximalNewton},
		{Options{Penalty: L1, Solver: Newton}, 2, ProximalNewton},
		{Options{Penalty: ElasticNet, L1Ratio: 0.5, Solver: ProximalNewton}, 3, ProximalNewton},
		{Options{Penalty: LogF}, 2, Newton},
	} {
		f := fit(t, plantedData(400, 3, c.k), c.o)
		if least := float64(f.Iterations + 1); f.Solver != c.want || f.Passes < least || f.Passes > 20*least {
			t.Errorf("%+v: %v, %d iterations, %g passes", c.o, f.Solver, f.Iterations, f.Passes)
		}
	}
	// Most of a large fit's steps are those of its sample.
	if f := fit(t, plantedData(40000, 20, 2), Options{}); f.Solver != Newton || f.Passes < 3 || f.Passes > 8 {
		t.Errorf("%v, %d iterations, %g passes", f.Solver, f.Iterations, f.Passes)
	}
	var bad *Error
	if _, err := Fit(t.Context(), plantedData(40, 2, 2), Options{Solver: ProximalNewton, Penalty: L2}); !errors.As(err, &bad) {
		t.Errorf("proximal Newton without absolute values: %v", err)
	}
}
