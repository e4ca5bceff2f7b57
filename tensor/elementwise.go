package tensor

import "github.com/surprisal-ml/surprisal/tensor/internal/vmath"

// The functions of this file take beta = 0 or 1, as accumulation needs: with 0
// the contents of dst do not matter. All matrices of a call have the same size.

// Axpy sets dst = beta·dst + alpha·x.
func Axpy(dst Matrix, beta, alpha float64, x Matrix) {
	for i := range dst.Rows {
		d := Row(dst, i)
		xi := Row(x, i)[:len(d)]
		switch {
		case beta == 0 && alpha == 1:
			copy(d, xi)
		case beta == 0:
			for j, v := range xi {
				d[j] = alpha * v
			}
		case alpha == 1:
			vmath.Plus(d, xi)
		default:
			for j, v := range xi {
				d[j] += alpha * v
			}
		}
	}
}

// Mul sets dst = beta·dst + a⊙b, the elementwise product. dst may be a or b.
func Mul(dst Matrix, beta float64, a, b Matrix) {
	for i := range dst.Rows {
		d := Row(dst, i)
		x, y := Row(a, i)[:len(d)], Row(b, i)[:len(d)]
		if beta == 0 {
			vmath.Times(d, x, y)
		} else {
			for j := range d {
				d[j] += x[j] * y[j]
			}
		}
	}
}

// AddRow sets dst = beta·dst + row, the row added to every row.
func AddRow(dst Matrix, beta float64, row []float64) {
	for i := range dst.Rows {
		d := Row(dst, i)
		r := row[:len(d)]
		if beta == 0 {
			copy(d, r)
			continue
		}
		for j, v := range r {
			d[j] += v
		}
	}
}

// ColumnSums sets the row dst = beta·dst + the sum of the rows of x.
func ColumnSums(dst []float64, beta float64, x Matrix) {
	if beta == 0 {
		clear(dst)
	}
	for i := range x.Rows {
		vmath.Plus(dst, Row(x, i))
	}
}

// Fill sets every element of dst to v.
func Fill(dst Matrix, v float64) {
	for i := range dst.Rows {
		d := Row(dst, i)
		for j := range d {
			d[j] = v
		}
	}
}
