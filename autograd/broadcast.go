package autograd

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Sums along rows and columns, and what undoes their change of shape: repeating
// a row or a column is the transpose of a sum.

// SumRows returns the n×1 column of the sums of the rows of x, compensated for
// rounding.
func SumRows(x Var) Var {
	r, _ := x.Dims()
	return recordMap(rowSums{}, r, 1, x)
}

type rowSums struct{}

func (rowSums) apply(dst tensor.Matrix, beta float64, x tensor.Matrix) {
	for i := range x.Rows {
		var s tensor.Sum
		s.AddAll(tensor.Row(x, i))
		d := &dst.Data[i*dst.Stride]
		*d = accumulate(*d, beta, s.Value())
	}
}

func (rowSums) adjoint(dst tensor.Matrix, beta float64, y tensor.Matrix) {
	for i := range dst.Rows {
		d, v := tensor.Row(dst, i), y.Data[i*y.Stride]
		for j := range d {
			d[j] = accumulate(d[j], beta, v)
		}
	}
}

// SumColumns returns the 1×c row of the sums of the columns of x, compensated
// for rounding.
func SumColumns(x Var) Var {
	_, c := x.Dims()
	return recordMap(columnSums{}, 1, c, x)
}

type columnSums struct{}

func (columnSums) apply(dst tensor.Matrix, beta float64, x tensor.Matrix) {
	d := tensor.Row(dst, 0)
	for j := range d {
		var s tensor.Sum
		for i := range x.Rows {
			s.Add(x.Data[i*x.Stride+j])
		}
		d[j] = accumulate(d[j], beta, s.Value())
	}
}

func (columnSums) adjoint(dst tensor.Matrix, beta float64, y tensor.Matrix) {
	tensor.AddRow(dst, beta, tensor.Row(y, 0))
}

// RepeatRow returns n rows, each the 1×c row x.
func RepeatRow(x Var, n int) Var {
	r, c := x.Dims()
	if r != 1 || n <= 0 {
		panic(&tensor.UsageError{Op: "autograd.RepeatRow", Problem: fmt.Sprintf("%d×%d, %d times: it takes one row", r, c, n)})
	}
	return recordMap(reversed[columnSums]{}, n, c, x)
}

// RepeatColumn returns c columns, each the n×1 column x.
func RepeatColumn(x Var, c int) Var {
	r, xc := x.Dims()
	if xc != 1 || c <= 0 {
		panic(&tensor.UsageError{Op: "autograd.RepeatColumn", Problem: fmt.Sprintf("%d×%d, %d times: it takes one column", r, xc, c)})
	}
	return recordMap(reversed[rowSums]{}, r, c, x)
}

// AddColumn returns x with the column col added to each of its columns. With
// Neg(LogSumExp(x)) it is the log-softmax.
func AddColumn(x, col Var) Var { return Add(x, repeatColumn("autograd.AddColumn", x, col)) }

// MulRow returns x with each row multiplied by row, element by element: the
// columns of x scaled.
func MulRow(x, row Var) Var {
	r, c := x.Dims()
	if rr, rc := row.Dims(); rr != 1 || rc != c {
		panic(&tensor.UsageError{Op: "autograd.MulRow", Problem: fmt.Sprintf("%d×%d and a row of %d×%d", r, c, rr, rc)})
	}
	return Mul(x, RepeatRow(row, r))
}

// MulColumn returns x with each column multiplied by col, element by element:
// the rows of x scaled.
func MulColumn(x, col Var) Var { return Mul(x, repeatColumn("autograd.MulColumn", x, col)) }

func repeatColumn(op string, x, col Var) Var {
	r, c := x.Dims()
	if cr, cc := col.Dims(); cr != r || cc != 1 {
		panic(&tensor.UsageError{Op: op, Problem: fmt.Sprintf("%d×%d and a column of %d×%d", r, c, cr, cc)})
	}
	return RepeatColumn(col, c)
}
