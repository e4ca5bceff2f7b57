package experiments

import (
	"context"
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
)

// optimum is where a minimisation ended.
type optimum struct {
	value    float64
	gradient []float64
	hessian  *mat.SymDense
	inverse  *mat.Cholesky // of the Hessian
	// decrement is (gᵀH⁻¹g)^½: how far the minimum is, in units of the
	// curvature; for a negative log-likelihood, in standard errors.
	decrement float64
	steps     int
}

// errNoMinimum says that a minimisation ran away.
var errNoMinimum = errors.New("the objective has no minimum that Newton's method could find")

// minimise finds a minimum of a smooth objective by Newton's method, from where
// the parameters stand, and leaves them there. Value, gradient and Hessian are
// the engine's. Where the Hessian is not positive definite its diagonal is
// raised until the objective falls (Levenberg 1944). It ends when rounding keeps
// the decrement from falling any further.
//
// It is for small problems in the experiments, some of which are not likelihoods
// of a model and not convex.
func minimise(ctx context.Context, ps *autograd.Params, f autograd.Objective) (optimum, error) {
	n := ps.Len()
	t := autograd.NewTape(autograd.Train)
	at := optimum{gradient: make([]float64, n), hessian: mat.NewSymDense(n, nil), decrement: math.Inf(1)}
	best := at
	start := make([]float64, n)
	var found []float64
	for at.steps = 0; at.steps < 5000; at.steps++ {
		if ctx.Err() != nil {
			return at, ctx.Err()
		}
		at.value = autograd.Gradient(at.gradient, t, ps, f)
		autograd.Hessian(at.hessian, t, ps, f)
		factor, step, raised := descent(at.hessian, at.gradient)
		if factor == nil {
			return at, errNoMinimum
		}
		at.inverse = factor
		at.decrement = math.Sqrt(math.Abs(mat.Dot(step, mat.NewVecDense(n, at.gradient))))
		if !raised && at.close() {
			// Close to a minimum the decrement is squared by every step, until
			// rounding is all that is left of the gradient.
			if at.decrement >= best.decrement/4 || at.decrement == 0 {
				if best.inverse == nil || at.decrement < best.decrement {
					return at, nil
				}
				copy(ps.Vector(), found)
				return best, nil
			}
			best = at
			best.gradient = append([]float64(nil), at.gradient...)
			best.hessian = mat.NewSymDense(n, nil)
			best.hessian.CopySym(at.hessian)
			found = append(found[:0], ps.Vector()...)
		}
		copy(start, ps.Vector())
		if !search(t, ps, f, start, step, at) {
			if best.inverse != nil {
				copy(ps.Vector(), found)
				return best, nil
			}
			return at, errNoMinimum
		}
	}
	return at, errNoMinimum
}

// close reports whether half the squared decrement, which is what is left to
// gain, is too small a part of the objective for its differences to show.
func (o *optimum) close() bool { return o.decrement*o.decrement < 1e-10*(1+math.Abs(o.value)) }

// descent returns H⁻¹g and a factorisation of H, raised if need be.
func descent(h *mat.SymDense, g []float64) (factor *mat.Cholesky, step *mat.VecDense, raised bool) {
	n := len(g)
	step = mat.NewVecDense(n, nil)
	var raise float64
	for range 60 {
		a := mat.NewSymDense(n, nil)
		a.CopySym(h)
		for i := range n {
			a.SetSym(i, i, a.At(i, i)+raise*(1e-300+math.Abs(h.At(i, i))))
		}
		factor = new(mat.Cholesky)
		if factor.Factorize(a) {
			if err := factor.SolveVecTo(step, mat.NewVecDense(n, g)); err == nil {
				return factor, step, raise > 0
			}
		}
		raise = max(1e-8, 4*raise)
	}
	return nil, nil, true
}

// search goes along −step until the objective falls, by halves. Where it falls
// by less than rounding it takes the whole step.
func search(t *autograd.Tape, ps *autograd.Params, f autograd.Objective, start []float64, step *mat.VecDense, at optimum) bool {
	if at.close() {
		for i := range start {
			ps.Vector()[i] = start[i] - step.AtVec(i)
		}
		return true
	}
	for size := 1.0; size > 1e-12; size /= 2 {
		for i := range start {
			ps.Vector()[i] = start[i] - size*step.AtVec(i)
		}
		t.Reset()
		if v := autograd.Value(t, f); v < at.value {
			return true
		}
	}
	copy(ps.Vector(), start)
	return false
}
