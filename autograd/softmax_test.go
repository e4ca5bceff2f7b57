package autograd

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// rows returns a matrix of rows of the same length.
func rows(x ...[]float64) *mat.Dense {
	m := mat.NewDense(len(x), len(x[0]), nil)
	for i, row := range x {
		m.SetRow(i, row)
	}
	return m
}

// on evaluates f and the gradient of Σ w⊙f at x.
func on(f func(Var) Var, x, w *mat.Dense) (value, gradient *mat.Dense) {
	t := NewTape(Train)
	t.Poison = true
	v := t.Variable(x)
	y := f(v)
	t.Backward(Sum(Mul(y, t.Const(w))))
	return mat.DenseCopyOf(y.Value()), mat.DenseCopyOf(v.Grad())
}

func TestSoftmaxFamilyAtTheEdges(t *testing.T) {
	inf, nan, largest := math.Inf(1), math.NaN(), math.MaxFloat64
	tiny := math.Exp(-40)
	for _, tc := range []struct{ x, softmax, log, sum []float64 }{
		{[]float64{5}, []float64{1}, []float64{0}, []float64{5}},
		{[]float64{largest, -largest}, []float64{1, 0}, []float64{0, -inf}, []float64{largest}},
		{[]float64{-largest, -largest}, []float64{0.5, 0.5}, []float64{-math.Ln2, -math.Ln2}, []float64{-largest}},
		{[]float64{-inf, 0, 0}, []float64{0, 0.5, 0.5}, []float64{-inf, -math.Ln2, -math.Ln2}, []float64{math.Ln2}},
		{[]float64{40, 0}, []float64{1, tiny}, []float64{-tiny, -40}, []float64{40}},
		{[]float64{-40, 0}, []float64{tiny, 1}, []float64{-40, -tiny}, []float64{tiny}},
		{[]float64{0, -740}, []float64{1, 4.199558e-322}, []float64{-4.199558e-322, -740}, []float64{4.199558e-322}},
		{[]float64{-inf, -inf}, []float64{nan, nan}, []float64{nan, nan}, []float64{-inf}},
		{[]float64{inf, 0}, []float64{nan, nan}, []float64{nan, nan}, []float64{inf}},
		{[]float64{1, nan}, []float64{nan, nan}, []float64{nan, nan}, []float64{nan}},
		{[]float64{-inf, nan}, []float64{nan, nan}, []float64{nan, nan}, []float64{nan}},
	} {
		for _, f := range []struct {
			name string
			f    func(Var) Var
			want []float64
		}{{"softmax", Softmax, tc.softmax}, {"log-softmax", LogSoftmax, tc.log}, {"log-sum-exp", LogSumExp, tc.sum}} {
			w := mat.NewDense(1, len(f.want), nil)
			got, _ := on(f.f, rows(tc.x), w)
			for j, want := range f.want {
				g := got.At(0, j)
				if same := g == want || math.IsNaN(g) && math.IsNaN(want) || math.Abs(g-want) <= 4e-16*math.Abs(want); !same {
					t.Errorf("%s of %v is %v, not %v", f.name, tc.x, got.RawRowView(0), f.want)
					break
				}
			}
		}
	}
}

// A confident row's gradient is tiny but not lost: it does not come from 1−p.
func TestConfidentRowsKeepTheirGradient(t *testing.T) {
	x := rows([]float64{40, 0, -1})
	e1, e2 := math.Exp(-40), math.Exp(-41) // p is (1, e1, e2) to rounding
	for _, tc := range []struct {
		name    string
		f       func(Var) Var
		w, want []float64
	}{
		{"softmax", Softmax, []float64{1, 0.25, 0.5}, []float64{0.75*e1 + 0.5*e2, -0.75 * e1, -0.5 * e2}},
		{"log-softmax", LogSoftmax, []float64{1, 0, 0}, []float64{e1 + e2, -e1, -e2}},
		{"log-softmax", LogSoftmax, []float64{1, 0.25, 0.5}, []float64{(e1 + e2) - 0.75, 0.25 - 1.75*e1, 0.5 - 1.75*e2}},
	} {
		_, got := on(tc.f, x, rows(tc.w))
		for j, want := range tc.want {
			if math.Abs(got.At(0, j)-want) > 4e-16*math.Abs(want) {
				t.Errorf("%s: entry %d of the gradient %v should be %v", tc.name, j, got.RawRowView(0), want)
			}
		}
	}
}

func TestSoftmaxIdentities(t *testing.T) {
	x := mat.NewDense(50, 7, nil)
	fill(x, 5)
	x.Scale(30, x)
	tape := NewTape(Train)
	v := tape.Const(x)
	p, l := Softmax(v), LogSoftmax(v)
	total := SumRows(p)
	byHand := AddColumn(v, Neg(LogSumExp(v)))
	columns := Transpose(Softmax(Transpose(v)))
	sums := SumColumns(columns)
	for i := range 50 {
		if s := total.Value().At(i, 0); math.Abs(s-1) > 4e-16 {
			t.Errorf("probabilities of row %d add up to %v", i, s)
		}
		for j := range 7 {
			if g, w := math.Exp(l.Value().At(i, j)), p.Value().At(i, j); math.Abs(g-w) > 1e-13*w {
				t.Errorf("exp of log-softmax %v, softmax %v", g, w)
			}
			if g, w := l.Value().At(i, j), byHand.Value().At(i, j); math.Abs(g-w) > 4e-14 {
				t.Errorf("log-softmax %v, by hand %v", g, w)
			}
		}
	}
	for j := range 7 {
		if s := sums.Value().At(0, j); math.Abs(s-1) > 4e-16 {
			t.Errorf("probabilities of column %d add up to %v", j, s)
		}
	}
}

// The sums keep what adding one after the other would lose: here 1 of every
// pair, next to 1e16.
func TestSumsAreCompensated(t *testing.T) {
	const n = 1000
	x := mat.NewDense(n, 2, nil)
	for i := range n {
		x.Set(i, 0, 1)
		x.Set(i, 1, 1e16*math.Copysign(1, float64(n/2-1-i)))
	}
	tape := NewTape(Eval)
	v := tape.Const(x)
	if s := Sum(v).Scalar(); s != n {
		t.Errorf("the sum is %v", s)
	}
	if m := Mean(v).Scalar(); m != 0.5 {
		t.Errorf("the mean is %v", m)
	}
	if s := SumRows(Transpose(v)).Value(); s.At(0, 0) != n || s.At(1, 0) != 0 {
		t.Errorf("the sums of the rows are %v", mat.Formatted(s))
	}
	if s := SumColumns(Transpose(Columns(v, 0, 1))).Value(); s.At(0, n-1) != 1 {
		t.Errorf("the sum of column %d is %v", n-1, s.At(0, n-1))
	}
	tenth := mat.NewDense(1, 10, nil)
	for j := range 10 {
		tenth.Set(0, j, 0.1)
	}
	if m := Mean(tape.Const(tenth)).Scalar(); m != 0.1 {
		t.Errorf("the mean of ten times 0.1 is %v", m)
	}
}
