package losses

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
)

// large is losses of enough elements for several goroutines, in a last part that
// is not full: of x, p in [0, 1] and classes y.
var large = []struct {
	name       string
	rows, cols int
	record     func(x, p autograd.Var, y []int) autograd.Var
}{
	{"BCEWithLogits", 1<<17 + 77, 1, func(x, p autograd.Var, _ []int) autograd.Var {
		return BCEWithLogits{}.Loss(x, p)
	}},
	{"BCEWithLogits weights", 14001, 10, func(x, p autograd.Var, _ []int) autograd.Var {
		return BCEWithLogits{Weight: largeWeight, RowWeight: largeWeight.RawMatrix().Data, PosWeight: perColumn}.Loss(x, p)
	}},
	{"BCEWithLogits wide", 101, 1301, func(x, p autograd.Var, _ []int) autograd.Var {
		return BCEWithLogits{Reduction: Sum}.Loss(x, p)
	}},
	{"MultiLabelSoftMargin", 14001, 10, func(x, p autograd.Var, _ []int) autograd.Var {
		return autograd.Sum(MultiLabelSoftMargin{Reduction: None}.Loss(x, p))
	}},
	{"MSE", 14001, 10, func(x, p autograd.Var, _ []int) autograd.Var {
		return autograd.Sum(MSE{Reduction: None}.Loss(x, p))
	}},
	{"CrossEntropy", 14001, 10, func(x, _ autograd.Var, y []int) autograd.Var {
		return CrossEntropy{}.Classes(x, y)
	}},
	{"CrossEntropy weights", 14001, 10, func(x, _ autograd.Var, y []int) autograd.Var {
		return CrossEntropy{Weight: perColumn, RowWeight: largeWeight.RawMatrix().Data, IgnoreIndex: &ignoredClass}.Classes(x, y)
	}},
	{"CrossEntropy wide", 101, 1301, func(x, _ autograd.Var, y []int) autograd.Var {
		return autograd.Sum(CrossEntropy{Reduction: None}.Classes(x, y))
	}},
}

// Weights of the large losses.
var (
	largeWeight  = func() *mat.Dense { w := mat.NewDense(14001, 1, nil); fillDomain(w, probability, 3); return w }()
	perColumn    = largeWeight.RawMatrix().Data[:10]
	ignoredClass = 3
)

func largeInputs(rows, cols int) (x, p *mat.Dense, y []int) {
	x, p, y = mat.NewDense(rows, cols, nil), mat.NewDense(rows, cols, nil), make([]int, rows)
	fillDomain(x, realNumber, 1)
	fillDomain(p, probability, 2)
	for i := range y {
		y[i] = i * 7 % cols
	}
	return x, p, y
}

// The number of processors changes no bit of losses and gradients.
func TestProcessorsDoNotMatter(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, l := range large {
		x, p, y := largeInputs(l.rows, l.cols)
		tape := autograd.NewTape(autograd.Train)
		tape.Poison = true
		pass := func(procs int, serial bool) (float64, []float64) {
			runtime.GOMAXPROCS(procs)
			tape.Serial = serial
			tape.Reset()
			z := tape.Variable(x)
			loss := l.record(z, tape.Const(p), y)
			tape.Backward(loss)
			return loss.Scalar(), z.Grad().RawMatrix().Data
		}
		loss, grad := pass(1, true)
		want := append([]float64(nil), grad...)
		for _, procs := range []int{1, 2, 4} {
			got, grad := pass(procs, false)
			if math.Float64bits(got) != math.Float64bits(loss) {
				t.Errorf("%s, GOMAXPROCS %d: loss %v, serially %v", l.name, procs, got, loss)
			}
			for i, g := range grad {
				if math.Float64bits(g) != math.Float64bits(want[i]) {
					t.Errorf("%s, GOMAXPROCS %d: gradient %d is %v, serially %v", l.name, procs, i, g, want[i])
					break
				}
			}
		}
	}
}

// BenchmarkLarge is value and gradient on GOMAXPROCS processors. Set it in the
// environment: with -cpu, the first run of each has another one's.
func BenchmarkLarge(b *testing.B) {
	for _, s := range []struct{ rows, cols int }{{1 << 14, 1}, {1 << 16, 1}, {1 << 17, 1}, {1 << 18, 1}, {1e6, 1}, {65536, 10}, {4096, 1000}} {
		x, p, y := largeInputs(s.rows, s.cols)
		name := "BCEWithLogits"
		if s.cols > 1 {
			name = "CrossEntropy"
		}
		b.Run(fmt.Sprintf("%s/%d×%d", name, s.rows, s.cols), func(b *testing.B) {
			tape := autograd.NewTape(autograd.Train)
			b.ReportAllocs()
			for b.Loop() {
				tape.Reset()
				z := tape.Variable(x)
				if s.cols > 1 {
					tape.Backward(CrossEntropy{}.Classes(z, y))
				} else {
					tape.Backward(BCEWithLogits{}.Loss(z, tape.Const(p)))
				}
			}
		})
	}
}
