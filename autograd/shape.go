package autograd

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Transpose returns xᵀ. Functions of rows become functions of columns between
// two of them: PyTorch's softmax(x, dim=0) is Transpose(Softmax(Transpose(x))).
func Transpose(x Var) Var {
	r, c := x.Dims()
	return recordMap(transposition{}, c, r, x)
}

type transposition struct{}

func (transposition) apply(dst tensor.Matrix, beta float64, x tensor.Matrix) {
	// Square tiles: one of the two matrices is always walked across its rows.
	const tile = 16
	for i0 := 0; i0 < dst.Rows; i0 += tile {
		for j0 := 0; j0 < dst.Cols; j0 += tile {
			for i := i0; i < min(i0+tile, dst.Rows); i++ {
				d := tensor.Row(dst, i)
				for j := j0; j < min(j0+tile, dst.Cols); j++ {
					d[j] = accumulate(d[j], beta, x.Data[j*x.Stride+i])
				}
			}
		}
	}
}

func (m transposition) adjoint(dst tensor.Matrix, beta float64, y tensor.Matrix) {
	m.apply(dst, beta, y)
}

// Columns returns columns from to from+count of x. It panics if x does not have
// them.
func Columns(x Var, from, count int) Var {
	r, c := x.Dims()
	if from < 0 || count <= 0 || from+count > c {
		panic(&tensor.UsageError{Op: "autograd.Columns", Problem: fmt.Sprintf("%d columns from %d of %d×%d", count, from, r, c)})
	}
	return recordMap(selection{from, count}, r, count, x)
}

type selection struct{ from, count int }

func (s selection) apply(dst tensor.Matrix, beta float64, x tensor.Matrix) {
	tensor.Axpy(dst, beta, 1, tensor.Columns(x, s.from, s.count))
}

func (s selection) adjoint(dst tensor.Matrix, beta float64, y tensor.Matrix) {
	if beta == 0 {
		tensor.Fill(dst, 0)
	}
	tensor.Axpy(tensor.Columns(dst, s.from, s.count), 1, 1, y)
}
