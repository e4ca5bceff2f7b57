package datasets

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Folds divides the row numbers 0…len(strata)-1 at random into k folds, each of
// which is held out once in a cross-validation. The folds differ in size by one
// row at most, and so do the rows of each stratum that they have: strata are the
// classes of the rows, numbered from 0, or the same number for all where the
// folds need not be alike. Every fold is ascending, and a function of the
// arguments alone. It panics unless 1 ≤ k ≤ len(strata).
func Folds(strata []int, k int, seed uint64) [][]int {
	n := len(strata)
	if k < 1 || k > n {
		panic(&tensor.UsageError{Op: "datasets.Folds", Problem: fmt.Sprintf("cannot divide %d rows into %d folds", n, k)})
	}
	order := upTo(n)
	shuffle(order, random.New(seed, streamFolds))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(strata[a], strata[b]) })
	folds := make([][]int, k)
	for i, row := range order { // dealt like cards
		folds[i%k] = append(folds[i%k], row)
	}
	for _, fold := range folds {
		slices.Sort(fold)
	}
	return folds
}
