package trainer

// EarlyStopping watches a loss on held-out data. Its state is in its fields:
// a copy is a checkpoint.
type EarlyStopping struct {
	Patience int     `json:"patience"` // epochs without improvement to allow; 0: never stop
	Best     float64 `json:"best"`     // smallest loss so far
	Epoch    int     `json:"epoch"`    // its epoch, counted from 1; 0 before the first
	Since    int     `json:"since"`    // epochs since then
}

// Update takes the loss after an epoch. It reports whether it is the best so
// far, and whether patience is exhausted.
func (e *EarlyStopping) Update(epoch int, loss float64) (best, stop bool) {
	if e.Epoch == 0 || loss < e.Best {
		e.Best, e.Epoch, e.Since = loss, epoch, 0
		return true, false
	}
	e.Since++
	return false, e.exhausted()
}

func (e *EarlyStopping) exhausted() bool { return e.Patience > 0 && e.Since >= e.Patience }
