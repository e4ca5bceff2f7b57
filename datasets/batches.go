package datasets

import (
	"fmt"
	"iter"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Batches deals the rows 0…n-1 out in batches, in a new order every epoch. The
// order is a function of (n, seed, epoch) alone: to resume, it is enough to know
// the epoch and the number of the next batch.
type Batches struct {
	size  int
	seed  uint64
	order []int
	src   random.Source
}

// NewBatches prepares batches of size rows; the last of an epoch may be smaller.
// It panics unless n ≥ 0 and size ≥ 1.
func NewBatches(n, size int, seed uint64) *Batches {
	if n < 0 || size < 1 {
		panic(&tensor.UsageError{Op: "datasets.NewBatches", Problem: fmt.Sprintf("cannot deal %d rows in batches of %d", n, size)})
	}
	return &Batches{size: size, seed: seed, order: make([]int, n)}
}

// Len returns the number of batches in an epoch.
func (b *Batches) Len() int { return (len(b.order) + b.size - 1) / b.size }

// Epoch yields the batches of an epoch from number first on: the number and the
// rows. The rows are valid until the next Epoch begins and must not be changed;
// they use the same memory every epoch, so only one Epoch may run at a time. It
// panics if first is not in 0…Len().
func (b *Batches) Epoch(epoch uint64, first int) iter.Seq2[int, []int] {
	if first < 0 || first > b.Len() {
		panic(&tensor.UsageError{Op: "datasets.Batches.Epoch", Problem: fmt.Sprintf("cannot start at batch %d of %d", first, b.Len())})
	}
	return func(yield func(int, []int) bool) {
		for i := range b.order {
			b.order[i] = i
		}
		b.src.Reset(b.seed, streamBatches, epoch)
		shuffle(b.order, &b.src)
		for k := first; k < b.Len(); k++ {
			end := min((k+1)*b.size, len(b.order))
			if !yield(k, b.order[k*b.size:end:end]) {
				return
			}
		}
	}
}
