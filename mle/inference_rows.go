package mle

import (
	"context"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// inDoubleDouble reports whether passes over the rows are made in double-double,
// as the fit itself was.
func (f *Estimate) inDoubleDouble() bool {
	_, exact := f.inner.(*exactCholesky)
	return exact || newSolver(f.p, &f.Options).exact.gradient
}

// eachRow calls do for every row, with its probabilities and residuals.
func (f *Estimate) eachRow(ctx context.Context, do func(i int, e *exactRow)) error {
	p, b, e := f.p, f.p.newBlock(), newExactRow(f.p)
	exact := f.inDoubleDouble()
	for from := 0; p.load(b, from); from += b.n {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !exact {
			p.linear(b, f.theta.Hi)
			p.respond(b)
		}
		for i := range b.n {
			if exact {
				p.exactRow(e, from+i, tensor.Row(b.x, i), f.theta)
			} else {
				p.roundedRow(e, b, i)
			}
			do(from+i, e)
		}
	}
	return nil
}

// exactRow fills in e for row i, whose scaled terms are x.
func (p *problem) exactRow(e *exactRow, i int, x []float64, theta dd.Vector) {
	for k := range e.z {
		e.z[k] = dd.Float{}
		if l := k - p.first; l >= 0 {
			e.z[k] = theta.Slice(l*p.terms, (l+1)*p.terms).Dot(x)
		}
	}
	if p.hits != nil {
		e.binary(p.w(i), p.hits[i], false)
		e.p[0], e.q[0] = e.q[1], e.p[1]
	} else {
		e.softmax(p.w(i), p.label[i], false)
	}
}

// roundedRow fills in e from row i of a block.
func (p *problem) roundedRow(e *exactRow, b *block, i int) {
	for k, v := range tensor.Row(b.z, i) {
		e.p[k], e.q[k] = dd.New(v), dd.New(b.complement(i, k))
	}
	for l, r := range tensor.Row(b.residual, i) {
		e.residual[l+p.first] = dd.New(r)
	}
}

// Fitted returns the probabilities of the rows, n×K in the order of Classes. It
// is an error for several labels, each of which has its own.
func (f *Estimate) Fitted(ctx context.Context) (*mat.Dense, error) {
	if err := f.single(); err != nil {
		return nil, err
	}
	m := mat.NewDense(f.p.rows(), f.p.classes, nil)
	err := f.eachRow(ctx, func(i int, e *exactRow) {
		for k, v := range e.p {
			m.Set(i, k, v.Float64())
		}
	})
	return m, err
}

// logLik returns the log-likelihood with as many digits as the fit can have.
func (f *Estimate) logLik(ctx context.Context) (dd.Float, error) {
	if !f.inDoubleDouble() {
		return dd.New(f.LogLik), nil
	}
	pt, err := f.p.evaluateExactly(ctx, f.p.newBlock(), f.theta, want{value: true})
	return pt.loss.Neg(), err
}

// single returns an error unless f is one fit that has coefficients.
func (f *Estimate) single() error {
	switch {
	case f.Labels != nil:
		return &Error{Problem: "several labels are as many independent fits; ask each of Labels"}
	case f.Coef == nil:
		return &Error{Problem: "there are no coefficients: the maximum-likelihood estimate does not exist"}
	}
	return nil
}

// likelihoodOnly returns an error unless f is a single fit by maximum likelihood
// of observations that all count alike, whose statistics those of likelihood
// theory are.
func (f *Estimate) likelihoodOnly() error {
	if err := f.single(); err != nil {
		return err
	}
	switch {
	case f.Options.Penalty != None:
		return penalised()
	case f.classWeighted():
		return &Error{Problem: "with class weights what is maximised is not the likelihood of the data: " +
			"likelihood-ratio tests, profile intervals, AIC and BIC do not apply; use robust standard errors"}
	}
	return nil
}

func penalised() error {
	return &Error{Problem: "a penalised fit has no standard errors, tests or information criteria: the penalty biases the estimate, " +
		"and its curvature is no sampling variance; fit without penalty, or bootstrap"}
}

// classWeighted reports whether class weights other than 1 are in use.
func (f *Estimate) classWeighted() bool {
	for _, w := range f.p.classWeight {
		if w != 1 {
			return true
		}
	}
	return false
}
