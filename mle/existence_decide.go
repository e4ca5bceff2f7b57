package mle

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
)

// patience is the number of Newton steps after which existence is decided before
// any more are taken. Fits of data that overlap mostly end in fewer.
const patience = 12

// largestExamined is the number of parameters up to which existence is decided:
// exact elimination takes seconds there.
const largestExamined = 1000

// largestSigned is the number of parameters up to which the signs of infinite
// coefficients are found.
const largestSigned = 500

// errPatience ends a run of Newton's method when its patience is over.
var errPatience = errors.New("mle: existence is in doubt")

// impatient ends a run whose patience is over.
func (s *solver) impatient(context.Context, *point, []float64) error {
	if s.iterations <= patience {
		return nil
	}
	return errPatience
}

// optimumOrNot finds the maximum of the likelihood, or why there is none. The
// certificate of a maximum proves that it exists and is unique, with nothing
// more to compute: Rδ < 1 bounds Stiemke's ratio, too. Only where no maximum is
// found soon are the data examined.
func (s *solver) optimumOrNot(ctx context.Context, theta []float64) (optimum, *Existence, error) {
	if s.o.Penalty != None {
		best, err := s.optimum(ctx, theta)
		return best, nil, err
	}
	last := theta
	s.watch = func(ctx context.Context, pt *point, step []float64) error {
		over := s.impatient(ctx, pt, step)
		if over == nil {
			return nil
		}
		m, err := s.limit(s.p.noContests(), nil).margins(ctx, pt.theta, step)
		switch {
		case err != nil:
			return err
		case m.stiemke <= 0.5: // slow, but there is a maximum
			s.watch = nil
			return nil
		}
		last = pt.theta
		return over
	}
	best, err := s.optimum(ctx, theta)
	s.watch = nil
	var uncertified *NotCertifiedError
	switch {
	case err == nil:
		return best, &Existence{Status: Overlap, Proof: "the certificate of the maximum: the residuals are a strictly positive combination of the margins that vanishes (Stiemke)"}, nil
	case !errors.Is(err, errPatience) && !errors.As(err, &uncertified):
		return best, nil, err
	}
	if s.p.size() > largestExamined {
		return best, nil, s.unexamined(ctx, err)
	}
	x, e := s.existence(ctx, last)
	switch {
	case e != nil:
		return best, nil, e
	case x.Status != Overlap:
		return best, x, &NoEstimateError{x}
	case errors.Is(err, errPatience):
		best, err = s.optimum(ctx, x.theta)
	}
	return best, x, s.outOfReach(err)
}

// outOfReach rewords an error of the solver, which suspects that there is no
// maximum, where it was proved that there is.
func (s *solver) outOfReach(err error) error {
	var uncertified *NotCertifiedError
	if !errors.As(err, &uncertified) {
		return err
	}
	why := "double-double does not reach it: the columns or the weights differ too much in scale, or the data are too nearly separated. Fit with a penalty, or rescale"
	if s.related != nil && s.related.near.relation != "" {
		near := s.related.near
		why = fmt.Sprintf("double-double does not reach it: %s, but for %.1g of it. Leave it out, or replace it by its difference from that, computed with all digits", near.relation, near.misfit)
	}
	if uncertified.Iterations >= s.maxIterations() {
		why = "it was not reached: " + uncertified.Why
	}
	return &NotCertifiedError{uncertified.Iterations, "the maximum exists and is unique, but " + why}
}

// existence decides whether the maximum of the likelihood exists, and describes
// what there is instead. The search starts at theta, which need not be near
// anything.
func (s *solver) existence(ctx context.Context, theta []float64) (*Existence, error) {
	space, err := s.columns(ctx)
	if err != nil {
		return nil, err
	}
	near, err := s.relations(ctx)
	switch {
	case err != nil:
		return nil, err
	case len(near.terms) > 0:
		return s.existenceWithout(ctx, near)
	}
	x := &Existence{}
	if x.Aliased, err = s.aliases(ctx); err != nil {
		return nil, err
	}
	a := s.separation(space)
	if err := a.decide(ctx, a.limit.scatter(a.limit.gather(theta))); err != nil {
		return nil, err
	}
	x.theta, x.Proof = a.theta, a.proof
	return x, a.describe(ctx, x, space, near)
}

// describe fills in x from what was decided.
func (a *separation) describe(ctx context.Context, x *Existence, space *columnSpace, near *relations) error {
	p := a.p
	unaliased := func(at int) bool { return space.Determined(at%p.terms) && !near.involved[at%p.terms] }
	determined := unaliased
	if a.found {
		determined = func(at int) bool { return a.span.Determined(at) && !near.involved[at%p.terms] }
	}
	switch {
	case p.oneClass():
		x.Status = OneClass
	case a.found && a.theta == nil:
		x.Status = Complete
	case a.found:
		x.Status = QuasiComplete
	case x.Aliased != nil:
		x.Status = RankDeficient
	default:
		return nil
	}
	signs := make([]Sign, p.size())
	for at := range signs {
		if !determined(at) {
			signs[at] = Either
		}
	}
	if a.found {
		x.Proof = "a direction that lowers no margin and raises some, verified in rational arithmetic"
		if a.theta != nil {
			x.Proof += "; for the others, " + a.proof
		}
		d := slices.Clone(a.direction.Floats())
		x.Direction = mat.NewDense(p.logits(), p.terms, d)
		if signs = nil; p.size() <= largestSigned {
			var err error
			if signs, err = a.signs(ctx, unaliased); err != nil {
				return err
			}
		}
		x.Separated = a.separated()
	} else {
		switch {
		case space.Rank() == p.terms: // dependent up to rounding only
			x.Proof = a.proof
		case !space.unproved:
			x.Proof = "vectors orthogonal to all rows, verified in rational arithmetic; apart from them, " + a.proof
		default:
			x.Proof = "elimination modulo a prime of 61 bits, which errs once in 2⁶¹ times; apart from the dependent columns, " + a.proof
		}
	}
	if signs != nil {
		x.Coefficient = make([][]Sign, p.logits())
		for k := range x.Coefficient {
			x.Coefficient[k] = signs[k*p.terms : (k+1)*p.terms]
		}
	}
	best, err := limitOptimum{}, error(nil)
	if a.theta != nil {
		if best, err = a.limit.optimum(ctx, a.theta, a.s.gamma()); err != nil {
			return err
		}
		x.SupLogLik = -best.loss
	}
	if x.FiniteCoef, x.FiniteSE, err = a.limit.finitePart(best, determined); err != nil {
		return err
	}
	if x.Contrasts, err = a.contrasts(best, unaliased); err != nil {
		return err
	}
	if x.Status == RankDeficient {
		x.MinimumNorm, _ = p.coefficientMatrix(best.theta)
		p.shorten(space, x.MinimumNorm)
	}
	return nil
}

// ofOneClass returns the finding on a target of a single class; nil on others.
func ofOneClass(s *datasets.Schema, o *Options) *Existence {
	if len(s.Classes) != 1 || o.Penalty != None || o.NoIntercept {
		return nil
	}
	return &Existence{Status: OneClass, Proof: "the target has one class"}
}

// oneClass reports whether only one class was observed and every row has an
// intercept.
func (p *problem) oneClass() bool {
	n := 0
	for _, w := range p.classTotals() {
		if w > 0 {
			n++
		}
	}
	return n == 1 && p.intercept
}

// separated returns the rows all of whose contests are won.
func (a *separation) separated() (rows []int) {
	for i := range a.p.rows() {
		some, all := false, true
		for k := range a.p.classes {
			if a.p.observed(i, k) >= 0 {
				some = true
				all = all && a.won.has(i, k)
			}
		}
		if some && all {
			rows = append(rows, i)
		}
	}
	return rows
}
