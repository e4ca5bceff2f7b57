package tensor_test

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/tensor"
)

// A product with the transpose of a matrix, without forming it.
func Example() {
	x := tensor.Matrix{Rows: 3, Cols: 2, Stride: 2, Data: []float64{1, 2, 3, 4, 5, 6}}
	gram := tensor.Matrix{Rows: 2, Cols: 2, Stride: 2, Data: make([]float64, 4)}
	tensor.Gemm(tensor.T, tensor.N, 1, x, x, 0, gram)
	fmt.Println(tensor.Row(gram, 0), tensor.Row(gram, 1))

	// Exponentials of the gaps to the largest element: what softmax, log-softmax
	// and log-sum-exp are made of, for logits of any size.
	e := make([]float64, 3)
	top, rest := tensor.ExpGaps(e, []float64{1000, 999, 998})
	fmt.Printf("largest %d, softmax %.4f\n", top, e[1]/(1+rest))
	// Output:
	// [35 44] [44 56]
	// largest 0, softmax 0.2447
}
