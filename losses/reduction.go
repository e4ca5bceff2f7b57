package losses

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Reduction says how the losses of the elements or rows become one number.
type Reduction uint8

const (
	// Mean divides the sum by what each loss says it counts: elements, rows or
	// the sum of weights.
	Mean Reduction = iota
	// Sum adds up: the sum of a cross-entropy is a negative log-likelihood.
	Sum
	// None leaves the losses as they are: n×1 for a loss of rows, the shape of
	// the input for a loss of elements.
	None
	// BatchMean divides the sum by the number of rows. Only [KLDiv] has it.
	BatchMean
)

func (r Reduction) String() string {
	switch r {
	case Mean:
		return "mean"
	case Sum:
		return "sum"
	case None:
		return "none"
	case BatchMean:
		return "batchmean"
	}
	return fmt.Sprintf("Reduction(%d)", uint8(r))
}

// rowsOut is the number of rows of the result of a loss of n rows.
func (r Reduction) rowsOut(n int) int {
	if r == None {
		return n
	}
	return 1
}

func misuse(loss, format string, args ...any) *tensor.UsageError {
	return &tensor.UsageError{Op: "losses." + loss, Problem: fmt.Sprintf(format, args...)}
}

// checkReduction checks that r is one of Mean, Sum, None and so on to last.
func checkReduction(loss string, r, last Reduction) {
	if r > last {
		panic(misuse(loss, "no reduction %v", r))
	}
}

// checkColumns checks a list of one number per column.
func checkColumns(loss, what string, w []float64, cols int) {
	if w != nil && len(w) != cols {
		panic(misuse(loss, "%s of length %d for %d columns", what, len(w), cols))
	}
}

// checkRowWeight checks a list of one weight per row.
func checkRowWeight(loss string, w []float64, rows int) {
	if w != nil && len(w) != rows {
		panic(misuse(loss, "%d row weights for %d rows", len(w), rows))
	}
}

// count is the number of rows, each as often as its weight says.
func count(rows int, rowWeight []float64) float64 {
	if rowWeight == nil {
		return float64(rows)
	}
	return sumOf(rowWeight)
}

func sumOf(x []float64) float64 {
	var sum tensor.Sum
	sum.AddAll(x)
	return sum.Value()
}
