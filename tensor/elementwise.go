package tensor

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// The functions of this file take beta = 0 or 1, as accumulation needs: with 0
// the contents of dst do not matter. All matrices of a call have the same size;
// otherwise they panic with a [UsageError].

// Axpy sets dst = beta·dst + alpha·x.
func Axpy(dst Matrix, beta, alpha float64, x Matrix) {
	sameSize("tensor.Axpy", &dst, &x)
	rows, cols := dst.Rows, dst.Cols
	if gapless(&dst) && gapless(&x) {
		rows, cols = 1, rows*cols
	}
	for i := range rows {
		d, xi := dst.Data[i*dst.Stride:][:cols], x.Data[i*x.Stride:][:cols]
		switch {
		case beta == 0 && alpha == 1:
			copy(d, xi)
		case beta == 0:
			vmath.Scale(d, xi, alpha)
		case alpha == 1:
			vmath.Plus(d, xi)
		default:
			vmath.PlusScaled(d, xi, alpha)
		}
	}
}

// Mul sets dst = beta·dst + a⊙b, the elementwise product. dst may be a or b.
func Mul(dst Matrix, beta float64, a, b Matrix) {
	sameSize("tensor.Mul", &dst, &a)
	sameSize("tensor.Mul", &dst, &b)
	rows, cols := dst.Rows, dst.Cols
	if gapless(&dst) && gapless(&a) && gapless(&b) {
		rows, cols = 1, rows*cols
	}
	for i := range rows {
		d, x, y := dst.Data[i*dst.Stride:][:cols], a.Data[i*a.Stride:][:cols], b.Data[i*b.Stride:][:cols]
		if beta == 0 {
			vmath.Times(d, x, y)
		} else {
			vmath.PlusTimes(d, x, y)
		}
	}
}

func sameSize(op string, a, b *Matrix) {
	if a.Rows != b.Rows || a.Cols != b.Cols {
		panic(&UsageError{op, fmt.Sprintf("%d×%d and %d×%d", a.Rows, a.Cols, b.Rows, b.Cols)})
	}
}

// gapless says whether the rows of m follow on each other: they are worked on as
// one, because a call for each costs more than the elements of a short row.
func gapless(m *Matrix) bool { return m.Stride == m.Cols }

// AddRow sets dst = beta·dst + row, the row added to every row.
func AddRow(dst Matrix, beta float64, row []float64) {
	if beta == 0 && gapless(&dst) {
		repeat(dst.Data[:dst.Rows*dst.Cols], row[:dst.Cols])
		return
	}
	for i := range dst.Rows {
		d := Row(dst, i)
		r := row[:len(d)]
		if beta == 0 {
			copy(d, r)
		} else {
			vmath.Plus(d, r)
		}
	}
}

// repeat fills dst with copies of row: with twice as many at a time, until those
// would no longer stay in the cache.
func repeat(dst, row []float64) {
	const most = 1024
	for n := copy(dst, row); n < len(dst); {
		n += copy(dst[n:], dst[:min(n, max(most/len(row), 1)*len(row))])
	}
}

// Standardize sets dst[j] = (x[j] − mean[j])/scale[j]. dst may be x; the others are
// as long as x or longer.
func Standardize(dst, x, mean, scale []float64) { vmath.Standardize(dst, x, mean, scale) }

// ColumnSums sets the row dst = beta·dst + the sum of the rows of x, of which
// it must not be one.
func ColumnSums(dst []float64, beta float64, x Matrix) {
	if len(dst) < x.Cols {
		panic(&UsageError{"tensor.ColumnSums", fmt.Sprintf("%d sums of %d columns", len(dst), x.Cols)})
	}
	if beta == 0 {
		clear(dst)
	}
	vmath.PlusRows(dst[:x.Cols], vmath.Rows{Data: x.Data, Stride: x.Stride}, x.Rows)
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
