package datasets

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Scaling maps every column x of a matrix to (x − Mean)/Scale. Scale is the
// population standard deviation √(Σw(x−mean)²/Σw), as in scikit-learn's
// StandardScaler, and 1 for a constant column.
type Scaling struct {
	Mean  []float64 `json:"mean"`
	Scale []float64 `json:"scale"`
}

// Standardize gives the columns of x mean 0 and standard deviation 1, in place,
// and returns what it did. See [MeasureScaling].
func Standardize(x *mat.Dense, weights []float64) *Scaling {
	s := MeasureScaling(x, weights)
	s.Apply(x)
	return s
}

// MeasureScaling returns the mean and standard deviation of the columns of x,
// rows counted by their frequency weights (nil: once each), correct to about an
// ulp whatever the size of mean and spread. A column is constant when all its
// rows of positive weight are equal. Without intercept, where centring could not
// be undone, clear Mean before applying.
//
// It panics if there are not as many weights as rows.
func MeasureScaling(x *mat.Dense, weights []float64) *Scaling {
	m := x.RawMatrix()
	if weights != nil && len(weights) != m.Rows {
		panic(&tensor.UsageError{Op: "datasets.MeasureScaling", Problem: fmt.Sprintf("%d weights for %d rows", len(weights), m.Rows)})
	}
	columns := make([]moments, m.Cols)
	for pass := range 2 {
		for i := range m.Rows {
			w := 1.0
			if weights != nil {
				w = weights[i]
			}
			if w == 0 {
				continue
			}
			for j, v := range m.Data[i*m.Stride:][:m.Cols] {
				if pass == 0 {
					columns[j].first(w, v)
				} else {
					columns[j].second(w, v)
				}
			}
		}
		for j := range columns {
			columns[j].finish(pass)
		}
	}
	s := &Scaling{Mean: make([]float64, m.Cols), Scale: make([]float64, m.Cols)}
	for j, c := range columns {
		s.Mean[j], s.Scale[j] = c.mean, c.scale
	}
	return s
}

// moments gathers one column in two passes. Deviations are multiplied by a
// power of two, unit, so that their squares neither overflow nor vanish.
type moments struct {
	count, total       tensor.Sum
	deviation, squares tensor.Sum
	least, most        float64
	mean, unit, scale  float64
}

func (c *moments) first(w, v float64) {
	if c.count.Value() == 0 {
		c.least, c.most = v, v
	}
	c.least, c.most = min(c.least, v), max(c.most, v)
	c.count.Add(w)
	c.total.AddProduct(w, v)
}

func (c *moments) second(w, v float64) {
	d := (v - c.mean) * c.unit
	c.deviation.AddProduct(w, d)
	c.squares.AddProduct(w, d*d)
}

func (c *moments) finish(pass int) {
	switch {
	case c.least == c.most: // no rows as well
		c.mean, c.unit, c.scale = c.least, 1, 1
	case pass == 0:
		c.mean = c.total.Value() / c.count.Value()
		_, exponent := math.Frexp(c.most - c.least)
		c.unit = math.Ldexp(1, min(-exponent, 1023))
	default:
		// The rounding of the mean shifts every deviation by the same amount;
		// the second term takes that out.
		d := c.deviation.Value()
		n := c.count.Value()
		c.scale = max(math.Sqrt((c.squares.Value()-d*d/n)/n)/c.unit, math.SmallestNonzeroFloat64)
	}
}

// Apply scales the columns of x in place. It panics if x has another number of
// columns than the matrix that was measured.
func (s *Scaling) Apply(x *mat.Dense) {
	m := x.RawMatrix()
	s.check("Apply", "x", m.Cols)
	for i := range m.Rows {
		row := m.Data[i*m.Stride:][:m.Cols]
		for j, v := range row {
			row[j] = (v - s.Mean[j]) / s.Scale[j]
		}
	}
}

// UndoCoef turns coefficients for scaled columns (d×K, a column for each output)
// and their intercepts (K) into those for raw columns that give the same
// outputs, in place:
//
//	coef ← coef/scale,  intercept ← intercept − Σ mean·coef.
//
// A model without intercept passes nil, which is right only if every Mean is 0;
// otherwise, and if the shapes do not fit, UndoCoef panics.
func (s *Scaling) UndoCoef(coef *mat.Dense, intercept []float64) {
	m := coef.RawMatrix()
	s.check("UndoCoef", "coef", m.Rows)
	if intercept != nil && len(intercept) != m.Cols {
		panic(&tensor.UsageError{Op: "datasets.Scaling.UndoCoef", Problem: fmt.Sprintf("%d intercepts for %d columns of coefficients", len(intercept), m.Cols)})
	}
	for k := range m.Cols {
		var shift tensor.Sum
		for j, mean := range s.Mean {
			c := &m.Data[j*m.Stride+k]
			*c /= s.Scale[j]
			shift.AddProduct(mean, *c)
			if intercept == nil && mean != 0 {
				panic(&tensor.UsageError{Op: "datasets.Scaling.UndoCoef", Problem: "centring cannot be undone without an intercept"})
			}
		}
		if intercept != nil {
			shift.Add(-intercept[k])
			intercept[k] = -shift.Value()
		}
	}
}

func (s *Scaling) check(method, what string, n int) {
	if n != len(s.Mean) || n != len(s.Scale) {
		panic(&tensor.UsageError{Op: "datasets.Scaling." + method, Problem: fmt.Sprintf("%s has %d features, the scaling %d means and %d scales", what, n, len(s.Mean), len(s.Scale))})
	}
}
