package vmath_test

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// The loss of a certain and right classifier is small, not 0, and so is its
// gradient.
func ExampleSoftmaxNLL() {
	z := vmath.Rows{Data: []float64{40, 0, 0, 1, 1, 1}, Stride: 3}
	gradient := vmath.Rows{Data: make([]float64, 6), Stride: 3}
	loss := make([]float64, 2)
	vmath.SoftmaxNLL(loss, gradient, z, 3, []int{0, 2}, nil, 1, make([]float64, vmath.ScratchLen(3)))
	fmt.Printf("%.3g\n%.3g\n", loss, gradient.Data)
	// Output:
	// [8.5e-18 1.1]
	// [-8.5e-18 4.25e-18 4.25e-18 0.333 0.333 -0.667]
}
