package losses

import "fmt"

// Reduction says how the losses of the elements or rows become one number.
type Reduction uint8

const (
	// Mean divides the sum by what each loss says it counts: elements, rows or
	// the sum of class weights.
	Mean Reduction = iota
	// Sum adds up: the sum of a cross-entropy is a negative log-likelihood.
	Sum
	// None leaves the losses as they are: n×1 for a loss of rows, the shape of
	// the input for a loss of elements.
	None
	// BatchMean divides the sum by the number of rows. Only KLDiv has it.
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
