package experiments

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/nn"
)

// logistic is a network without hidden layers and with one logit, on data: rows
// with the share of yes among their trials.
type logistic struct {
	net     *nn.MLP
	params  *autograd.Params
	x, y    *mat.Dense
	weights []float64 // nil: all 1
}

func newLogistic(x, y *mat.Dense, weights []float64) *logistic {
	_, d := x.Dims()
	net := nn.NewMLP(d, nil, 1, nil, nil)
	return &logistic{net, autograd.NewParams(net.Params()...), x, y, weights}
}

// nll records the negative log-likelihood, in nats.
func (m *logistic) nll(t *autograd.Tape) autograd.Var {
	return losses.BCEWithLogits{RowWeight: m.weights, Reduction: losses.Sum}.Loss(m.net.Forward(t.Const(m.x)), t.Const(m.y))
}

// meanLoss records the mean cross-entropy, in nats.
func (m *logistic) meanLoss(t *autograd.Tape) autograd.Var {
	return losses.BCEWithLogits{RowWeight: m.weights}.Loss(m.net.Forward(t.Const(m.x)), t.Const(m.y))
}

// fit finds the maximum-likelihood estimate, from zero parameters. It returns
// errNoMinimum if it cannot prove that there is one.
func (m *logistic) fit(ctx context.Context) (optimum, error) {
	clear(m.params.Vector())
	at, err := minimise(ctx, m.params, m.nll)
	if err == nil && !m.exists(at) {
		err = errNoMinimum
	}
	return at, err
}

// exists reports whether the residuals at a point prove that the likelihood has
// a maximum. With V = H⁻¹g, they are a positive combination of constraints that
// adds up to 0 if no step along V would reverse one of them: if
// max (u − p·u) < 1 over the outcomes that did not happen, for u = x·V or 0.
// Separated data approach the limit 1, so ½ is asked for (Stiemke's lemma).
func (m *logistic) exists(at optimum) bool {
	n, d := m.x.Dims()
	v := mat.NewVecDense(d+1, nil)
	if err := at.inverse.SolveVecTo(v, mat.NewVecDense(d+1, at.gradient)); err != nil {
		return false
	}
	for i, p := range m.probabilities(m.x) {
		if m.weights != nil && m.weights[i] == 0 {
			continue
		}
		u := v.AtVec(d)
		for j := range d {
			u += m.x.At(i, j) * v.AtVec(j)
		}
		if y := m.y.At(i, 0); y < 1 && (1-p)*u > 0.5 || y > 0 && -p*u > 0.5 {
			return false
		}
	}
	return n > 0
}

// theta returns a copy of the parameters: the coefficients, then the intercept.
func (m *logistic) theta() []float64 { return append([]float64(nil), m.params.Vector()...) }

// probabilities returns P(yes) for the rows of x.
func (m *logistic) probabilities(x *mat.Dense) []float64 {
	t := autograd.NewTape(autograd.Eval)
	p := autograd.Sigmoid(m.net.Forward(t.Const(x))).Value()
	return append([]float64(nil), p.RawMatrix().Data...)
}

// farthest returns the largest difference between the entries of two vectors.
func farthest(a, b []float64) float64 {
	var worst float64
	for i := range a {
		worst = max(worst, math.Abs(a[i]-b[i]))
	}
	return worst
}

// apart returns |a−b| relative to |b|.
func apart(a, b float64) float64 {
	if a == b {
		return 0
	}
	return math.Abs(a-b) / math.Abs(b)
}
