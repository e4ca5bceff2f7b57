package metrics

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// RowError says which row of the data cannot be evaluated, and why. Rows are
// counted from 0 over all blocks added so far.
type RowError struct {
	Row     int
	Problem string
}

func (e *RowError) Error() string { return fmt.Sprintf("metrics: row %d: %s", e.Row, e.Problem) }

// maxWeight keeps sums of weights, and their products, finite.
const maxWeight = 1e100

func misuse(op, format string, args ...any) *tensor.UsageError {
	return &tensor.UsageError{Op: "metrics." + op, Problem: fmt.Sprintf(format, args...)}
}

// checkLogits panics unless logits z have the given number of columns, where 0
// is any, and as many rows as there are weights.
func checkLogits(op string, z *mat.Dense, columns int, w []float64) {
	n, k := z.Dims()
	if columns != 0 && k != columns {
		panic(misuse(op, "%d×%d logits, %d wide expected", n, k, columns))
	}
	if w != nil && len(w) != n {
		panic(misuse(op, "%d×%d logits with %d weights", n, k, len(w)))
	}
}

// checkOutcomes panics unless outcomes y have the size of the logits z.
func checkOutcomes(op string, z, y *mat.Dense) {
	n, k := z.Dims()
	if r, c := y.Dims(); r != n || c != k {
		panic(misuse(op, "%d×%d logits with %d×%d outcomes", n, k, r, c))
	}
}

// pick returns item i, or panics if there is none.
func pick[T any](op string, items []T, i int) *T {
	if i < 0 || i >= len(items) {
		panic(misuse(op, "index %d of %d", i, len(items)))
	}
	return &items[i]
}

// checkRows returns an error for the first row with a weight that is none or
// logits that give no probabilities: a NaN or, for a softmax, a largest logit
// that is infinite. The first row is number from.
func checkRows(from int, z *mat.Dense, w []float64, softmax bool) error {
	for i := range z.RawMatrix().Rows {
		if w != nil && !(w[i] >= 0 && w[i] <= maxWeight) {
			return &RowError{from + i, fmt.Sprintf("weight %g; weights must be between 0 and %g", w[i], float64(maxWeight))}
		}
		top := slices.Max(z.RawRowView(i)) // NaN if there is one
		if math.IsNaN(top) || softmax && math.IsInf(top, 0) {
			return &RowError{from + i, fmt.Sprintf("its largest logit is %g, which gives no probabilities; "+
				"the model's parameters or the features of the row are not finite or too large", top)}
		}
	}
	return nil
}

func weightOf(w []float64, i int) float64 {
	if w == nil {
		return 1
	}
	return w[i]
}
