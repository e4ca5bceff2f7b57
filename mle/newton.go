package mle

import (
	"context"
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// solver is a run of Newton's method on one problem.
type solver struct {
	p *problem
	o *Options
	b *block

	space   *columnSpace // once it was needed
	related *relations   // likewise

	ran        Solver
	iterations int
	cheap      int // those that do not count against the solver's own limit
	exact      exactness
	// watch, unless nil, is told each Newton step before it is tried: the
	// parameters go from those of the point to theta − step. An error of it ends
	// the run.
	watch func(ctx context.Context, pt *point, step []float64) error
}

// exactness says what to compute in double-double.
type exactness struct{ gradient, information bool }

func newSolver(p *problem, o *Options) *solver {
	n, d := float64(p.rows()), float64(p.terms)
	return &solver{p: p, o: o, b: p.newBlock(), exact: exactness{
		gradient:    n*d*d <= 1e7,
		information: p.informationWork() <= 2e7 && p.size() <= 400,
	}}
}

// informationWork is the number of products in the information matrix.
func (p *problem) informationWork() float64 {
	size := float64(p.size())
	return float64(p.rows()) * size * size
}

// askForMore turns to double-double for large problems too, where the
// conditioning asks for it and the work is bearable.
func (s *solver) askForMore() {
	s.exact.gradient = true
	s.exact.information = s.exact.information || s.p.informationWork() <= 1e9 && s.p.size() <= 1000
}

// start returns the parameters of the model with nothing but an intercept, or
// zeros.
func (p *problem) start() []float64 {
	theta := make([]float64, p.size())
	if !p.intercept {
		return theta
	}
	logs := p.classTotals()
	mean := 0.0
	for k, n := range logs {
		logs[k] = math.Log((n + 0.5) / (p.total + 0.5*float64(p.classes)))
		mean += logs[k] / float64(p.classes)
	}
	if p.first == 1 {
		mean = logs[0]
	}
	for k := range p.logits() {
		theta[k*p.terms] = logs[k+p.first] - mean
	}
	return theta
}

// factorise factorises the information at pt, in double-double where float64
// does not suffice and the problem is small enough.
func (s *solver) factorise(ctx context.Context, pt *point) (factor, error) {
	c, ok := newCholesky(pt.info, s.p.size(), s.gamma())
	if ok && c.rounding() < 1 {
		return c, nil
	}
	if s.o.Penalty == None { // nothing helps against dependent columns
		if err := s.dependent(ctx); err != nil {
			return nil, err
		}
	}
	s.askForMore()
	if !s.exact.information {
		if ok {
			return c, nil
		}
		return nil, s.singular("the information matrix is singular in float64")
	}
	return s.factoriseExactly(ctx, pt.theta)
}

// dependent returns an error if the columns are linearly dependent modulo a prime,
// or up to rounding, which takes far less time than an information matrix in
// double-double.
func (s *solver) dependent(ctx context.Context) error {
	if s.p.terms > largestExamined {
		return nil
	}
	space, err := s.columns(ctx)
	if err != nil {
		return err
	}
	near, err := s.relations(ctx)
	if err != nil || space.Rank() == s.p.terms && len(near.terms) == 0 {
		return err
	}
	return &NotCertifiedError{s.iterations, "the columns are linearly dependent" + s.p.dependence()}
}

func (s *solver) factoriseExactly(ctx context.Context, theta []float64) (factor, error) {
	exact, err := s.p.evaluateExactly(ctx, s.b, dd.Vector{Hi: theta, Lo: make([]float64, len(theta))}, want{info: true})
	if err != nil {
		return nil, err
	}
	e, ok := newExactCholesky(exact.info, s.p.size())
	if !ok {
		return nil, s.singular("the information matrix is singular in double-double")
	}
	return e, nil
}

// gamma bounds the relative rounding of sums over rows in the information:
// plain within sweeps, and of their sums.
func (s *solver) gamma() float64 {
	rows := s.p.informationRows()
	return float64(rows+s.p.rows()/rows+6) * roundoff
}

// gradientGamma is gamma for the gradient, whose partial sums are added up
// without rounding.
func (s *solver) gradientGamma() float64 {
	return float64(min(summed, s.p.sweepRows())+6) * roundoff
}

// newton goes from theta to where the decrement δ = ‖∇f‖ in the metric of the
// inverse information is below the target and the Newton step changes no
// difference of logits by more than it, or until rounding ends the descent. It
// returns the last point, its factor and its decrement. (δ alone would not do:
// where data are separated or nearly so it falls by e^−½ a step, but the logits
// move by 1.)
//
// A step is halved until f falls by 1e-4 of what its slope promises (Armijo),
// up to the rounding of f.
func (s *solver) newton(ctx context.Context, theta []float64, target float64) (point, factor, float64, error) {
	p, n := s.p, s.p.size()
	pt, err := p.evaluate(ctx, s.b, theta, make([]float64, n*n))
	if err != nil {
		return pt, nil, 0, err
	}
	spare := make([]float64, n*n)
	step, previous := make([]float64, n), math.Inf(1)
	for {
		if !isFinite(pt.value) {
			return pt, nil, 0, &NotCertifiedError{s.iterations, "the objective is not finite"}
		}
		f, err := s.factorise(ctx, &pt)
		if err != nil {
			return pt, nil, 0, err
		}
		copy(step, pt.grad)
		f.whiten(step)
		decrement := norm(step)
		s.observe(pt.value, decrement)
		copy(step, pt.grad)
		f.solve(step)
		done := decrement < 1e-3 && decrement > 0.9*previous
		if decrement <= target {
			spread, err := s.spread(ctx, step)
			if err != nil {
				return pt, nil, 0, err
			}
			done = done || spread <= target
		}
		if done {
			return pt, f, decrement, nil
		}
		if s.iterations >= s.maxIterations() {
			return pt, f, decrement, s.outOfSteps(decrement)
		}
		s.iterations++
		previous = decrement
		if s.watch != nil {
			if err := s.watch(ctx, &pt, step); err != nil {
				return pt, f, decrement, err
			}
		}
		next, ok, err := s.search(ctx, &pt, step, decrement, spare)
		if err != nil {
			return pt, nil, 0, err
		}
		if !ok {
			return pt, f, decrement, nil
		}
		spare, pt = pt.info, next
	}
}

// search returns the point at theta − t·step for the first t of 1, ½, ¼ … where
// f has fallen enough; false if there is none.
func (s *solver) search(ctx context.Context, pt *point, step []float64, decrement float64, info []float64) (point, bool, error) {
	noise := 4 * s.gamma() * math.Abs(pt.value)
	theta := make([]float64, len(step))
	for t := 1.0; t > 1e-10; t /= 2 {
		for i, v := range step {
			theta[i] = pt.theta[i] - t*v
		}
		next, err := s.p.evaluate(ctx, s.b, theta, info)
		if err != nil {
			return next, false, err
		}
		if next.value <= pt.value-1e-4*t*decrement*decrement+noise {
			return next, true, nil
		}
	}
	return *pt, false, nil
}

func (s *solver) observe(value, decrement float64) {
	if s.o.Observer != nil {
		s.o.Observer(Progress{Iteration: s.iterations, Objective: value, Decrement: decrement})
	}
}

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// singular says what is singular, and why if that is plain to see.
func (s *solver) singular(what string) error {
	if why := s.p.unlessPenalised("; the data are separated or their columns dependent"); why != "" {
		what += why + s.p.dependence()
	}
	return &NotCertifiedError{s.iterations, what}
}

// outOfSteps says that the limit of iterations is reached.
func (s *solver) outOfSteps(decrement float64) error {
	return &NotCertifiedError{s.iterations, fmt.Sprintf("that is the limit of iterations, and the decrement is still %.2g", decrement)}
}

// unlessPenalised returns an explanation that applies to fits without a penalty, and
// nothing for others, whose penalty gives them an optimum.
func (p *problem) unlessPenalised(explanation string) string {
	if p.penalty.ridge > 0 || p.penalty.lasso > 0 || p.penalty.logF {
		return ""
	}
	return explanation
}

// maxIterations is the number of steps after which a solver gives up.
func (s *solver) maxIterations() int {
	if s.o.MaxIterations == 0 {
		return 100 + s.cheap
	}
	return s.o.MaxIterations
}
