package main

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/tensor"
)

// task is our side of a case, through the public packages as anybody would
// write it.
type task struct {
	run func() error
	// result is a number that depends on all that run computed, to compare
	// with the peers'.
	result func() float64
	// fit, of a fit, returns that instead.
	fit func() *mle.Estimate
}

// checkRuns returns how often a new task is run before its result is compared:
// training has to get somewhere.
func checkRuns(s spec) int {
	if s.Kind == "csv" || s.Kind == "fit" {
		return 1
	}
	return 5
}

func newTask(s spec) (task, error) {
	switch s.Kind {
	case "step":
		return newStep(s), nil
	case "crossentropy", "bce":
		return newLoss(s), nil
	case "gemm":
		return newGemm(s), nil
	case "gram":
		return newGram(s), nil
	case "csv":
		return newCSV(s), nil
	case "fit":
		return newFit(s)
	}
	return task{}, fmt.Errorf("no task is called %q", s.Kind)
}

// learningRate is small, so that a model stays a model however many steps a
// slice of time holds.
const learningRate = 1e-3

func newStep(s spec) task {
	last := len(s.Layers) - 1
	in, out := s.Layers[0], s.Layers[last]
	net := nn.NewMLP(in, s.Layers[1:last], out, activation.Sigmoid{}, nil)
	params := autograd.NewParams(net.Params()...)
	for k, l := range net.Layers {
		rows, cols := l.Weight.Value.Dims()
		w := matrix(weights+k, cols, rows, 1/math.Sqrt(float64(rows))) // out×in, as PyTorch has it
		l.Weight.Value.Copy(w.T())
	}
	x, theta := matrix(features, s.Rows, in, 1), params.Vector()
	y, yes := classes(s.Rows, max(out, 2)), yesNo(s.Rows)
	tape, opt := autograd.NewTape(autograd.Train), optim.New(optim.SGD{LR: learningRate}, len(theta))
	var loss float64
	return task{
		run: func() error {
			tape.Reset()
			z := net.Forward(tape.Const(x))
			var l autograd.Var
			if out == 1 {
				l = losses.BCEWithLogits{}.Loss(z, tape.Const(yes))
			} else {
				l = losses.CrossEntropy{}.Classes(z, y)
			}
			tape.Backward(l)
			opt.Step(theta, tape.FlatGrad(params))
			loss = l.Scalar()
			return nil
		},
		result: func() float64 { return loss },
	}
}

func newLoss(s spec) task {
	x := matrix(features, s.Rows, s.Cols, 3)
	y, yes := classes(s.Rows, s.Cols), yesNo(s.Rows)
	tape := autograd.NewTape(autograd.Train)
	var z, l autograd.Var
	return task{
		run: func() error {
			tape.Reset()
			z = tape.Variable(x)
			if s.Kind == "bce" {
				l = losses.BCEWithLogits{}.Loss(z, tape.Const(yes))
			} else {
				l = losses.CrossEntropy{}.Classes(z, y)
			}
			tape.Backward(l)
			return nil
		},
		result: func() float64 {
			var slope mat.Dense
			slope.MulElem(z.Grad(), x)
			return l.Scalar() + mat.Sum(&slope)
		},
	}
}

func newGemm(s spec) task {
	shape := func(rows, cols int, trans bool) (int, int, blas.Transpose) {
		if trans {
			return cols, rows, tensor.T
		}
		return rows, cols, tensor.N
	}
	ar, ac, ta := shape(s.Rows, s.Inner, s.TransA)
	br, bc, tb := shape(s.Inner, s.Cols, s.TransB)
	a, b, c := matrix(features, ar, ac, 1), matrix(weights, br, bc, 1), mat.NewDense(s.Rows, s.Cols, nil)
	return task{
		run: func() error {
			tensor.ParallelGemm(ta, tb, 1, a.RawMatrix(), b.RawMatrix(), 0, c.RawMatrix())
			return nil
		},
		result: func() float64 { return mat.Norm(c, 2) },
	}
}

func newGram(s spec) task {
	x, g := matrix(features, s.Rows, s.Cols, 1), mat.NewDense(s.Cols, s.Cols, nil)
	w := make([]float64, s.Rows)
	for i := range w {
		w[i] = uniform(weights, i)
	}
	return task{
		run: func() error {
			tensor.ParallelGram(g.RawMatrix(), x.RawMatrix(), w)
			return nil
		},
		result: func() float64 { return mat.Norm(g, 2) },
	}
}

func newCSV(s spec) task {
	var d *datasets.Dataset
	return task{
		run: func() (err error) {
			d = nil
			d, err = datasets.Load(s.File, datasets.Options{Target: []string{"y"}})
			return err
		},
		result: func() float64 { return mat.Norm(d.X, 2) },
	}
}
