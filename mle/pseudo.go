package mle

import (
	"context"
	"math"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Summary says how well a maximum-likelihood fit describes the data it was made
// from. Log-likelihoods are sums over observations, in nats.
type Summary struct {
	N          float64 // observations: the sum of frequency weights or trials
	Rows       int     // of positive weight; for counts the groups
	Parameters int
	// DFModel is the number of coefficients but the intercepts, DFResidual that
	// of observations (for counts: of groups) less that of parameters.
	DFModel    int
	DFResidual float64

	// LogLik and Null are the log-likelihoods of the model and of the one
	// with an intercept only, whose probabilities are the relative frequencies
	// of the classes; of a model without an intercept, of equal probabilities.
	LogLik, Null float64
	// Binomial is the logarithm of the binomial coefficients of grouped counts,
	// which R's logLik, AIC and BIC include; it does not depend on the model. It
	// is 0 where a count is not a whole number, and there are none.
	Binomial float64

	// Deviance is −2·LogLik; for counts 2Σ nᵢ·KL(yᵢ‖pᵢ), twice the difference
	// from the saturated model, whose probabilities are the proportions.
	Deviance, NullDeviance float64
	// Pearson is X² = Σ (y−np)²/(npq) over the groups; without groups, over the
	// observations and then over their classes, Σ (1−p)/p at the observed ones.
	Pearson float64

	// AIC is −2·LogLik + 2·Parameters, BIC −2·LogLik + log(N)·Parameters.
	AIC, BIC float64

	// McFadden is 1 − LogLik/Null; CoxSnell 1 − exp(2(Null−LogLik)/N), and
	// Nagelkerke that divided by the largest value it can have.
	McFadden, CoxSnell, Nagelkerke float64

	// Ratio is the likelihood-ratio test of all features together.
	Ratio Test
}

// Summary returns the measures of the fit. All of those from LogLik are as near
// to those of the maximum as the Certificate says. It is an error for fits with
// a penalty or class weights. The summary of several labels is of all together.
func (f *Estimate) Summary(ctx context.Context) (*Summary, error) {
	if f.Labels != nil {
		return f.jointSummary(ctx)
	}
	if err := f.likelihoodOnly(); err != nil {
		return nil, err
	}
	loglik, err := f.logLik(ctx)
	if err != nil {
		return nil, err
	}
	residuals, err := f.residuals(ctx)
	if err != nil {
		return nil, err
	}
	p, null := f.p, f.nullLogLik()
	ratio := loglik.Sub(null).Scale(2)
	s := &Summary{
		N: f.N, Rows: residuals.rows, Parameters: p.size(), DFModel: p.size(),
		LogLik: f.LogLik, Null: null.Float64(),
		Binomial: residuals.binomial, Pearson: residuals.pearson.Float64(),
	}
	if p.intercept {
		s.DFModel -= p.logits()
	}
	deviance := loglik.Scale(-2)
	s.DFResidual = s.N - float64(s.Parameters)
	if f.grouped() {
		deviance = residuals.deviance
		s.DFResidual = float64(s.Rows - s.Parameters)
	}
	s.Deviance, s.NullDeviance = deviance.Float64(), deviance.Add(ratio).Float64()
	s.AIC = loglik.Scale(-2).AddFloat(2 * float64(s.Parameters)).Float64()
	s.BIC = dd.Log(dd.New(f.N)).MulFloat(float64(s.Parameters)).Sub(loglik.Scale(2)).Float64()
	s.McFadden = ratio.Div(null.Scale(-2)).Float64()
	coxSnell := dd.Expm1(ratio.Div(dd.New(f.N)).Neg())
	largest := dd.Expm1(null.Scale(2).Div(dd.New(f.N)))
	s.CoxSnell, s.Nagelkerke = coxSnell.Neg().Float64(), coxSnell.Div(largest).Float64()
	s.Ratio = newTest("all features", ratio, s.DFModel)
	return s, nil
}

// grouped reports whether the rows are groups of trials.
func (f *Estimate) grouped() bool { return f.Schema.Successes != "" }

// residuals are sums over the rows.
type residuals struct {
	rows              int
	deviance, pearson dd.Float
	binomial          float64
}

func (f *Estimate) residuals(ctx context.Context) (residuals, error) {
	var sum residuals
	deviance, pearson := dd.NewVector(1), dd.NewVector(1)
	var binomial tensor.Sum
	whole := true
	err := f.eachRow(ctx, func(i int, e *exactRow) {
		w := f.p.w(i)
		if w == 0 {
			return
		}
		sum.rows++
		switch {
		case f.grouped():
			hits := f.p.hits[i]
			deviance.Add(0, divergence(hits, w, e.p[1]).Add(divergence(w-hits, w, e.q[1])).Scale(2))
			r := e.residual[1]
			pearson.Add(0, r.Mul(r).Div(e.p[1].Mul(e.q[1]).MulFloat(w)))
			binomial.Add(logBinomial(w, hits))
			whole = whole && hits == math.Trunc(hits) && w == math.Trunc(w)
		case f.p.hits != nil:
			hits := f.p.hits[i]
			pearson.Add(0, e.q[1].Div(e.p[1]).MulFloat(hits).Add(e.p[1].Div(e.q[1]).MulFloat(w-hits)))
		default:
			k := f.p.label[i]
			pearson.Add(0, e.q[k].Div(e.p[k]).MulFloat(w))
		}
	})
	sum.deviance, sum.pearson = deviance.At(0), pearson.At(0)
	if whole {
		sum.binomial = binomial.Value()
	}
	return sum, err
}

// divergence returns k·log(k/(n·p)), 0 for k = 0.
func divergence(k, n float64, p dd.Float) dd.Float {
	if k == 0 {
		return dd.Float{}
	}
	return dd.Log(dd.New(k).Div(p.MulFloat(n))).MulFloat(k)
}

// logBinomial returns the logarithm of the number of ways to choose k of n.
func logBinomial(n, k float64) float64 {
	gamma := func(x float64) float64 {
		v, _ := math.Lgamma(x + 1)
		return v
	}
	return gamma(n) - gamma(k) - gamma(n-k)
}
