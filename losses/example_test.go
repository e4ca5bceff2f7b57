package losses_test

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/losses"
)

// Three rows of logits for three classes: a guess, a confident right answer and
// a confident wrong one.
func Example() {
	t := autograd.NewTape(autograd.Train)
	z := t.Variable(mat.NewDense(3, 3, []float64{
		0, 0, 0,
		40, 0, 0,
		0, 0, 1000,
	}))
	y := []int{2, 0, 1}

	each := losses.CrossEntropy{Reduction: losses.None}.Classes(z, y)
	fmt.Printf("surprisal %.4g nats\n", each.Value().RawMatrix().Data)

	loss := losses.CrossEntropy{}.Classes(z, y)
	t.Backward(loss)
	fmt.Printf("mean      %.4f\n", loss.Scalar())
	fmt.Printf("gradient  %.4g\n", z.Grad().RawRowView(1))
	// Output:
	// surprisal [1.099 8.497e-18 1000] nats
	// mean      333.6995
	// gradient  [-2.832e-18 1.416e-18 1.416e-18]
}

// A row weight is a number of observations: 3 of 4 patients were cured.
func ExampleBCEWithLogits() {
	t := autograd.NewTape(autograd.Eval)
	z := t.Const(mat.NewDense(2, 1, []float64{1, 1}))
	cured := t.Const(mat.NewDense(2, 1, []float64{1, 0}))
	loss := losses.BCEWithLogits{RowWeight: []float64{3, 1}, Reduction: losses.Sum}.Loss(z, cured)
	fmt.Printf("log-likelihood %.6f\n", -loss.Scalar())
	// Output: log-likelihood -2.253047
}

// Smoothing moves some of the target to all classes; being certain then costs.
func ExampleCrossEntropy() {
	t := autograd.NewTape(autograd.Eval)
	z := t.Const(mat.NewDense(1, 3, []float64{20, 0, 0}))
	for _, smoothing := range []float64{0, 0.1} {
		fmt.Printf("%.3g\n", losses.CrossEntropy{LabelSmoothing: smoothing}.Classes(z, []int{0}).Scalar())
	}
	// Output:
	// 4.12e-09
	// 1.33
}
