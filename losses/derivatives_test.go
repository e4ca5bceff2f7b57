package losses

import (
	"fmt"
	"sync"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
)

// Every loss with every reduction and every choice of inputs that need a
// gradient, alone and with a strided input; CheckGradients uses each twice.
func TestDerivatives(t *testing.T) {
	for _, l := range every {
		for r := Mean; r <= l.last; r++ {
			for need := 1; need < 1<<len(l.domains); need++ {
				all := params(l.domains)
				var needed []*autograd.Param
				for i, p := range all {
					if need>>i&1 == 1 {
						needed = append(needed, p)
					}
				}
				objective := func(tape *autograd.Tape) autograd.Var {
					in := make([]autograd.Var, len(all))
					for i, p := range all {
						if need>>i&1 == 1 {
							in[i] = tape.Param(p)
						} else {
							in[i] = tape.Const(strided(p.Value))
						}
					}
					loss := l.record(r, in)
					return autograd.Sum(autograd.Mul(weightsLike(tape, loss), autograd.Sigmoid(loss)))
				}
				if err := autograd.CheckGradients(objective, autograd.NewParams(needed...), autograd.Check{Step: 2e-4, Probes: 3}); err != nil {
					t.Errorf("%s, %v, inputs %b: %v", l.name, r, need, err)
				}
			}
		}
	}
}

// The gradient itself, for the cotangent 1 that hands over the kept buffer.
func TestDerivativesOfTheLossAlone(t *testing.T) {
	for _, l := range every {
		for r := Mean; r <= l.last; r++ {
			if r == None {
				continue
			}
			all := params(l.domains)
			objective := func(tape *autograd.Tape) autograd.Var {
				in := make([]autograd.Var, len(all))
				for i, p := range all {
					in[i] = autograd.Scale(tape.Param(p), 1)
				}
				return l.record(r, in)
			}
			if err := autograd.CheckGradients(objective, autograd.NewParams(all...), autograd.Check{Step: 2e-4}); err != nil {
				t.Errorf("%s, %v: %v", l.name, r, err)
			}
		}
	}
}

// weightsLike returns different constants of the shape of v.
func weightsLike(tape *autograd.Tape, v autograd.Var) autograd.Var {
	r, c := v.Dims()
	w := mat.NewDense(r, c, nil)
	for i := range w.RawMatrix().Data {
		w.RawMatrix().Data[i] = 1.5 - 0.3*float64(i%7)
	}
	return tape.Const(w)
}

// strided returns a copy of m with gaps between its rows.
func strided(m *mat.Dense) *mat.Dense {
	r, c := m.Dims()
	wide := mat.NewDense(r, c+3, nil)
	s := wide.Slice(0, r, 1, c+1).(*mat.Dense)
	s.Copy(m)
	return s
}

// Gradients do not depend on whether another input's is wanted, nor on gaps
// between the rows, nor values on whether any gradient is.
func TestSameBitsWhateverIsWanted(t *testing.T) {
	for _, l := range every {
		for r := Mean; r <= l.last; r++ {
			all := params(l.domains)
			var want []string
			for need := 1<<len(all) - 1; need >= 0; need-- {
				for _, gaps := range []bool{false, true} {
					mode := autograd.Train
					if need == 0 {
						mode = autograd.Eval
					}
					tape := autograd.NewTape(mode)
					tape.Poison = true
					in := make([]autograd.Var, len(all))
					for i, p := range all {
						x := p.Value
						if gaps {
							x = strided(x)
						}
						if in[i] = tape.Const(x); need>>i&1 == 1 {
							in[i] = tape.Variable(x)
						}
					}
					loss := l.record(r, in)
					got := []string{fmt.Sprint(loss.Value().RawMatrix().Data)}
					if need != 0 {
						tape.Backward(autograd.Sum(loss))
						for i := range in {
							if g := in[i].Grad(); g != nil {
								got = append(got, fmt.Sprint(g.RawMatrix().Data))
							} else {
								got = append(got, "")
							}
						}
					}
					if want == nil {
						want = got
					}
					for i, g := range got {
						if g != want[i] && g != "" {
							t.Errorf("%s, %v, inputs %b, gaps %t: %s, not %s", l.name, r, need, gaps, g, want[i])
						}
					}
				}
			}
		}
	}
}

// A loss is a value that goroutines may share: state lives on their tapes.
func TestOneLossOnSeveralTapes(t *testing.T) {
	l, y := CrossEntropy{Weight: []float64{1, 2, 0.5, 3}, LabelSmoothing: 0.1}, []int{0, 3, 2, 1, 1}
	z := params([]domain{realNumber})[0].Value
	var results [4]string
	var wait sync.WaitGroup
	for i := range results {
		wait.Go(func() {
			tape := autograd.NewTape(autograd.Train)
			for range 20 {
				tape.Reset()
				in := tape.Variable(z)
				tape.Backward(autograd.Add(l.Classes(in, y), l.Classes(in, y)))
				results[i] = fmt.Sprint(in.Grad().RawMatrix().Data)
			}
		})
	}
	wait.Wait()
	for _, r := range results {
		if r != results[0] {
			t.Errorf("%s and %s", r, results[0])
		}
	}
}
