package trainer

import "fmt"

// Reason says why a run stopped.
type Reason uint8

const (
	Completed    Reason = iota // all epochs were done
	Converged                  // the gradient is below the tolerance
	Separated                  // the classes are separated: the likelihood has no maximum
	EarlyStopped               // the held-out loss stopped improving; the best parameters were restored
	Interrupted                // the context was cancelled; the run can be resumed
	Failed                     // with the error that Run returned
)

var reasonNames = []string{"completed", "converged", "separated", "early stopped", "interrupted", "failed"}

// String returns the reason in words.
func (r Reason) String() string { return reasonNames[r] }

// NonFiniteError stops a run whose loss or gradient is NaN or infinite. The
// parameters are those before the step that would have been.
type NonFiniteError struct {
	Epoch, Batch int   // counted from 0
	Rows         []int // of the batch, in the training data; nil: all of them
	Loss         float64
	Param        string // the first parameter whose gradient is not finite; "" if the loss is not
	Held         bool   // the loss is that on the held-out rows, after the epoch
	Scaled       bool   // the classifier scales its features
}

func (e *NonFiniteError) Error() string {
	if e.Held {
		return fmt.Sprintf("epoch %d: the loss on the held-out rows is %g; look there for numbers far outside of the others, or lower the learning rate",
			e.Epoch+1, e.Loss)
	}
	advice := "lower the learning rate, clip the gradient, or standardize the features"
	if e.Scaled {
		advice = "lower the learning rate or clip the gradient"
	}
	what := fmt.Sprintf("the loss is %g", e.Loss)
	if e.Param != "" {
		what = fmt.Sprintf("the gradient of %s is not finite (loss %g)", e.Param, e.Loss)
	}
	return fmt.Sprintf("epoch %d, batch %d: %s; %s", e.Epoch+1, e.Batch+1, what, advice)
}
