package mle

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// WaldOptions say which table [Estimate.Wald] makes. The zero value is what R's
// summary of a glm and statsmodels show, with intervals of 95 %.
type WaldOptions struct {
	Level  float64 // of the intervals; 0 means 0.95
	Robust Robust
	// Symmetric asks for a row for every class, rows that add to 0, instead of
	// differences from the reference class.
	Symmetric bool
	// MaxParameters is the number of parameters above which there is an error
	// instead of a table, which takes memory as its square and time as its
	// cube; 0 means 2000.
	MaxParameters int
}

// Table is what Wald's method says of every coefficient, with the normal
// distribution that maximum-likelihood estimates have in large samples.
type Table struct {
	Rows, Terms []string
	Level       float64
	Robust      Robust
	// Coef ± StdErr; Z = Coef/StdErr; P, the probability of so large a |z| if the
	// coefficient were 0; and the interval Coef ± z·StdErr of the Level.
	Coef, StdErr, Z, P, Low, High *mat.Dense
}

// Wald returns standard errors, z, p-values and intervals of the coefficients.
// It is an error for penalised fits, and unless Robust for fits with class
// weights: the inverse of the information is then not the covariance of the
// estimate.
//
// Wald intervals mislead where the log-likelihood is far from quadratic, as when
// data are nearly separated: see [Estimate.HauckDonner] and [Estimate.Profile].
func (f *Estimate) Wald(ctx context.Context, o WaldOptions) (*Table, error) {
	if f.Labels != nil {
		return f.waldOfLabels(ctx, o)
	}
	level, err := checkLevel(o.Level)
	if err != nil {
		return nil, err
	}
	cov, err := f.covariances(ctx, o.Robust, o.MaxParameters)
	if err != nil {
		return nil, err
	}
	terms := len(f.Terms)
	coef := func(k, j int) dd.Float { return f.theta.At(k*terms + j) } // scaled
	t := newTable(f.Rows, f.Terms)
	variance := func(k, j int) dd.Float { return cov(k*terms+j, k*terms+j) }
	if o.Symmetric {
		t = newTable(f.Classes, f.Terms)
		coef, variance = f.symmetricCoef(coef), f.symmetricVariance(cov)
	}
	t.Level, t.Robust = level, o.Robust
	z := quantile(level)
	for k := range t.Rows {
		for j := range t.Terms {
			t.set(k, j, coef(k, j), dd.Sqrt(variance(k, j)), z, f.p.unscale(j))
		}
	}
	return t, nil
}

func newTable(rows, terms []string) *Table {
	t := &Table{Rows: rows, Terms: terms}
	for _, m := range t.columns() {
		*m = mat.NewDense(len(rows), len(terms), nil)
	}
	return t
}

func (t *Table) columns() []**mat.Dense {
	return []**mat.Dense{&t.Coef, &t.StdErr, &t.Z, &t.P, &t.Low, &t.High}
}

// set fills in what is known of a scaled parameter and its standard error: that of
// the coefficient, which is unscale times the parameter.
func (t *Table) set(k, j int, coef, se, quantile dd.Float, unscale float64) {
	z := coef.Div(se)
	half := se.Mul(quantile)
	t.Coef.Set(k, j, coef.Scale(unscale).Float64())
	t.StdErr.Set(k, j, se.Scale(unscale).Float64())
	t.Z.Set(k, j, z.Float64())
	t.P.Set(k, j, twoSided(z))
	t.Low.Set(k, j, coef.Sub(half).Scale(unscale).Float64())
	t.High.Set(k, j, coef.Add(half).Scale(unscale).Float64())
}

// waldOfLabels puts the tables of the labels together.
func (f *Estimate) waldOfLabels(ctx context.Context, o WaldOptions) (*Table, error) {
	if o.Symmetric {
		return nil, &Error{Problem: "labels have no symmetric parametrisation; ask each of Labels"}
	}
	all := newTable(f.Rows, f.Terms)
	for k, label := range f.Labels {
		t, err := label.Wald(ctx, o)
		if err != nil {
			return nil, err
		}
		all.Level, all.Robust = t.Level, t.Robust
		from := t.columns()
		for i, m := range all.columns() {
			(*m).SetRow(k, (*from[i]).RawRowView(0))
		}
	}
	return all, nil
}

// covariance gives elements of a covariance matrix of the parameters, in their
// order: row by row of Coef. They are scaled ones, whose variances do not overflow.
type covariance func(i, j int) dd.Float

// covariances returns the covariance of the estimate.
func (f *Estimate) covariances(ctx context.Context, r Robust, limit int) (covariance, error) {
	if limit == 0 {
		limit = 2000
	}
	if err := f.single(); err != nil {
		return nil, err
	}
	switch {
	case f.Options.Penalty != None:
		return nil, penalised()
	case r == ModelBased && f.classWeighted():
		return nil, &Error{Problem: "with class weights the inverse of the information is not the covariance of the estimate; ask for robust standard errors (HC0)"}
	case f.p.size() > limit:
		return nil, &Error{Problem: fmt.Sprintf("standard errors of %d parameters take the inverse of a %[1]d×%[1]d matrix; raise the limit of %d if that is wanted", f.p.size(), limit)}
	}
	if e, ok := f.inner.(*exactCholesky); ok && r == ModelBased {
		return func(i, j int) dd.Float {
			return e.covariance(i, j)
		}, nil
	}
	if r == ModelBased {
		return elements(f.p.inverse(f.inner)), nil
	}
	m, err := f.sandwich(ctx, r)
	if err != nil {
		return nil, err
	}
	return elements(m), nil
}

func elements(m mat.Symmetric) covariance {
	return func(i, j int) dd.Float { return dd.New(m.At(i, j)) }
}

// Row k of the symmetric parametrisation is row k of the parameters, 0 for the
// reference class, less the mean of all K.

func (f *Estimate) symmetricCoef(coef func(k, j int) dd.Float) func(k, j int) dd.Float {
	classes := len(f.Classes)
	return func(k, j int) (v dd.Float) {
		for l := range f.Rows {
			v = v.Sub(coef(l, j))
		}
		v = v.Div(dd.New(float64(classes)))
		if k > 0 {
			v = v.Add(coef(k-1, j))
		}
		return v
	}
}

func (f *Estimate) symmetricVariance(cov covariance) func(k, j int) dd.Float {
	terms, classes := len(f.Terms), float64(len(f.Classes))
	return func(k, j int) (v dd.Float) {
		weight := func(l int) float64 { // times K, to be exact
			if l == k-1 {
				return classes - 1
			}
			return -1
		}
		for l := range f.Rows {
			for m := range f.Rows {
				v = v.Add(cov(l*terms+j, m*terms+j).MulFloat(weight(l) * weight(m)))
			}
		}
		return v.Div(dd.New(classes * classes))
	}
}
