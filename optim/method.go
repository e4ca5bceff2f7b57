package optim

import (
	"cmp"
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Method is an update rule with its options: immutable plain data, so that one
// value can serve any number of optimisers and goroutines. [SGD], [Adam],
// [AdamW], [RMSprop] and [Adagrad] are the methods of this package.
type Method interface {
	// Name is PyTorch's name of the rule: "SGD", "AdamW".
	Name() string

	// Validate reports the first option that makes no sense, by name.
	Validate() error

	// Base returns the rates the options ask for, which a Schedule then varies.
	Base() Rates

	// Init returns the state before the first step for n parameters.
	Init(n int) State

	// Update does one step: it moves theta against grad at the given rates and
	// advances s, which Init made for len(theta) parameters. The gradient is
	// not changed. Update panics with *tensor.UsageError when lengths differ.
	Update(theta, grad []float64, s *State, r Rates)
}

// Rates are the quantities that a schedule may set anew at each step.
type Rates struct {
	LR       float64 // the learning rate
	Momentum float64 // SGD's and RMSprop's momentum, Adam's beta1; Adagrad has none
}

// Zero stands for the number 0 in an option whose zero value means a default
// other than 0. It is the smallest positive float64, which no option needs.
const Zero = math.SmallestNonzeroFloat64

// option returns the number that an option's value v stands for.
func option(v, byDefault float64) float64 {
	switch v {
	case 0:
		return byDefault
	case Zero:
		return 0
	}
	return v
}

// begin starts a step of an update rule: it panics unless theta, grad and the
// moments of s have one length, and counts the step.
func begin(op string, theta, grad []float64, s *State) {
	n := len(theta)
	if len(grad) != n {
		misuse(op, "%d parameters and %d gradient entries", n, len(grad))
	}
	for i := range s.Moments {
		if m := &s.Moments[i]; len(m.Values) != n && len(m.Values) != 0 {
			misuse(op, "%d parameters and a state whose %s has %d entries", n, m.Name, len(m.Values))
		}
	}
	s.Step++
}

// misuse panics with the module's error for mistakes of the programmer.
func misuse(op, format string, args ...any) {
	panic(&tensor.UsageError{Op: op, Problem: fmt.Sprintf(format, args...)})
}

// atLeastZero reports an option that is negative or not finite.
func atLeastZero(of, name string, v float64) error {
	if v >= 0 && v <= math.MaxFloat64 {
		return nil
	}
	return fmt.Errorf("optim.%s: %s is %v; give a finite number, at least 0", of, name, v)
}

// aboveZero reports an option that is negative, Zero or not finite; its zero
// value means a default.
func aboveZero(of, name string, v float64) error {
	if v == 0 || v > Zero && v <= math.MaxFloat64 {
		return nil
	}
	return fmt.Errorf("optim.%s: %s is %v; give a finite number above 0", of, name, v)
}

// belowOne reports an option outside [0, 1).
func belowOne(of, name string, v float64) error {
	if v >= 0 && v < 1 {
		return nil
	}
	return fmt.Errorf("optim.%s: %s is %v; give a number in [0, 1)", of, name, v)
}

// first returns the first error, or nil.
func first(errs ...error) error { return cmp.Or(errs...) }
