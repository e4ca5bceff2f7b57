package trainer

// Observer is told of the progress of a run, from the goroutine that runs it.
type Observer interface {
	Observe(Event)
}

// ObserverFunc makes a function an Observer.
type ObserverFunc func(Event)

// Observe calls f.
func (f ObserverFunc) Observe(e Event) { f(e) }

// Event is a finished batch, or a finished epoch when Summary is set.
type Event struct {
	Epoch, Epochs int // counted from 0
	Batch         int // counted from 0, in this epoch
	Batches       int
	Rows          int     // in this batch
	Loss          float64 // mean over the batch, before its update
	GradientNorm  float64 // before clipping
	LearningRate  float64
	Summary       *Epoch
}

// Epoch is what is known after an epoch; it is a line of the history.
type Epoch struct {
	Epoch        int     `json:"epoch"` // counted from 1
	Loss         float64 `json:"loss"`  // mean over the epoch's batches, each before its update, nats
	LearningRate float64 `json:"learning_rate"`
	GradientNorm float64 `json:"gradient_norm"` // of the last batch
	// On held-out data, after the epoch; absent without any.
	HeldLoss     *float64 `json:"held_loss,omitempty"`
	HeldAccuracy *float64 `json:"held_accuracy,omitempty"`
}
