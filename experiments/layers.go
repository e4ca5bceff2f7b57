package experiments

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/random"
)

// explainLayers says what a layer computes and how the gradient passes through
// it, and compares the formulas with the engine.
func explainLayers(o Options, d *datasets.Dataset, r *Result) {
	r.text("So far a network was one weighted sum of the features. A *layer* computes several: each of its results is such a sum with weights of its own, plus a constant, $a = W x + b$, with a row of the matrix $W$ for each. " +
		"A layer on a layer would be nothing new, since weighted sums of weighted sums are weighted sums. So between the two each number goes through a curve, the *activation*, here $\\tanh$, which is nearly a straight line around 0 and levels off at −1 and 1. " +
		"The results are new features, $h$, and the last layer does logistic regression on those. That is a *multilayer perceptron* (MLP):")
	r.formula(`a = W_{1} x + b_{1},   h = \tanh a,   z = w_{2}·h + b_{2},   p = σ(z)`)
	r.text("To train it one needs the derivative of the loss by every weight. The loss is a function of $z$, that of $h$, that of $a$, and that of the weights and features, and the *chain rule* says that derivatives of functions of functions multiply. " +
		"Begin at the end. For cross-entropy $∂\\mathrm{loss}/∂z = p − y$, the error again. The last layer passes it on to the features in proportion to their weights, the activation multiplies by its slope, $1 − h^{2}$ for $\\tanh$, and there the first layer finds the derivatives by its own results:")
	r.formula(`\frac{∂\mathrm{loss}}{∂w_{2k}} = (p − y) h_{k},   \frac{∂\mathrm{loss}}{∂a_{k}} = (p − y) w_{2k} (1 − h_{k}^{2}),   \frac{∂\mathrm{loss}}{∂W_{1kj}} = \frac{∂\mathrm{loss}}{∂a_{k}} x_{j}`)

	const hidden = 16
	net := nn.NewMLP(2, []int{hidden}, 1, activation.Tanh{}, random.New(o.Seed, 12))
	ps := autograd.NewParams(net.Params()...)
	y := mat.NewDense(d.Len(), 1, nil)
	for i, label := range d.Labels {
		y.Set(i, 0, float64(label))
	}
	loss := func(t *autograd.Tape) autograd.Var {
		return losses.BCEWithLogits{}.Loss(net.Forward(t.Const(d.X)), t.Const(y))
	}
	engine := make([]float64, ps.Len())
	autograd.Gradient(engine, autograd.NewTape(autograd.Train), ps, loss)
	var largest float64
	for _, g := range engine {
		largest = max(largest, math.Abs(g))
	}
	formulas := farthest(backpropagated(net, d.X, y), engine) / largest
	quotients := farthest(differenceQuotients(ps, loss), engine) / largest
	r.check("derivatives by the formulas of backpropagation against the engine's, relative to the largest", formulas, AtMost, 1e-12, "")
	r.check("difference quotients against the engine's derivatives, relative to the largest", quotients, AtMost, 1e-7, "")
	r.text("With more layers it goes on like that: each is handed the derivative by what it computed, and hands on the derivative by what it was given. This is *backpropagation*; all derivatives together cost about as much as computing the loss two or three times. "+
		"For %d hidden numbers there are %d weights and constants. The formulas, written out as they stand here, give the derivatives that the engine gives, to %s of the largest; moving each weight a little to either side and looking at the loss gives them too, to %s.",
		hidden, ps.Len(), num(formulas), num(quotients))
}

// backpropagated returns the gradient of the mean cross-entropy of a network with
// one hidden layer of tanh, in the order of its parameters.
func backpropagated(net *nn.MLP, x, y *mat.Dense) []float64 {
	first, last := net.Layers[0], net.Layers[1]
	w1, b1, w2, b2 := first.Weight.Value, first.Bias.Value, last.Weight.Value, last.Bias.Value
	n, in := x.Dims()
	_, hidden := w1.Dims()
	g := make([]float64, (in+1)*hidden+hidden+1)
	byW1, byB1 := g[:in*hidden], g[in*hidden:(in+1)*hidden]
	byW2, byB2 := g[(in+1)*hidden:(in+2)*hidden], g[(in+2)*hidden:]
	h := make([]float64, hidden)
	for i := range n {
		z := b2.At(0, 0)
		for k := range hidden {
			a := b1.At(0, k)
			for j := range in {
				a += w1.At(j, k) * x.At(i, j)
			}
			h[k] = math.Tanh(a)
			z += w2.At(k, 0) * h[k]
		}
		error := (1/(1+math.Exp(-z)) - y.At(i, 0)) / float64(n)
		byB2[0] += error
		for k := range hidden {
			byW2[k] += error * h[k]
			byA := error * w2.At(k, 0) * (1 - h[k]*h[k])
			byB1[k] += byA
			for j := range in {
				byW1[j*hidden+k] += byA * x.At(i, j)
			}
		}
	}
	return g
}

// differenceQuotients returns (f(θ+s) − f(θ−s))/2s for each parameter.
func differenceQuotients(ps *autograd.Params, f autograd.Objective) []float64 {
	const step = 1e-5 // its square, and rounding divided by it, are about 1e-10
	theta := ps.Vector()
	q := make([]float64, len(theta))
	for i, at := range theta {
		theta[i] = at + step
		up := autograd.Value(autograd.NewTape(autograd.Eval), f)
		theta[i] = at - step
		down := autograd.Value(autograd.NewTape(autograd.Eval), f)
		theta[i] = at
		q[i] = (up - down) / (2 * step)
	}
	return q
}
