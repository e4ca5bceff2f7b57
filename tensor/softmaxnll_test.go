package tensor

import (
	"errors"
	"fmt"
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
	some := Matrix{Rows: 3, Cols: 2, Stride: 2, Data: make([]float64, 8)[:5]}
	for what, call := range map[string]func(){
		"2 losses":  func() { SoftmaxNLL(loss[:2], Matrix{}, z, class, nil, 1, scratch) },
		"classes 2": func() { SoftmaxNLL(loss, Matrix{}, z, class[:2], nil, 1, scratch) },
		"weights 1": func() { SoftmaxNLL(loss, Matrix{}, z, class, loss[:1], 1, scratch) },
		"scratch 1": func() { SoftmaxNLL(loss, Matrix{}, z, class, nil, 1, scratch[:1]) },
		"gradient 2×3": func() {
			SoftmaxNLL(loss, Matrix{Rows: 2, Cols: 3, Stride: 3, Data: make([]float64, 6)}, z, class, nil, 1, scratch)
		},
		"stride 2 and 5 elements": func() { SoftmaxNLL(loss, some, z, class, nil, 1, scratch) },
		"3×2 matrix with stride 2 and 5": func() {
			SoftmaxNLL(loss, Matrix{}, some, class, nil, 1, scratch)
		},
		"stride 1": func() {
			SoftmaxNLL(loss, Matrix{}, Matrix{Rows: 3, Cols: 2, Stride: 1, Data: z.Data}, class, nil, 1, scratch)
		},
		"-3×2":        func() { SoftmaxNLL(nil, Matrix{}, Matrix{Rows: -3, Cols: 2, Stride: 2}, nil, nil, 1, scratch) },
		"logits 3×0":  func() { SoftmaxNLL(loss, Matrix{}, Matrix{Rows: 3}, class, nil, 1, scratch) },
		"of 0 logits": func() { SoftmaxNLLScratch(0) },
	} {
		refuses(t, what, call)
	}
}

// An assembly kernel that trusts a class reads the logit of another row.
func TestSoftmaxNLLRefusesClasses(t *testing.T) {
	for _, cols := range []int{2, 10, 200} { // groups of rows, and rows one by one
		for _, n := range []int{1, 9, 40} {
			z := Matrix{Rows: n, Cols: cols, Stride: cols, Data: make([]float64, n*cols)}
			loss, scratch, weight := make([]float64, n), make([]float64, SoftmaxNLLScratch(cols)), make([]float64, n)
			for _, k := range []int{-1, cols, math.MaxInt, math.MinInt} {
				class := make([]int, n)
				class[n-1] = k
				refuses(t, fmt.Sprintf("row %d: class %d of %d", n-1, k, cols), func() { SoftmaxNLL(loss, z, z, class, nil, 1, scratch) })
				SoftmaxNLL(loss, z, z, class, weight, 1, scratch) // a row of weight 0 does not count
				weight[n-1] = math.NaN()
				refuses(t, fmt.Sprintf("class %d", k), func() { SoftmaxNLL(loss, z, z, class, weight, 1, scratch) })
				weight[n-1] = 0
			}
		}
	}
}

// refuses expects a call to panic with a UsageError that says what.
func refuses(t *testing.T, what string, call func()) {
	t.Helper()
	defer func() {
		t.Helper()
		var usage *UsageError
		err, _ := recover().(error)
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}()
	call()
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
