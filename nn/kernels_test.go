package nn

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// BenchmarkKernels makes the kernel calls of a training step of each network
// without an engine: what BenchmarkStep takes beyond that is overhead.
func BenchmarkKernels(b *testing.B) {
	for _, m := range []struct {
		widths []int
		n      int
	}{
		{[]int{2, 16, 2}, 16}, {[]int{784, 10}, 128}, {[]int{784, 256, 10}, 128},
	} {
		b.Run(fmt.Sprintf("%v/batch=%d", m.widths, m.n), func(b *testing.B) {
			step := kernelsOfStep(m.widths, m.n)
			for b.Loop() {
				step()
			}
		})
	}
}

// kernelsOfStep returns the kernel calls of a step: sigmoid hidden layers,
// cross-entropy, SGD.
func kernelsOfStep(widths []int, n int) func() {
	layers := len(widths) - 1
	size := 0
	for i := range layers {
		size += (widths[i] + 1) * widths[i+1]
	}
	theta, gradient := make([]float64, size), make([]float64, size)
	src := random.New(1, 0)
	for i := range theta {
		theta[i] = 0.1 * src.Norm()
	}
	matrix := func(r, c int) tensor.Matrix { return mat.NewDense(r, c, nil).RawMatrix() }
	in := func(vector []float64, layer int) (w tensor.Matrix, bias []float64) {
		at := 0
		for i := range layer {
			at += (widths[i] + 1) * widths[i+1]
		}
		r, c := widths[layer], widths[layer+1]
		return tensor.Matrix{Rows: r, Cols: c, Stride: c, Data: vector[at : at+r*c]}, vector[at+r*c : at+r*c+c]
	}
	x := []tensor.Matrix{matrix(n, widths[0])}
	for i := range x[0].Data {
		x[0].Data[i] = src.Norm()
	}
	var slopes, deltas []tensor.Matrix
	for i := range layers {
		x = append(x, matrix(n, widths[i+1]))
		slopes, deltas = append(slopes, matrix(n, widths[i+1])), append(deltas, matrix(n, widths[i+1]))
	}
	k := widths[layers]
	class, loss := make([]int, n), make([]float64, n)
	for i := range class {
		class[i] = i % k
	}
	opt := optim.New(optim.SGD{LR: 1e-3}, size)
	scratch := make([]float64, tensor.SoftmaxNLLScratch(k))
	return func() {
		for i := range layers {
			w, bias := in(theta, i)
			tensor.AddRow(x[i+1], 0, bias)
			tensor.Gemm(tensor.N, tensor.N, 1, x[i], w, 1, x[i+1])
			if i < layers-1 {
				activation.Sigmoid{}.ValueSlope(x[i+1].Data, slopes[i].Data, x[i+1].Data)
			}
		}
		tensor.SoftmaxNLL(loss, deltas[layers-1], x[layers], class, nil, float64(n), scratch)
		for i := layers - 1; i >= 0; i-- {
			w, _ := in(theta, i)
			dw, db := in(gradient, i)
			tensor.Gemm(tensor.T, tensor.N, 1, x[i], deltas[i], 0, dw)
			tensor.ColumnSums(db, 0, deltas[i])
			if i > 0 {
				tensor.Gemm(tensor.N, tensor.T, 1, deltas[i], w, 0, deltas[i-1])
				tensor.Mul(deltas[i-1], 0, deltas[i-1], slopes[i-1])
			}
		}
		opt.Step(theta, gradient)
	}
}
