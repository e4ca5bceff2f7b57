package mle

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/tensor"
)

// path is what the fits of some rows for all C of a grid give.
type path struct {
	loss    []float64 // by C: the sum over the rows held out
	total   float64   // the weight of those
	nonzero []int     // by C: coefficients that are not 0
}

// path fits train from the strongest penalty to the weakest, each fit from where
// the one before ended, and predicts held, unless that is nil.
func (x *crossValidation) path(ctx context.Context, train, held *datasets.Dataset) (*path, error) {
	r := &path{loss: make([]float64, len(x.grid)), nonzero: make([]int, len(x.grid))}
	for label := range x.labels() {
		p, err := newProblem(train, &x.o, label)
		if err != nil {
			return nil, err
		}
		var unseen *problem
		if held != nil {
			if unseen, err = p.of(held, label); err != nil {
				return nil, err
			}
			r.total += unseen.total
		}
		theta := p.start()
		for i, c := range x.grid {
			if theta, err = p.follow(ctx, &x.o, c, theta); err != nil {
				return nil, atC(err, c)
			}
			r.nonzero[i] += p.nonzero(theta)
			if unseen != nil {
				loss, err := unseen.lossAt(ctx, theta)
				if err != nil {
					return nil, err
				}
				r.loss[i] += loss
			}
			x.done()
		}
	}
	return r, nil
}

// weighing returns p with another weight of the likelihood.
func (p *problem) weighing(c float64) *problem {
	q := *p
	q.c = c
	q.penalty.gauge *= c / p.c
	return &q
}

// of returns the likelihood of other rows for the parameters of p.
func (p *problem) of(d *datasets.Dataset, label int) (*problem, error) {
	q := *p
	q.x = d.X.RawMatrix()
	if err := q.setWeights(d); err != nil {
		return nil, err
	}
	q.setTarget(d, label)
	return &q, q.setClassWeights(&Options{ClassWeight: p.classWeight})
}

// follow returns the certified optimum for a weight of the likelihood, found from
// theta on. The digits of float64 are enough for the losses of a curve;
// double-double is for data that have no certificate without it.
func (p *problem) follow(ctx context.Context, o *Options, c float64, theta []float64) ([]float64, error) {
	s := newSolver(p.weighing(c), o)
	exact := s.exact
	s.exact = exactness{}
	best, err := s.optimum(ctx, theta)
	var uncertified *NotCertifiedError
	if errors.As(err, &uncertified) && exact.gradient {
		s = newSolver(s.p, o)
		best, err = s.optimum(ctx, theta)
	}
	if errors.As(err, &uncertified) && p.penalty.lasso > 0 {
		// A gradient may be at the threshold to the last digit. Nobody can tell
		// such a C from its neighbour, where it is not.
		s = newSolver(p.weighing(c*(1-1e-9)), o)
		if near, failed := s.optimum(ctx, theta); failed == nil {
			best, err = near, nil
		}
	}
	return best.theta.Hi, err
}

// nonzero counts the coefficients of theta that are not 0. Those of constant
// columns are, but for rounding.
func (p *problem) nonzero(theta []float64) (n int) {
	constant := make([]bool, p.terms)
	for _, j := range p.constant {
		constant[j] = true
	}
	for i, v := range theta {
		if v != 0 && !p.isIntercept(i) && !constant[i%p.terms] {
			n++
		}
	}
	return n
}

// lossAt returns Σ wᵢ·(−log pᵢ(yᵢ)).
func (p *problem) lossAt(ctx context.Context, theta []float64) (float64, error) {
	var sum tensor.Sum
	s := p.newSweep()
	for from := 0; s.load(from); from += s.n {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		s.linear(s.z, s.x, theta)
		s.respond(false)
		sum.AddAll(s.loss[:s.n])
	}
	if loss := sum.Value(); isFinite(loss) {
		return loss, nil
	}
	return 0, &Error{Problem: "a prediction of the rows held out overflows: their features are far out of the range of the others"}
}

// done tells the observer that another fit is done.
func (x *crossValidation) done() {
	if x.v.Observer == nil {
		return
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	x.fits.Fits++
	x.v.Observer(x.fits)
}

// inParallel calls do for 0…n-1 on all processors and returns the error of the
// first number that has one. After an error it begins no more.
func inParallel(n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var failed atomic.Bool
	var group sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if errs[i] = do(i); errs[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// atC adds the C to an error of a fit.
func atC(err error, c float64) error {
	var uncertified *NotCertifiedError
	if errors.As(err, &uncertified) {
		return &NotCertifiedError{uncertified.Iterations, fmt.Sprintf("at C = %g: %s", c, uncertified.Why)}
	}
	return err
}

// inFold adds the fold to an error of the fit of the rows outside it.
func inFold(err error, fold, folds, held int) error {
	where := fmt.Sprintf("without the %d rows of fold %d of %d", held, fold, folds)
	var problem *Error
	var uncertified *NotCertifiedError
	switch {
	case errors.As(err, &problem):
		return &Error{Column: problem.Column, Problem: where + ", " + problem.Problem}
	case errors.As(err, &uncertified):
		return &NotCertifiedError{uncertified.Iterations, where + ", " + uncertified.Why}
	}
	return err
}
