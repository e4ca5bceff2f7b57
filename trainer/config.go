package trainer

import (
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/optim"
)

// Config says how to train. The zero value, with Epochs, is gradient descent
// on all rows at PyTorch's default learning rate.
type Config struct {
	Loss Loss
	// Method is the update rule; nil means optim.SGD{}.
	Method optim.Method
	// Schedule varies the rates; nil means they are constant. It counts epochs,
	// or batches if PerBatch.
	Schedule optim.Schedule
	PerBatch bool
	// Restart makes SGD with Nesterov momentum and full batches an accelerated
	// method without a parameter to tune: the momentum grows as k/(k+3) and is
	// dropped whenever it points uphill (O'Donoghue & Candès 2015, "Adaptive
	// restart for accelerated gradient schemes"). It replaces Schedule.
	Restart bool
	// ClipNorm bounds the Euclidean norm of the gradient; 0 means no bound.
	ClipNorm float64
	// BatchSize is the number of rows of a step; 0 means all.
	BatchSize int
	Epochs    int
	// Tolerance stops a run with full batches when no entry of the gradient of
	// what is minimised is larger: the mean loss, and ½λ‖θ‖² with the coupled
	// weight decay λ.
	Tolerance float64
	// StopSeparated stops a run of a model without hidden layers, with full
	// batches, when the losses prove that the classes are separated, for their
	// sum is so small that every outcome has a probability above 1/2, and their
	// mean is below 0.001 nats. The likelihood then has no maximum; with larger
	// coefficients it comes as close to 1 as one likes.
	StopSeparated bool
	// Patience stops a run when the held-out loss has not improved for so many
	// epochs, and brings the best parameters back; 0 means never.
	Patience int
	Seed     uint64
}

// Loss has the options of the loss that the kind of target determines.
type Loss struct {
	ClassWeight    []float64 // per class, reference class first for two; nil: all 1
	LabelSmoothing float64
	PosWeight      []float64 // per label, or one for all; nil: 1
}

func (c *Config) validate(held bool) error {
	switch {
	case c.Epochs < 0:
		return fmt.Errorf("%d epochs", c.Epochs)
	case c.BatchSize < 0:
		return fmt.Errorf("a batch of %d rows", c.BatchSize)
	case c.Patience > 0 && !held:
		return fmt.Errorf("early stopping needs held-out data")
	case c.Tolerance > 0 && c.BatchSize > 0:
		return fmt.Errorf("a tolerance for the gradient needs full batches: the gradient of a batch does not vanish")
	case c.StopSeparated && c.BatchSize > 0:
		return fmt.Errorf("separated classes show in full batches only")
	case !(c.ClipNorm >= 0) || math.IsInf(c.ClipNorm, 0):
		return fmt.Errorf("a gradient norm of %g", c.ClipNorm)
	case !(c.Tolerance >= 0) || math.IsInf(c.Tolerance, 0):
		return fmt.Errorf("a tolerance of %g", c.Tolerance)
	case c.Patience < 0:
		return fmt.Errorf("a patience of %d epochs", c.Patience)
	case c.Restart && c.BatchSize > 0:
		return fmt.Errorf("restarts of the momentum need full batches")
	}
	if c.Restart {
		if m, ok := c.Method.(optim.SGD); !ok || !m.Nesterov {
			return fmt.Errorf("restarts of the momentum need SGD with Nesterov momentum")
		}
	}
	if _, decoupled := WeightDecay(c.Method); decoupled && c.Tolerance > 0 {
		return fmt.Errorf("a tolerance for the gradient needs an objective; decoupled weight decay minimises none")
	}
	if err := c.Schedule.Validate(); err != nil {
		return err
	}
	return c.Method.Validate()
}
