package trainer

import (
	"math"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/random"
)

// Accelerated returns a configuration without anything to tune for a model
// without hidden layers: gradient descent on all rows with Nesterov momentum,
// restarts, and the learning rate 1/L, where L is the largest curvature that
// the mean loss has anywhere; it stops when no entry of the gradient exceeds
// tolerance.
//
// L is λ_max(Σ w x xᵀ/Σ w), for the scaled features and the intercept, times
// the largest second derivative of the loss by a logit: 1/4 for two classes
// (divided by the number of labels, over which the loss is a mean), 1/2 for
// more (Böhning 1992, "Multinomial logistic regression algorithm").
//
// Source: Nesterov 2004, "Introductory lectures on convex optimization",
// section 2.2.
func Accelerated(c *Classifier, d *datasets.Dataset, loss Loss, tolerance float64, epochs int) (Config, error) {
	t, err := newTarget(c, d, loss)
	if err != nil {
		return Config{}, err
	}
	curvature := 0.25
	if c.Kind == Multiclass {
		curvature = 0.5
	}
	positive := 1.0
	for _, w := range loss.PosWeight {
		positive = max(positive, w)
	}
	l := curvature * positive / float64(labels(c)) * largestEigenvalue(c, d, t.weight)
	return Config{
		Loss: loss, Method: optim.SGD{LR: 1 / l, Momentum: 0.9, Nesterov: true}, Restart: true,
		Tolerance: tolerance, Epochs: epochs,
	}, nil
}

// labels is the number of losses that the mean is over in every row.
func labels(c *Classifier) int {
	if c.Kind == Multilabel {
		return len(c.Schema.Labels)
	}
	return 1
}

// largestEigenvalue returns λ_max(Σ w x xᵀ/Σ w) by power iteration, where x is
// 1 and then the scaled features of a row. It is a lower bound that is tight
// to some per cent, which is well inside what the step size tolerates.
func largestEigenvalue(c *Classifier, d *datasets.Dataset, weight []float64) float64 {
	n, terms := d.X.Dims()
	v, next := make([]float64, terms+1), make([]float64, terms+1)
	src := random.New(0, 0)
	for i := range v {
		v[i] = src.Norm()
	}
	var b rows
	var eigenvalue float64
	for range 30 {
		norm := norm2(v)
		for i := range v {
			v[i] /= norm
		}
		clear(next)
		var total float64
		for from := 0; from < n; from += blockRows {
			to := min(from+blockRows, n)
			b.fill(d.X, c.Scaling, nil, from, to)
			for i := range to - from {
				w, x := 1.0, b.x.RawRowView(i)
				if weight != nil {
					w = weight[from+i]
				}
				dot := v[0]
				for j, e := range x {
					dot += v[j+1] * e
				}
				total += w
				dot *= w
				next[0] += dot
				for j, e := range x {
					next[j+1] += dot * e
				}
			}
		}
		for i := range next {
			next[i] /= total
		}
		before := eigenvalue
		eigenvalue = norm2(next)
		v, next = next, v
		if math.Abs(eigenvalue-before) < 1e-3*eigenvalue {
			break
		}
	}
	return eigenvalue
}

func norm2(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v * v
	}
	return math.Sqrt(s)
}
