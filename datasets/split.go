package datasets

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Streams of random numbers, one for each use, so that the same seed serves all.
const (
	streamSplit uint64 = 0x64617461_00000000 + iota
	streamBatches
	streamMoons
	streamXOR
	streamFolds
)

// shuffle puts order in an order drawn uniformly from all (Fisher–Yates). It is
// written out because the reproducibility of a run must not depend on the
// version of a library.
func shuffle(order []int, src *random.Source) {
	for i := len(order) - 1; i > 0; i-- {
		j := below(uint64(i)+1, src)
		order[i], order[j] = order[j], order[i]
	}
}

// below returns a number drawn uniformly from 0…n-1 (Lemire, "Fast random
// integer generation in an interval", TOMACS 2019).
func below(n uint64, src *random.Source) uint64 {
	high, low := bits.Mul64(src.Uint64(), n)
	if low < n {
		for least := -n % n; low < least; {
			high, low = bits.Mul64(src.Uint64(), n)
		}
	}
	return high
}

func upTo(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// Split divides the row numbers 0…n-1 at random: round(fraction·n) are held out,
// the others are for training. Both lists are ascending, and a function of the
// arguments alone. It panics unless 0 ≤ fraction < 1 and n ≥ 0.
func Split(n int, fraction float64, seed uint64) (train, held []int) {
	checkSplit("datasets.Split", n, fraction)
	order := upTo(n)
	shuffle(order, random.New(seed, streamSplit))
	k := int(math.Round(fraction * float64(n)))
	held, train = order[:k:k], order[k:]
	slices.Sort(held)
	slices.Sort(train)
	return train, held
}

// SplitClasses is Split class by class (stratified): of a class of m rows,
// fraction·m are held out, rounded down or up so that round(fraction·n) are held
// out in all where the following allows it: a row of every class stays for
// training, so a class of one row is never held out. Labels are the classes of
// the rows, numbered from 0. It panics unless 0 ≤ fraction < 1.
func SplitClasses(labels []int, fraction float64, seed uint64) (train, held []int) {
	checkSplit("datasets.SplitClasses", len(labels), fraction)
	var classes [][]int
	for row, label := range labels {
		if label < 0 {
			panic(&tensor.UsageError{Op: "datasets.SplitClasses", Problem: fmt.Sprintf("label %d of row %d is negative", label, row)})
		}
		for label >= len(classes) {
			classes = append(classes, nil)
		}
		classes[label] = append(classes[label], row)
	}
	take := quotas(classes, len(labels), fraction)
	for label, rows := range classes {
		shuffle(rows, random.New(seed, streamSplit, uint64(label)+1))
		held = append(held, rows[:take[label]]...)
		train = append(train, rows[take[label]:]...)
	}
	slices.Sort(held)
	slices.Sort(train)
	return train, held
}

// quotas returns how many rows of each class to hold out: the whole part of its
// share, and one more for the largest remainders until the total is right.
func quotas(classes [][]int, n int, fraction float64) []int {
	take := make([]int, len(classes))
	remainder := make([]float64, len(classes))
	missing := int(math.Round(fraction * float64(n)))
	for c, rows := range classes {
		whole, part := math.Modf(fraction * float64(len(rows)))
		take[c], remainder[c] = int(whole), part
		missing -= take[c]
	}
	byRemainder := upTo(len(classes))
	slices.SortStableFunc(byRemainder, func(a, b int) int { return cmp.Compare(remainder[b], remainder[a]) })
	for _, c := range byRemainder {
		if missing > 0 && remainder[c] > 0 && take[c]+1 < len(classes[c]) {
			take[c]++
			missing--
		}
	}
	return take
}

func checkSplit(op string, n int, fraction float64) {
	if n < 0 || !(fraction >= 0 && fraction < 1) {
		panic(&tensor.UsageError{Op: op, Problem: fmt.Sprintf("cannot hold out the fraction %v of %d rows; it must be at least 0 and below 1", fraction, n)})
	}
}
