package datasets

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// exactScaling computes mean and standard deviation with 600 bits.
func exactScaling(x, w []float64) (mean, scale float64) {
	real := func(v float64) *big.Float { return new(big.Float).SetPrec(600).SetFloat64(v) }
	n, total, squares := real(0), real(0), real(0)
	for i, v := range x {
		n.Add(n, real(w[i]))
		total.Add(total, real(0).Mul(real(w[i]), real(v)))
	}
	m := real(0).Quo(total, n)
	for i, v := range x {
		d := real(0).Sub(real(v), m)
		squares.Add(squares, d.Mul(d, d).Mul(d, real(w[i])))
	}
	mean, _ = m.Float64()
	scale, _ = real(0).Sqrt(squares.Quo(squares, n)).Float64()
	return mean, scale
}

func TestScalingIsAccurate(t *testing.T) {
	const n = 500
	src := random.New(3, 3)
	ones, weights := make([]float64, n), make([]float64, n)
	for i := range n {
		ones[i] = 1
		weights[i] = float64(i % 5)
	}
	for name, column := range map[string]func(i int) float64{
		"normal":           func(int) float64 { return src.Norm() },
		"large mean":       func(int) float64 { return 1e9 + src.Norm() },
		"very large mean":  func(i int) float64 { return 1e15 + float64(i%3) },
		"mean cancels":     func(i int) float64 { return math.Copysign(1e16, float64(i%2)-0.5) + float64(i) },
		"wide":             func(i int) float64 { return math.Pow(10, float64(i%40)-20) },
		"huge":             func(int) float64 { return 1e150 * src.Float64() },
		"tiny":             func(int) float64 { return 1e-200 * src.Float64() },
		"last bit":         func(i int) float64 { return 1 + 0x1p-52*float64(i%2) },
		"one row differs":  func(i int) float64 { return 0.1 + float64(i/(n-1)) },
		"tenths, integers": func(i int) float64 { return float64(i) / 10 },
	} {
		x := make([]float64, n)
		for i := range x {
			x[i] = column(i)
		}
		for _, w := range [][]float64{ones, weights} {
			given := w
			if &w[0] == &ones[0] {
				given = nil
			}
			s := MeasureScaling(mat.NewDense(n, 1, slices.Clone(x)), given)
			mean, scale := exactScaling(x, w)
			// The mean of numbers of both signs is scored against their size.
			size := math.Max(math.Abs(mean), 1e-16*scale)
			if e := math.Abs(s.Mean[0]-mean) / size; e > 3e-16 {
				t.Errorf("%s: mean %v, want %v, relative error %.1e", name, s.Mean[0], mean, e)
			}
			if e := math.Abs(s.Scale[0]-scale) / scale; e > 1e-15 {
				t.Errorf("%s: scale %v, want %v, relative error %.1e", name, s.Scale[0], scale, e)
			}
		}
	}
}

// Below the normal numbers the spread has few digits, and is positive.
func TestScalingOfSubnormalNumbers(t *testing.T) {
	for _, unit := range []float64{0x1p-1074, 0x1p-1060, 0x1p-1030} {
		x := mat.NewDense(4, 1, []float64{0, 0, unit, 8 * unit})
		s := Standardize(x, nil)
		if want := unit * math.Sqrt(44.75) / 2; math.Abs(s.Scale[0]-want) > 0x1p-1074 {
			t.Errorf("%g: scale %g, want %g", unit, s.Scale[0], want)
		}
		for i := range 4 {
			if v := x.At(i, 0); !(math.Abs(v) < 2.5) {
				t.Errorf("%g: row %d is %g", unit, i, v)
			}
		}
	}
	if s := Standardize(mat.NewDense(100, 1, append(make([]float64, 99), 0x1p-1074)), nil); s.Scale[0] != 0x1p-1074 {
		t.Errorf("scale %g", s.Scale[0])
	}
}

func TestConstantColumns(t *testing.T) {
	const n = 1000
	x := mat.NewDense(n, 3, nil)
	weights := make([]float64, n)
	for i := range n {
		x.SetRow(i, []float64{0.1, 1e15 / 3, 7})
		weights[i] = 1.0 / 3
	}
	x.Set(5, 2, 8)
	weights[5] = 0 // does not count
	s := Standardize(x, weights)
	if !slices.Equal(s.Mean, []float64{0.1, 1e15 / 3, 7}) || !slices.Equal(s.Scale, []float64{1, 1, 1}) {
		t.Errorf("%+v", s)
	}
	if mat.Max(x.Slice(0, 5, 0, 3)) != 0 || x.At(5, 2) != 1 {
		t.Errorf("X = %v", mat.Formatted(x.Slice(0, 6, 0, 3)))
	}
	if s := MeasureScaling(x, make([]float64, n)); !slices.Equal(s.Scale, []float64{1, 1, 1}) {
		t.Errorf("without weight: %+v", s)
	}
}

// Weight 3 means three rows.
func TestFrequencyWeights(t *testing.T) {
	a := MeasureScaling(mat.NewDense(3, 1, []float64{1, 5, 9}), []float64{3, 0, 1})
	b := MeasureScaling(mat.NewDense(4, 1, []float64{1, 1, 1, 9}), nil)
	if a.Mean[0] != b.Mean[0] || a.Scale[0] != b.Scale[0] || a.Mean[0] != 3 || a.Scale[0] != math.Sqrt(12) {
		t.Errorf("%+v, %+v", a, b)
	}
}

func TestUndoCoefKeepsTheOutputs(t *testing.T) {
	const n, d, k = 20, 4, 3
	src := random.New(4, 4)
	norm := func(r, c int) *mat.Dense {
		m := mat.NewDense(r, c, nil)
		m.Apply(func(_, j int, _ float64) float64 { return float64(5*j) + math.Pow(10, float64(j))*src.Norm() }, m)
		return m
	}
	raw, coef, intercept := norm(n, d), norm(d, k), []float64{1, -2, 3}
	// A view, so that strides are right too.
	x := mat.NewDense(n, d+2, nil).Slice(0, n, 1, d+1).(*mat.Dense)
	x.Copy(raw)
	s := Standardize(x, nil)
	var before, after mat.Dense
	before.Mul(x, coef)
	want := slices.Clone(intercept)
	s.UndoCoef(coef, intercept)
	after.Mul(raw, coef)
	for i := range n {
		for j := range k {
			a, b := before.At(i, j)+want[j], after.At(i, j)+intercept[j]
			if math.Abs(a-b) > 1e-12*math.Max(1, math.Abs(a)) {
				t.Fatalf("output %d, %d: %v scaled, %v raw", i, j, a, b)
			}
		}
	}
	// Without intercept: scaling without centring.
	clear(s.Mean)
	s.UndoCoef(coef, nil)
}

func TestScalingMisuse(t *testing.T) {
	s := &Scaling{Mean: []float64{1, 2}, Scale: []float64{1, 1}}
	for name, f := range map[string]func(){
		"weights":      func() { MeasureScaling(mat.NewDense(3, 1, nil), make([]float64, 2)) },
		"apply":        func() { s.Apply(mat.NewDense(3, 1, nil)) },
		"coef":         func() { s.UndoCoef(mat.NewDense(3, 1, nil), nil) },
		"intercepts":   func() { s.UndoCoef(mat.NewDense(2, 1, nil), []float64{1, 2}) },
		"no intercept": func() { s.UndoCoef(mat.NewDense(2, 1, nil), nil) },
		"gather shape": func() { GatherRows(mat.NewDense(2, 2, nil), mat.NewDense(3, 2, nil), []int{1}) },
		"gather index": func() { GatherRows(mat.NewDense(1, 2, nil), mat.NewDense(3, 2, nil), []int{3}) },
		"split":        func() { Split(3, 1, 0) },
		"split NaN":    func() { SplitClasses([]int{1}, math.NaN(), 0) },
		"split label":  func() { SplitClasses([]int{-1}, 0.5, 0) },
		"batch size":   func() { NewBatches(3, 0, 0) },
		"first batch":  func() { NewBatches(3, 2, 0).Epoch(0, 3) },
	} {
		func() {
			defer func() {
				err, _ := recover().(error)
				if u := new(tensor.UsageError); !errors.As(err, &u) {
					t.Errorf("%s: panic %v", name, err)
				}
			}()
			f()
		}()
	}
}
