package optim

import "fmt"

// Optimizer is a method together with its state for one parameter vector. It
// may not be used by several goroutines at the same time.
type Optimizer struct {
	method Method
	n      int
	state  State
}

// New returns an optimiser for n parameters that has done no step. It panics
// with *tensor.UsageError if the method's options are invalid; check options
// that come from outside with Validate first.
func New(m Method, n int) *Optimizer {
	if err := m.Validate(); err != nil {
		misuse("optim.New", "%v", err)
	}
	if n < 0 {
		misuse("optim.New", "%d parameters", n)
	}
	return &Optimizer{method: m, n: n, state: m.Init(n)}
}

// Method returns the update rule.
func (o *Optimizer) Method() Method { return o.method }

// Base returns the rates of the method's options, to hand to a [Schedule].
func (o *Optimizer) Base() Rates { return o.method.Base() }

// Step moves theta against grad by one step at the method's own rates. It
// panics with *tensor.UsageError if a length is not that given to New.
func (o *Optimizer) Step(theta, grad []float64) { o.StepAt(o.method.Base(), theta, grad) }

// StepAt is Step at rates set by a schedule.
func (o *Optimizer) StepAt(r Rates, theta, grad []float64) {
	if len(theta) != o.n || len(grad) != o.n {
		misuse("optim.Optimizer.StepAt", "%d parameters and %d gradient entries given to an optimiser for %d",
			len(theta), len(grad), o.n)
	}
	o.method.Update(theta, grad, &o.state, r)
}

// Steps returns the number of steps done.
func (o *Optimizer) Steps() int { return o.state.Step }

// State returns a copy of the state, to be saved.
func (o *Optimizer) State() State { return o.state.Clone() }

// Restore continues from a saved state, of which it takes a copy. A state of
// another method, of other options or of a model of another size is refused,
// and the optimiser stays as it was.
func (o *Optimizer) Restore(s State) error {
	if err := s.fits(o.method.Init(o.n), o.n); err != nil {
		return fmt.Errorf("optim: the saved state does not fit %s with %d parameters: %w; "+
			"resume with the optimiser and the model it was saved from", o.method.Name(), o.n, err)
	}
	o.state = s.Clone()
	return nil
}
