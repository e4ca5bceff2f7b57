package experiments

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/mle"
)

// penalised returns the certified penalised fit with the parameters in the order
// of a network: the coefficients, then the intercept, which has no penalty. The
// power of |θ| is that of the penalty; strength is the C of package mle.
func penalised(ctx context.Context, people *grouped, power int, strength float64) ([]float64, error) {
	penalty := map[int]mle.Penalty{1: mle.L1, 2: mle.L2}[power]
	fit, err := mle.Fit(ctx, people.dataset(), mle.Options{Penalty: penalty, C: strength})
	if err != nil {
		return nil, fmt.Errorf("%v fit with C = %g: %w", penalty, strength, err)
	}
	row := fit.Coef.RawRowView(0)
	return append(append([]float64(nil), row[1:]...), row[0]), nil
}

// penalties compares posterior modes with penalised fits. The posteriors are
// made of densities with all their constants, the losses of observations at 0:
// GaussianNLL, and L1 for the Laplace density. The intercept has a flat prior.
func (c priorClaim) penalties(ctx context.Context, people *grouped, m *logistic, r *Result) error {
	const width = 0.7
	clear(m.params.Vector())
	if _, err := minimise(ctx, m.params, m.nll); err != nil {
		return err
	}
	estimate := m.theta()
	columns := [][]float64{estimate}
	var worst float64
	for _, k := range []struct {
		power    int
		strength float64 // C of the penalised fit
		density  func(t *autograd.Tape, v autograd.Var) autograd.Var
	}{
		{c.gaussian, width * width, func(t *autograd.Tape, v autograd.Var) autograd.Var {
			rows, columns := v.Value().Dims()
			zero, variance := mat.NewDense(rows, columns, nil), mat.NewDense(rows, columns, nil)
			for i := range variance.RawMatrix().Data {
				variance.RawMatrix().Data[i] = width * width
			}
			return losses.GaussianNLL{Full: true, Reduction: losses.Sum}.Loss(v, t.Const(zero), t.Const(variance))
		}},
		{c.laplace, width, func(t *autograd.Tape, v autograd.Var) autograd.Var {
			rows, columns := v.Value().Dims()
			absolute := losses.L1{Reduction: losses.Sum}.Loss(v, t.Const(mat.NewDense(rows, columns, nil)))
			return autograd.AddScalar(autograd.Scale(absolute, 1/width), float64(rows*columns)*math.Log(2*width))
		}},
	} {
		copy(m.params.Vector(), estimate) // away from the kink of |θ|
		if _, err := minimise(ctx, m.params, func(t *autograd.Tape) autograd.Var {
			return autograd.Add(m.nll(t), k.density(t, t.Param(m.params.List()[0])))
		}); err != nil {
			return fmt.Errorf("posterior: %w", err)
		}
		fit, err := penalised(ctx, people, k.power, k.strength)
		if err != nil {
			return err
		}
		worst = max(worst, farthest(m.theta(), fit))
		columns = append(columns, m.theta(), fit)
	}
	r.decide("MAP with Gaussian and Laplace densities against certified L2 and L1 fits", worst, AtMost, 1e-10, "")
	r.text("Priors that prefer small coefficients are penalties. The logarithm of a Gaussian density of standard deviation $τ$ is $−θ^{2}/2τ^{2}$ and a constant, that of a Laplace density of scale $b$ is $−|θ|/b$ and a constant: " +
		"*L2* and *L1* regularisation, or weight decay and the lasso.")
	r.formula(`\hat{θ}_{L2} = \arg\min [−ℓ(θ) + \frac{1}{2τ^{2}} \sum θ^{2}],   \hat{θ}_{L1} = \arg\min [−ℓ(θ) + \frac{1}{b} \sum |θ|]`)
	r.text("Programs that fit penalised models ask for a number $C$ that multiplies the log-likelihood, and leave the intercept alone: a flat prior on it, $C = τ^{2}$ for L2 and $C = b$ for L1. For the Titanic and a width of %s the mode of the posterior, found from the densities, and the penalised fit of another solver agree to %s.", num(width), num(worst))
	table := &Table{Title: "Log-odds of survival, by prior of width " + num(width), Columns: []string{"coefficient", "no prior", "MAP, Gaussian", "L2, C = " + num(width*width), "MAP, Laplace", "L1, C = " + num(width)}}
	for i, name := range append(append([]string(nil), people.terms...), "(intercept)") {
		row := []any{name}
		for _, v := range columns {
			row = append(row, v[i])
		}
		table.Add(row...)
	}
	r.table(table)
	return nil
}

// zeros narrows the Laplace prior until a coefficient is 0, and checks that this
// is the mode: the likelihood there is less steep than the density on both sides.
func (c priorClaim) zeros(ctx context.Context, people *grouped, m *logistic, r *Result) error {
	chart := &figure.Figure{
		Name: "prior-path", Title: "Coefficients under a Laplace prior, by its scale",
		Caption: "As the prior narrows, the coefficients become 0 one after the other, exactly; a Gaussian prior makes them small and none of them 0.",
		X:       figure.Axis{Label: "scale b of the prior", Log: true}, Y: figure.Axis{Label: "log-odds of survival"},
	}
	for j, name := range people.terms {
		chart.Marks = append(chart.Marks, figure.Mark{Kind: figure.Line, Name: name, Color: figure.Color(j)})
	}
	var first float64
	var sparse []float64
	for i := range 33 {
		b := math.Pow(10, 0.5-float64(i)/10)
		fit, err := penalised(ctx, people, c.laplace, b)
		if err != nil {
			return err
		}
		for j := range people.terms {
			mark := &chart.Marks[j]
			mark.X, mark.Y = append(mark.X, b), append(mark.Y, fit[j])
			if fit[j] == 0 && sparse == nil {
				first, sparse = b, fit
			}
		}
	}
	if sparse == nil {
		r.check("coefficients that are 0 under a Laplace prior", 0, AtLeast, 1, "")
		return nil
	}
	copy(m.params.Vector(), sparse)
	slopes := make([]float64, len(sparse))
	autograd.Gradient(slopes, autograd.NewTape(autograd.Train), m.params, m.nll)
	gone, zeros, steepest, balance := "", 0, 0.0, math.Abs(slopes[len(people.terms)])*first
	for j, name := range people.terms {
		if sparse[j] == 0 {
			zeros, gone, steepest = zeros+1, name, max(steepest, math.Abs(slopes[j])*first)
		} else {
			balance = max(balance, math.Abs(slopes[j]*first+math.Copysign(1, sparse[j])))
		}
	}
	gaussian, err := penalised(ctx, people, c.gaussian, 2*first*first) // the same variance
	if err != nil {
		return err
	}
	smallest := math.Inf(1)
	for j := range people.terms {
		smallest = min(smallest, math.Abs(gaussian[j]))
	}
	r.check("coefficients that are 0 under the widest Laplace prior that makes one 0", float64(zeros), AtLeast, 1, "")
	r.check("steepness of the log-likelihood there, in units of that of the log-density, 1/b", steepest, AtMost, 1, "")
	r.check("steepness of log-likelihood and log-density together in the other coefficients, in units of 1/b", balance, AtMost, 1e-10, "")
	r.check("smallest coefficient under the Gaussian prior of the same variance", smallest, Above, 0, "")
	r.text("One difference between the two can be seen at once. A Laplace density has an edge at 0, where its logarithm falls by $1/b$ per unit to either side. Where the log-likelihood rises by less than that, the mode stays on the edge: a coefficient is *exactly* 0. At $b$ = %s it is the one of “%s”: the likelihood's slope there is %s of the density's. "+
		"The Gaussian density of the same variance is round at 0, and its smallest coefficient is %s. So the lasso leaves features out, and the ridge does not.", num(first), gone, num(steepest), num(smallest))
	r.figure(chart)
	return nil
}
