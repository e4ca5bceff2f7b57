package datasets

import (
	"errors"
	"slices"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Every row is in one fold, and the folds are alike in size and in strata.
func TestFolds(t *testing.T) {
	src := random.New(1, 1)
	for range 300 {
		n := 1 + int(src.Uint64()%60)
		k, classes := 1+int(src.Uint64()%uint64(n)), 1+src.Uint64()%6
		strata := make([]int, n)
		for i := range strata {
			strata[i] = int(src.Uint64() % classes)
		}
		seed := src.Uint64()
		folds := Folds(strata, k, seed)
		all := slices.Concat(folds...)
		slices.Sort(all)
		if !slices.Equal(all, upTo(n)) || len(folds) != k {
			t.Fatalf("%d folds of %d rows are %v", k, n, folds)
		}
		for stratum := range int(classes) + 1 { // the last one stands for all rows
			least, most := n, 0
			for _, fold := range folds {
				if !slices.IsSorted(fold) {
					t.Fatalf("fold %v is not ascending", fold)
				}
				count := len(fold)
				if stratum < int(classes) {
					count = 0
					for _, row := range fold {
						if strata[row] == stratum {
							count++
						}
					}
				}
				least, most = min(least, count), max(most, count)
			}
			if most > least+1 {
				t.Fatalf("stratum %d of %v has from %d to %d rows in the folds %v", stratum, strata, least, most, folds)
			}
		}
		if again := Folds(strata, k, seed); !slices.EqualFunc(folds, again, slices.Equal) {
			t.Fatalf("the same arguments gave %v and %v", folds, again)
		}
	}
}

// All pairs of rows are in the same fold equally often.
func TestFoldsAreRandom(t *testing.T) {
	const n, k, draws = 6, 3, 3000
	var together [n][n]int
	for seed := range uint64(draws) {
		for _, fold := range Folds(make([]int, n), k, seed) {
			together[fold[0]][fold[1]]++
		}
	}
	for i := range n {
		for j := i + 1; j < n; j++ { // 600 expected, with a standard deviation of 22
			if c := together[i][j]; c < 500 || c > 700 {
				t.Errorf("rows %d and %d were %d times of %d in a fold, want about %d", i, j, c, draws, draws/5)
			}
		}
	}
}

func TestFoldsUsage(t *testing.T) {
	for _, k := range []int{-1, 0, 4} {
		func() {
			defer func() {
				var usage *tensor.UsageError
				if err, ok := recover().(error); !ok || !errors.As(err, &usage) {
					t.Errorf("%d folds of 3 rows: panic %v, want a UsageError", k, err)
				}
			}()
			Folds(make([]int, 3), k, 1)
		}()
	}
}
