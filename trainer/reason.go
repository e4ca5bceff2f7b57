package trainer

import "fmt"

// Reason says why a run stopped.
type Reason uint8

const (
	Completed    Reason = iota // all epochs were done
	Converged                  // the gradient is below the tolerance
	EarlyStopped               // the held-out loss stopped improving; the best parameters were restored
	Interrupted                // the context was cancelled; the run can be resumed
	Failed                     // with the error that Run returned
)

var reasonNames = []string{"completed", "converged", "early stopped", "interrupted", "failed"}

// String returns the reason in words.
func (r Reason) String() string { return reasonNames[r] }

// NonFiniteError stops a run whose loss or gradient is NaN or infinite. The
// parameters are those before the step that would have been.
type NonFiniteError struct {
	Epoch, Batch int   // counted from 0
	Rows         []int // of the batch, in the training data; nil: all of them
	Loss         float64
	Param        string // the first parameter whose gradient is not finite; "" if the loss is not
}

func (e *NonFiniteError) Error() string {
	what := fmt.Sprintf("the loss is %g", e.Loss)
	if e.Param != "" {
		what = fmt.Sprintf("the gradient of %s is not finite (loss %g)", e.Param, e.Loss)
	}
	return fmt.Sprintf("epoch %d, batch %d: %s; lower the learning rate, clip the gradient, or standardize the features",
		e.Epoch+1, e.Batch+1, what)
}
