package losses

import (
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
)

// BenchmarkLoss reports the time per element of value and gradient, and of the
// value alone.
func BenchmarkLoss(b *testing.B) {
	for _, shape := range [][2]int{{4096, 1}, {512, 10}, {64, 1000}} {
		rows, cols := shape[0], shape[1]
		x, p := mat.NewDense(rows, cols, nil), mat.NewDense(rows, cols, nil)
		fillDomain(x, realNumber, 1)
		fillDomain(p, probability, 2)
		y := make([]int, rows)
		for i := range y {
			y[i] = i % cols
		}
		for _, l := range []struct {
			name   string
			record func(x, p autograd.Var) autograd.Var
		}{
			{"MSE", func(x, p autograd.Var) autograd.Var { return MSE{}.Loss(x, p) }},
			{"BCE", func(x, p autograd.Var) autograd.Var { return BCE{}.Loss(x, p) }},
			{"BCEWithLogits", func(x, p autograd.Var) autograd.Var { return BCEWithLogits{}.Loss(x, p) }},
			{"CrossEntropy", func(x, p autograd.Var) autograd.Var { return CrossEntropy{}.Classes(x, y) }},
			{"Probabilities", func(x, p autograd.Var) autograd.Var { return CrossEntropy{}.Probabilities(x, p) }},
			{"NLL", func(x, p autograd.Var) autograd.Var { return NLL{}.Classes(x, y) }},
			{"PoissonNLL", func(x, p autograd.Var) autograd.Var { return PoissonNLL{}.Loss(x, p) }},
		} {
			in := x
			if l.name == "BCE" {
				in = p
			}
			for _, mode := range []autograd.Mode{autograd.Train, autograd.Eval} {
				b.Run(l.name+"/"+sizeName(rows, cols)+"/"+map[autograd.Mode]string{autograd.Train: "gradient", autograd.Eval: "value"}[mode], func(b *testing.B) {
					tape := autograd.NewTape(mode)
					b.ReportAllocs()
					for b.Loop() {
						tape.Reset()
						loss := l.record(tape.Variable(in), tape.Const(p))
						if mode == autograd.Train {
							tape.Backward(loss)
						}
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows*cols), "ns/element")
				})
			}
		}
	}
}

func sizeName(rows, cols int) string {
	return map[int]string{1: "column", 10: "ten", 1000: "wide"}[cols]
}
