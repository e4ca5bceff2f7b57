package tensor

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestSoftmaxNLL(t *testing.T) {
	z := Matrix{Rows: 3, Cols: 2, Stride: 3, Data: []float64{0, 0, -1, 1, 41, -1, math.NaN(), 0}}
	loss, scratch := make([]float64, 3), make([]float64, SoftmaxNLLScratch(2))
	dz := Matrix{Rows: 3, Cols: 2, Stride: 2, Data: make([]float64, 6)}
	SoftmaxNLL(loss, dz, z, []int{1, 1, -100}, []float64{2, 1, 0}, 2, scratch)
	for i, want := range []float64{2 * math.Ln2, math.Exp(-40), 0} {
		if loss[i] != want {
			t.Errorf("loss of row %d is %v, want %v", i, loss[i], want)
		}
	}
	for j, want := range []float64{0.5, -0.5, math.Exp(-40) / 2, -math.Exp(-40) / 2, 0, 0} {
		if dz.Data[j] != want {
			t.Errorf("element %d of the gradient is %v, want %v", j, dz.Data[j], want)
		}
	}
	if -dz.Data[2] != dz.Data[3] {
		t.Error("the gradient of a row does not add up to 0")
	}
}

func TestSoftmaxNLLRefuses(t *testing.T) {
	z := Matrix{Rows: 3, Cols: 2, Stride: 2, Data: make([]float64, 6)}
	loss, scratch, class := make([]float64, 3), make([]float64, SoftmaxNLLScratch(2)), make([]int, 3)
	for what, call := range map[string]func(){
		"2 losses":  func() { SoftmaxNLL(loss[:2], Matrix{}, z, class, nil, 1, scratch) },
		"classes 2": func() { SoftmaxNLL(loss, Matrix{}, z, class[:2], nil, 1, scratch) },
		"weights 1": func() { SoftmaxNLL(loss, Matrix{}, z, class, loss[:1], 1, scratch) },
		"scratch 1": func() { SoftmaxNLL(loss, Matrix{}, z, class, nil, 1, scratch[:1]) },
		"gradient 2×3": func() {
			SoftmaxNLL(loss, Matrix{Rows: 2, Cols: 3, Stride: 3, Data: make([]float64, 6)}, z, class, nil, 1, scratch)
		},
	} {
		func() {
			defer func() {
				var usage *UsageError
				err, _ := recover().(error)
				if !errors.As(err, &usage) || !strings.Contains(err.Error(), what) {
					t.Errorf("%s: %v", what, err)
				}
			}()
			call()
		}()
	}
}

func TestDivide(t *testing.T) {
	x := []float64{1, -2, math.Inf(1), 0, 5e-324, 3, 7, 8, 9}
	got := make([]float64, len(x))
	for _, a := range []float64{3, -0.1, 0} {
		Divide(got, x, a)
		for j, v := range x {
			if want := v / a; got[j] != want && want == want {
				t.Errorf("%v/%v is %v", v, a, got[j])
			}
		}
	}
}
