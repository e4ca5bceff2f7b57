package vmath

import "math"

// Sum returns the sum of x, and what its additions rounded away: sum + lost has
// an error of a few ULP of the sum of |x|, for millions of terms
// (A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
// Summen", 1974). Every eighth element goes to the same of 8 partial sums. If
// the sum is infinite, lost is NaN.
func Sum(x []float64) (sum, lost float64) { return sumOf(best, x) }

func sumOf(v variant, x []float64) (sum, lost float64) {
	for i := 0; i < len(x); i += chunk {
		part := x[i:min(i+chunk, len(x))]
		var lanes [16]float64
		if v == portable {
			for j, t := range part {
				accumulate(&lanes[j&7], &lanes[8+j&7], t)
			}
		} else {
			vectorSum(v, &lanes, &part[0], len(part))
		}
		for j := range 8 {
			accumulate(&sum, &lost, lanes[j])
			lost += lanes[8+j]
		}
	}
	return sum, lost
}

// accumulate adds x to the sum, and what that rounds away to lost.
func accumulate(sum, lost *float64, x float64) {
	s := *sum + x
	b := s - *sum
	*lost += (*sum - (s - b)) + (x - b)
	*sum = s
}

// PlusRows adds the first rows of x to dst, which is none of them, in ascending
// order.
func PlusRows(dst []float64, x Rows, rows int) { plusRows(best, dst, x, rows) }

func plusRows(v variant, dst []float64, x Rows, rows int) {
	if v == portable || len(dst) > chunk {
		for i := range rows {
			plus(v, dst, x.row(i, len(dst)))
		}
		return
	}
	for i, n := 0, 0; i < rows && len(dst) > 0; i += n {
		n = min(rows-i, chunk/len(dst))
		_ = x.row(i+n-1, len(dst))
		vectorPlusRows(v, &dst[0], &x.Data[i*x.Stride], n, len(dst), x.Stride)
	}
}

// maxOf returns the largest element of x that is not NaN, −Inf if there is none.
func maxOf(v variant, x []float64) float64 {
	m := math.Inf(-1)
	for len(x) > 0 {
		n := min(len(x), chunk)
		if v == portable {
			for _, t := range x[:n] {
				m = larger(t, m)
			}
		} else {
			var lanes [8]float64
			vectorMax(v, &lanes, &x[0], n)
			for _, t := range lanes {
				m = larger(t, m)
			}
		}
		x = x[n:]
	}
	return m
}

// indexOf returns the index of the first element equal to value, −1 if there is
// none.
func indexOf(v variant, x []float64, value float64) int {
	for i := 0; i < len(x); i += chunk {
		part := x[i:min(i+chunk, len(x))]
		j := 0
		if v != portable {
			j = vectorIndex(v, &part[0], len(part), value)
		}
		for ; j < len(part); j++ {
			if part[j] == value {
				return i + j
			}
		}
	}
	return -1
}
