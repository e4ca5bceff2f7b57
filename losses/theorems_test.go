package losses

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
)

// values returns the loss of fixed inputs, row-major, and its gradients.
func values(record func(in []autograd.Var) autograd.Var, inputs ...*mat.Dense) (loss []float64, grads []*mat.Dense) {
	tape := autograd.NewTape(autograd.Train)
	in := make([]autograd.Var, len(inputs))
	for i, m := range inputs {
		in[i] = tape.Variable(m)
	}
	v := record(in)
	tape.Backward(autograd.Sum(v))
	for _, x := range in {
		grads = append(grads, x.Grad())
	}
	return v.Value().RawMatrix().Data, grads
}

// near checks that got is want up to a relative error of 1e-14 of the largest.
func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	scale := 0.0
	for _, w := range want {
		scale = max(scale, math.Abs(w))
	}
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, not %d", what, len(got), len(want))
	}
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= 1e-14*scale) {
			t.Errorf("%s: entry %d is %v, not %v", what, i, got[i], w)
		}
	}
}

func random54(d domain, seed uint64) *mat.Dense {
	m := mat.NewDense(5, 4, nil)
	fillDomain(m, d, seed)
	return m
}

func normalised(m *mat.Dense) *mat.Dense {
	for i := range m.RawMatrix().Rows {
		row := m.RawRowView(i)
		var sum float64
		for _, v := range row {
			sum += v
		}
		for j := range row {
			row[j] /= sum
		}
	}
	return m
}

var (
	frequencies = []float64{1, 2, 0, 4, 0.5}
	twoClasses  = []int{1, 0, 0, 1, 1}
)

// Softmax of two columns is the sigmoid of their difference: so are their losses
// and gradients, also of rows counted by frequency.
func TestTwoClassesAreTheSigmoidOfTheDifference(t *testing.T) {
	z, diff, yes := mat.NewDense(5, 2, nil), mat.NewDense(5, 1, nil), mat.NewDense(5, 1, nil)
	fillDomain(z, realNumber, 1)
	z.Set(1, 0, 60)
	for i, k := range twoClasses {
		diff.Set(i, 0, z.At(i, 1)-z.At(i, 0))
		yes.Set(i, 0, float64(k))
	}
	for _, weight := range [][]float64{nil, frequencies} {
		for r := Mean; r <= None; r++ {
			ce, ceGrad := values(func(in []autograd.Var) autograd.Var {
				return CrossEntropy{RowWeight: weight, Reduction: r}.Classes(in[0], twoClasses)
			}, z)
			bce, bceGrad := values(func(in []autograd.Var) autograd.Var {
				return BCEWithLogits{RowWeight: weight, Reduction: r}.Loss(in[0], in[1])
			}, diff, yes)
			near(t, r.String(), ce, bce)
			near(t, r.String()+" gradient", mat.Col(nil, 1, ceGrad[0]), mat.Col(nil, 0, bceGrad[0]))
		}
	}
}

// A row of frequency 2 is that row twice, and one of frequency 0 is no row,
// whatever it holds.
func TestFrequenciesAreRepetitions(t *testing.T) {
	frequencies := []float64{2, 1, 0, 3, 1}
	z, p, y := random54(realNumber, 1), random54(probability, 2), []int{3, 1, 2, 0, 0}
	z.SetRow(2, []float64{math.NaN(), math.Inf(1), 0, 0})
	long := func(m *mat.Dense) *mat.Dense {
		r := mat.NewDense(7, 4, nil)
		for to, from := range []int{0, 0, 1, 3, 3, 3, 4} {
			r.SetRow(to, m.RawRowView(from))
		}
		return r
	}
	yLong := []int{3, 3, 1, 0, 0, 0, 0}
	perClass := []float64{1, 2, 0.5, 3}
	type loss func(rows []float64, y []int, in []autograd.Var) autograd.Var
	for r := Mean; r <= Sum; r++ {
		for name, f := range map[string]loss{
			"CrossEntropy.Classes": func(w []float64, y []int, in []autograd.Var) autograd.Var {
				return CrossEntropy{RowWeight: w, Weight: perClass, LabelSmoothing: 0.1, Reduction: r}.Classes(in[0], y)
			},
			"CrossEntropy.Probabilities": func(w []float64, _ []int, in []autograd.Var) autograd.Var {
				return CrossEntropy{RowWeight: w, Weight: perClass, Reduction: r}.Probabilities(in[0], in[1])
			},
			"NLL": func(w []float64, y []int, in []autograd.Var) autograd.Var {
				return NLL{RowWeight: w, Weight: perClass, Reduction: r}.Classes(in[0], y)
			},
			"BCEWithLogits": func(w []float64, _ []int, in []autograd.Var) autograd.Var {
				return BCEWithLogits{RowWeight: w, PosWeight: perClass, Reduction: r}.Loss(in[0], in[1])
			},
		} {
			weighted, _ := values(func(in []autograd.Var) autograd.Var { return f(frequencies, y, in) }, z, p)
			repeated, _ := values(func(in []autograd.Var) autograd.Var { return f(nil, yLong, in) }, long(z), long(p))
			near(t, name+" "+r.String(), weighted, repeated)
		}
	}
}

// Cross-entropy is entropy plus Kullback-Leibler divergence.
func TestCrossEntropyIsEntropyPlusDivergence(t *testing.T) {
	z, p := random54(realNumber, 1), normalised(random54(probability, 2))
	ce, _ := values(func(in []autograd.Var) autograd.Var {
		return CrossEntropy{}.Probabilities(in[0], in[1])
	}, z, p)
	kl, _ := values(func(in []autograd.Var) autograd.Var {
		return KLDiv{Reduction: BatchMean}.Loss(in[0], in[1])
	}, logSoftmax(z), p)
	var entropy float64
	for _, v := range p.RawMatrix().Data {
		entropy -= v * math.Log(v) / 5
	}
	near(t, "CE = H + KL", ce, []float64{entropy + kl[0]})
}

// logSoftmax computes log-probabilities on its own.
func logSoftmax(z *mat.Dense) *mat.Dense {
	x := mat.DenseCopyOf(z)
	for i := range x.RawMatrix().Rows {
		row, sum := x.RawRowView(i), 0.0
		for _, v := range row {
			sum += math.Exp(v)
		}
		for j := range row {
			row[j] -= math.Log(sum)
		}
	}
	return x
}

// The negative log-likelihood of log-probabilities is the cross-entropy of the
// logits, for every option they share.
func TestNLLOfLogSoftmaxIsCrossEntropy(t *testing.T) {
	z, y := random54(realNumber, 1), []int{0, 3, 7, 1, 1}
	for r := Mean; r <= None; r++ {
		ce, _ := values(func(in []autograd.Var) autograd.Var {
			return CrossEntropy{Weight: []float64{1, 2, 0.5, 3}, RowWeight: frequencies, IgnoreIndex: new(7), Reduction: r}.Classes(in[0], y)
		}, z)
		nll, _ := values(func(in []autograd.Var) autograd.Var {
			return NLL{Weight: []float64{1, 2, 0.5, 3}, RowWeight: frequencies, IgnoreIndex: new(7), Reduction: r}.Classes(in[0], y)
		}, logSoftmax(z))
		near(t, r.String(), nll, ce)
	}
}

// The mean negative log-likelihood of a sample under one distribution is the
// cross-entropy of that relative to the sample's frequencies.
func TestMeanNLLIsCrossEntropyOfTheFrequencies(t *testing.T) {
	logits, y := []float64{0.3, -1, 2, 0.5}, []int{0, 2, 2, 1, 2, 2, 0, 2}
	z := mat.NewDense(len(y), 4, nil)
	empirical := mat.NewDense(1, 4, nil)
	for i, k := range y {
		z.SetRow(i, logits)
		empirical.Set(0, k, empirical.At(0, k)+1/float64(len(y)))
	}
	nll, _ := values(func(in []autograd.Var) autograd.Var { return NLL{}.Classes(in[0], y) }, logSoftmax(z))
	ce, _ := values(func(in []autograd.Var) autograd.Var {
		return CrossEntropy{}.Probabilities(in[0], in[1])
	}, mat.NewDense(1, 4, logits), empirical)
	near(t, "mean NLL", nll, ce)
}

// Classes are one-hot probabilities.
func TestClassesAreOneHotProbabilities(t *testing.T) {
	z, y := random54(realNumber, 1), []int{3, 1, 2, 0, 0}
	hot := mat.NewDense(5, 4, nil)
	for i, k := range y {
		hot.Set(i, k, 1)
	}
	for _, smoothing := range []float64{0, 0.3} {
		l := CrossEntropy{RowWeight: frequencies, LabelSmoothing: smoothing}
		a, aGrad := values(func(in []autograd.Var) autograd.Var { return l.Classes(in[0], y) }, z)
		b, bGrad := values(func(in []autograd.Var) autograd.Var { return l.Probabilities(in[0], in[1]) }, z, hot)
		near(t, "loss", a, b)
		near(t, "gradient", aGrad[0].RawMatrix().Data, bGrad[0].RawMatrix().Data)
	}
}

// BCE of a sigmoid is BCE with logits where the sigmoid keeps its digits.
func TestBCEOfSigmoidIsBCEWithLogits(t *testing.T) {
	z, p := random54(realNumber, 1), random54(probability, 2)
	weight := random54(positive, 3)
	for r := Mean; r <= None; r++ {
		a, aGrad := values(func(in []autograd.Var) autograd.Var {
			return BCE{Weight: weight, Reduction: r}.Loss(autograd.Sigmoid(in[0]), in[1])
		}, z, p)
		b, bGrad := values(func(in []autograd.Var) autograd.Var {
			return BCEWithLogits{Weight: weight, Reduction: r}.Loss(in[0], in[1])
		}, z, p)
		near(t, r.String(), a, b)
		near(t, r.String()+" gradient", aGrad[0].RawMatrix().Data, bGrad[0].RawMatrix().Data)
	}
}

// The multilabel loss is the mean of the losses of the single labels.
func TestMultiLabelIsSumOfSingleLabels(t *testing.T) {
	z, p, weight := random54(realNumber, 1), random54(probability, 2), []float64{1, 2, 0.5, 3}
	for r := Mean; r <= None; r++ {
		all, _ := values(func(in []autograd.Var) autograd.Var {
			return MultiLabelSoftMargin{Weight: weight, Reduction: r}.Loss(in[0], in[1])
		}, z, p)
		sum := make([]float64, len(all))
		for c, w := range weight {
			one, _ := values(func(in []autograd.Var) autograd.Var {
				return BCEWithLogits{Reduction: r}.Loss(in[0], in[1])
			}, mat.NewDense(5, 1, mat.Col(nil, c, z)), mat.NewDense(5, 1, mat.Col(nil, c, p)))
			for i, v := range one {
				sum[i] += w * v / 4
			}
		}
		near(t, r.String(), all, sum)
	}
}

// Outcomes coded ±1 and 0/1 cost the same.
func TestSoftMarginIsBCEWithLogits(t *testing.T) {
	z, y, yes := random54(realNumber, 1), random54(sign, 2), mat.NewDense(5, 4, nil)
	yes.Apply(func(_, _ int, v float64) float64 { return (v + 1) / 2 }, y)
	a, aGrad := values(func(in []autograd.Var) autograd.Var { return SoftMargin{}.Loss(in[0], in[1]) }, z, y)
	b, bGrad := values(func(in []autograd.Var) autograd.Var { return BCEWithLogits{}.Loss(in[0], in[1]) }, z, yes)
	near(t, "loss", a, b)
	near(t, "gradient", aGrad[0].RawMatrix().Data, bGrad[0].RawMatrix().Data)
}

// The losses that name a distribution are minus the logarithm of its density.
func TestLossesAreMinusLogDensities(t *testing.T) {
	x, y, v := random54(realNumber, 1), random54(realNumber, 2), random54(positive, 3)
	normal, _ := values(func(in []autograd.Var) autograd.Var {
		return GaussianNLL{Full: true, Reduction: None}.Loss(in[0], in[1], in[2])
	}, x, y, v)
	absolute, _ := values(func(in []autograd.Var) autograd.Var { return L1{Reduction: None}.Loss(in[0], in[1]) }, x, y)
	squared, _ := values(func(in []autograd.Var) autograd.Var { return MSE{Reduction: None}.Loss(in[0], in[1]) }, x, y)
	for i, variance := range v.RawMatrix().Data {
		d := x.RawMatrix().Data[i] - y.RawMatrix().Data[i]
		density := math.Exp(-d*d/(2*variance)) / math.Sqrt(2*math.Pi*variance)
		near(t, "normal", normal[i:i+1], []float64{-math.Log(density)})
		near(t, "standard normal", []float64{squared[i]/2 + math.Log(2*math.Pi)/2},
			[]float64{-math.Log(math.Exp(-d*d/2) / math.Sqrt(2*math.Pi))})
		near(t, "Laplace", []float64{absolute[i] + math.Log(2)}, []float64{-math.Log(math.Exp(-math.Abs(d)) / 2)})
	}

	counts := mat.NewDense(1, 4, []float64{0, 1, 5, 200})
	rates := mat.NewDense(1, 4, []float64{2, 0.5, 7, 180})
	logRates := mat.NewDense(1, 4, nil)
	logRates.Apply(func(_, _ int, v float64) float64 { return math.Log(v) }, rates)
	fromLog, _ := values(func(in []autograd.Var) autograd.Var {
		return PoissonNLL{Reduction: None}.Loss(in[0], in[1])
	}, logRates, counts)
	fromRate, _ := values(func(in []autograd.Var) autograd.Var {
		return PoissonNLL{Rate: true, Eps: 1e-300, Reduction: None}.Loss(in[0], in[1])
	}, rates, counts)
	full, _ := values(func(in []autograd.Var) autograd.Var {
		return PoissonNLL{Full: true, Reduction: None}.Loss(in[0], in[1])
	}, logRates, counts)
	for i, k := range counts.RawMatrix().Data {
		factorial, _ := math.Lgamma(k + 1)
		want := -(k*math.Log(rates.At(0, i)) - rates.At(0, i) - factorial)
		near(t, "Poisson of log λ", []float64{fromLog[i] + factorial}, []float64{want})
		near(t, "Poisson of λ", []float64{fromRate[i] + factorial}, []float64{want})
		// Stirling's approximation is off by 1/(12k).
		if k > 1 && math.Abs(full[i]-want) > 1/(11*k) {
			t.Errorf("full Poisson of %v: %v, not %v", k, full[i], want)
		}
	}
}
