package nn_test

import (
	"bytes"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/random"
)

// Logistic regression: does a student pass, given the hours of study?
func Example() {
	hours := mat.NewDense(8, 1, []float64{1, 2, 3, 4, 5, 6, 7, 8})
	passed := mat.NewDense(8, 1, []float64{0, 0, 1, 0, 0, 1, 1, 1})
	model := nn.NewMLP(1, nil, 1, nil, nil) // no hidden layer
	params, tape := autograd.NewParams(model.Params()...), autograd.NewTape(autograd.Train)
	opt := optim.New(optim.SGD{LR: 0.2, Momentum: 0.9}, params.Len())
	for range 2000 {
		tape.Reset()
		logits := model.Forward(tape.Const(hours))
		loss := losses.BCEWithLogits{}.Loss(logits, tape.Const(passed))
		tape.Backward(loss)
		opt.Step(params.Vector(), tape.FlatGrad(params))
	}
	fmt.Printf("log-odds = %.6f·hours %+.6f\n", params.Vector()[0], params.Vector()[1])
	// Output: log-odds = 0.826876·hours -3.720943
}

// Exclusive or cannot be separated by a line, so it takes a hidden layer.
func ExampleMLP() {
	x := mat.NewDense(4, 2, []float64{0, 0, 0, 1, 1, 0, 1, 1})
	xor := []int{0, 1, 1, 0}
	model := nn.NewMLP(2, []int{4}, 2, activation.Sigmoid{}, random.New(1, 0))
	params, tape := autograd.NewParams(model.Params()...), autograd.NewTape(autograd.Train)
	opt := optim.New(optim.Adam{LR: 0.1}, params.Len())
	for range 300 {
		tape.Reset()
		loss := losses.CrossEntropy{}.Classes(model.Forward(tape.Const(x)), xor)
		tape.Backward(loss)
		opt.Step(params.Vector(), tape.FlatGrad(params))
	}
	logits := model.Forward(autograd.NewTape(autograd.Eval).Const(x)).Value()
	for i := range xor {
		predicted := 0
		if logits.At(i, 1) > logits.At(i, 0) {
			predicted = 1
		}
		fmt.Println(x.RawRowView(i), "predicted", predicted)
	}
	// Output:
	// [0 0] predicted 0
	// [0 1] predicted 1
	// [1 0] predicted 1
	// [1 1] predicted 0
}

func ExampleNewSequential() {
	src := random.New(42, 0)
	model := nn.NewSequential(
		nn.NewLinear(4, 8, activation.Sigmoid{}, src),
		&nn.Dropout{P: 0.2},
		nn.NewLinear(8, 3, nil, src),
	)
	for _, p := range model.Params() {
		fmt.Println(p.Name, p.Value.RawMatrix().Rows, p.Value.RawMatrix().Cols)
	}
	// Output:
	// 0.weight 4 8
	// 0.bias 1 8
	// 2.weight 8 3
	// 2.bias 1 3
}

func ExampleSave() {
	var file bytes.Buffer
	model := nn.NewMLP(2, []int{3}, 1, activation.Sigmoid{}, random.New(1, 0))
	if err := nn.Save(&file, model, map[string]string{"activation": "sigmoid"}); err != nil {
		fmt.Println(err)
	}
	other := nn.NewMLP(2, []int{5}, 1, activation.Sigmoid{}, nil)
	_, err := nn.Load(bytes.NewReader(file.Bytes()), other)
	fmt.Println(err)
	same := nn.NewMLP(2, []int{3}, 1, activation.Sigmoid{}, nil)
	metadata, err := nn.Load(&file, same)
	fmt.Println(metadata, err)
	// Output:
	// nn: the weights are not those of this model: layers.0.weight has shape [3 2], the model needs [5 2]; layers.0.bias has shape [3], the model needs [5]; layers.1.weight has shape [1 3], the model needs [1 5]
	// map[activation:sigmoid] <nil>
}
