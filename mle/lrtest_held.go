package mle

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// held is the problem of a solver with some of the parameters held where they
// are.
type held struct {
	s    *solver
	free []int // the parameters that are not
}

// hold returns the problem with the given parameters held.
func (s *solver) hold(parameters ...int) *held {
	h := &held{s: s}
	for i := range s.p.size() {
		if !slices.Contains(parameters, i) {
			h.free = append(h.free, i)
		}
	}
	return h
}

// heldFactor is the factor of the information for the free parameters, as one for
// all of them: the others neither change nor count.
type heldFactor struct {
	factor
	free []int
	s    []float64
}

func (h *heldFactor) solve(g []float64)  { h.apply(g, h.factor.solve) }
func (h *heldFactor) whiten(g []float64) { h.apply(g, h.factor.whiten) }
func (h *heldFactor) scale() []float64   { return h.s }

func (h *heldFactor) apply(g []float64, do func([]float64)) {
	v := make([]float64, len(h.free))
	for i, at := range h.free {
		v[i] = g[at]
	}
	do(v)
	clear(g)
	for i, at := range h.free {
		g[at] = v[i]
	}
}

// factorise factorises the free part of the information at pt, in double-double
// where float64 does not suffice.
func (h *held) factorise(ctx context.Context, pt *point) (*heldFactor, error) {
	n, size := len(h.free), h.s.p.size()
	info := make([]float64, n*n)
	for i, from := range h.free {
		for j, at := range h.free {
			info[i*n+j] = pt.info[from*size+at]
		}
	}
	var f factor
	c, ok := newCholesky(info, n, h.s.gamma())
	if f = c; !ok || c.rounding() > 0.01 {
		exact, err := h.s.p.evaluateExactly(ctx, h.s.b, dd.Vector{Hi: pt.theta, Lo: make([]float64, size)}, want{info: true})
		if err != nil {
			return nil, err
		}
		upper := dd.NewVector(n * n)
		for i, from := range h.free {
			for j := i; j < n; j++ {
				upper.Set(i*n+j, exact.info.At(from*size+h.free[j]))
			}
		}
		if f, ok = newExactCholesky(upper, n); !ok {
			return nil, &NotCertifiedError{h.s.iterations, "the information matrix of the remaining parameters is singular"}
		}
	}
	scale := make([]float64, size)
	for i := range scale {
		scale[i] = math.Inf(1)
	}
	for i, at := range h.free {
		scale[at] = f.scale()[i]
	}
	return &heldFactor{f, h.free, scale}, nil
}

// heldOptimum is the minimum over the free parameters, with its proof.
type heldOptimum struct {
	point
	factor      *heldFactor
	loss        dd.Float // of the point
	rounding    float64  // of the loss
	certificate Certificate
}

// minimise goes from theta, which it keeps, to the certified minimum over the free
// parameters.
func (h *held) minimise(ctx context.Context, theta []float64) (heldOptimum, error) {
	p, n := h.s.p, h.s.p.size()
	pt, err := p.evaluate(ctx, h.s.b, theta, make([]float64, n*n))
	if err != nil {
		return heldOptimum{}, err
	}
	if len(h.free) == 0 {
		return h.certify(ctx, pt, nil)
	}
	spare, step := make([]float64, n*n), make([]float64, n)
	const maxSteps = 100
	for steps, previous := 0, math.Inf(1); ; steps++ {
		if !isFinite(pt.value) || steps == maxSteps {
			return heldOptimum{}, &NotCertifiedError{h.s.iterations, "the optimum was not found; the data are probably separated by other coefficients, too"}
		}
		f, err := h.factorise(ctx, &pt)
		if err != nil {
			return heldOptimum{}, err
		}
		copy(step, pt.grad)
		f.whiten(step)
		decrement := norm(step)
		if decrement < 1e-9 || decrement < 1e-3 && decrement > 0.9*previous {
			return h.certify(ctx, pt, f)
		}
		previous = decrement
		copy(step, pt.grad)
		f.solve(step)
		h.s.iterations++
		next, ok, err := h.descend(ctx, &pt, step, decrement, spare)
		if err != nil {
			return heldOptimum{}, err
		}
		if !ok {
			return h.certify(ctx, pt, f)
		}
		spare, pt = pt.info, next
	}
}

// descend is [solver.search]. Where the parameters held make all probabilities 0
// or 1, so that no step it tries is short enough, the step is shortened from the
// S by which it would change logits to log(1+S), which is: Sun and Tran-Dinh, as
// [Certificate] has them, section 4.
func (h *held) descend(ctx context.Context, pt *point, step []float64, decrement float64, info []float64) (point, bool, error) {
	next, ok, err := h.s.search(ctx, pt, step, decrement, info)
	if ok || err != nil {
		return next, ok, err
	}
	s, err := h.s.spread(ctx, step)
	if err != nil || !(s > 10) {
		return *pt, false, err
	}
	t := math.Log1p(s) / s
	floats.Scale(t, step)
	return h.s.search(ctx, pt, step, decrement*math.Sqrt(t), info)
}

// certify proves that pt is the minimum, and computes the loss there.
func (h *held) certify(ctx context.Context, pt point, f *heldFactor) (heldOptimum, error) {
	best := heldOptimum{point: pt, factor: f, loss: dd.New(pt.loss)}
	best.certificate.Holds = true
	at := dd.Vector{Hi: pt.theta, Lo: make([]float64, len(pt.theta))}
	if h.s.exact.gradient {
		exact, err := h.s.p.evaluateExactly(ctx, h.s.b, at, want{value: true})
		if err != nil {
			return best, err
		}
		best.loss = exact.loss
	}
	if f == nil {
		return best, nil
	}
	e, err := h.s.certify(ctx, pt.theta, f, at)
	if err != nil {
		return best, err
	}
	best.certificate, best.rounding = e.certificate, e.certificate.ObjectiveError
	if h.s.exact.gradient {
		best.rounding = 0
	}
	if !e.certificate.Holds || e.certificate.Gap > maxGap {
		return best, &NotCertifiedError{h.s.iterations, fmt.Sprintf("with %d parameters held: the bound is %.3g nats. %s", len(pt.theta)-len(h.free), e.certificate.Gap, e.certificate.Why)}
	}
	return best, nil
}

// maxGap is how far below its maximum, in nats, a log-likelihood that is compared
// with another may be.
const maxGap = 1e-8
