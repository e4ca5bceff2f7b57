package autograd

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/tensor"
)

func ones(r, c int) *mat.Dense {
	m := mat.NewDense(r, c, nil)
	tensor.Fill(m.RawMatrix(), 1)
	return m
}

func TestDropoutGradients(t *testing.T) {
	a, b := randomParam("a", 6, 4, 1), randomParam("b", 4, 5, 2)
	ps := NewParams(a, b)
	for _, p := range []float64{0, 0.4, 1} {
		f := func(t *Tape) Var {
			h := Dropout(Apply(t.Param(a), activation.Sigmoid{}), p, 1)
			y := Dropout(MatMul(h, t.Param(b)), p, 2)
			return Sum(Mul(Apply(y, activation.Sigmoid{}), Dropout(y, p, 3)))
		}
		if err := CheckGradients(f, ps, Check{}); err != nil {
			t.Errorf("p = %g: %v", p, err)
		}
	}
}

func TestDropoutIsIdentity(t *testing.T) {
	x := ones(3, 2)
	for _, c := range []struct {
		mode Mode
		p    float64
	}{{Eval, 0.5}, {Train, 0}} {
		tape := NewTape(c.mode)
		v := tape.Const(x)
		if y := Dropout(v, c.p, 0); y != v {
			t.Errorf("mode %v, p %g: not the same Var", c.mode, c.p)
		}
	}
}

// The elements are independent, and their expected value is x.
func TestDropoutDistribution(t *testing.T) {
	const rows, cols = 400, 250
	for _, p := range []float64{0.1, 0.5, 0.9} {
		y := Dropout(NewTape(Train).Const(ones(rows, cols)), p, 0).Value()
		keep := 1 / (1 - p)
		var dropped, below, beside float64
		for i := range rows {
			for j := range cols {
				switch v := y.At(i, j); {
				case v == 0:
					dropped++
					if i > 0 && y.At(i-1, j) == 0 {
						below++
					}
					if j > 0 && y.At(i, j-1) == 0 {
						beside++
					}
				case v != keep:
					t.Fatalf("element %g", v)
				}
			}
		}
		near := func(what string, got, n, p float64) {
			if se := math.Sqrt(p * (1 - p) / n); math.Abs(got/n-p) > 5*se {
				t.Errorf("p = %g: %s: %g, want %g ± %g", p, what, got/n, p, se)
			}
		}
		near("dropped", dropped, rows*cols, p)
		near("pairs in a column", below, (rows-1)*cols, p*p)
		near("pairs in a row", beside, rows*(cols-1), p*p)
	}
}

func TestDropoutDependsOnPlace(t *testing.T) {
	draw := func(rows, stream int, set func(*Tape)) []float64 {
		tape := NewTape(Train)
		tape.Seed, tape.Epoch, tape.Step = 1, 2, 3
		set(tape)
		return Dropout(tape.Const(ones(rows, 8)), 0.5, uint64(stream)).Value().RawMatrix().Data
	}
	whole := draw(9, 4, func(*Tape) {})
	var parts []float64
	for _, first := range []int{0, 2, 7} {
		rows := map[int]int{0: 2, 2: 5, 7: 2}[first]
		parts = append(parts, draw(rows, 4, func(t *Tape) { t.FirstRow = first })...)
	}
	if fmt.Sprint(parts) != fmt.Sprint(whole) {
		t.Error("a batch in parts has another mask")
	}
	seen := map[string]string{fmt.Sprint(whole): "the first"}
	for name, mask := range map[string][]float64{
		"another seed":   draw(9, 4, func(t *Tape) { t.Seed++ }),
		"another epoch":  draw(9, 4, func(t *Tape) { t.Epoch++ }),
		"another step":   draw(9, 4, func(t *Tape) { t.Step++ }),
		"another row":    draw(9, 4, func(t *Tape) { t.FirstRow++ }),
		"another stream": draw(9, 5, func(*Tape) {}),
	} {
		if other := seen[fmt.Sprint(mask)]; other != "" {
			t.Errorf("%s has the mask of %s", name, other)
		}
		seen[fmt.Sprint(mask)] = name
	}
}

func TestDropoutRefuses(t *testing.T) {
	for _, p := range []float64{-0.1, 1.1, math.NaN()} {
		func() {
			defer func() {
				var usage *tensor.UsageError
				if err, _ := recover().(error); !errors.As(err, &usage) || usage.Op != "autograd.Dropout" {
					t.Errorf("p = %g: %v", p, err)
				}
			}()
			Dropout(NewTape(Train).Const(ones(1, 1)), p, 0)
		}()
	}
}

func BenchmarkDropout(b *testing.B) {
	t, x := NewTape(Train), ones(128, 256)
	b.ReportAllocs()
	for b.Loop() {
		t.Reset()
		Dropout(t.Const(x), 0.5, 0)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(128*256), "ns/element")
}
