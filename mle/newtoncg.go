package mle

import (
	"context"

	"gonum.org/v1/gonum/floats"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// conjugateGradients replaces g by an approximation of (∇²f)⁻¹g at theta: its
// residual is below the tolerance by g, in the metric of f, which preconditions.
//
// Source: Nash, "A survey of truncated-Newton methods" (J. Comput. Appl. Math.
// 124, 2000).
func (s *solver) conjugateGradients(ctx context.Context, theta, g []float64, f factor, tolerance float64) error {
	const limit = 250
	n := len(g)
	x, r, z := make([]float64, n), append([]float64(nil), g...), append([]float64(nil), g...)
	f.solve(z)
	d := append([]float64(nil), z...)
	rz := floats.Dot(r, z)
	end := tolerance * tolerance * rz
	for range limit {
		hd, err := s.p.curvature(ctx, s.b, theta, d)
		if err != nil {
			return err
		}
		dhd := floats.Dot(d, hd)
		if !(dhd > 0) {
			break
		}
		alpha := rz / dhd
		floats.AddScaled(x, alpha, d)
		floats.AddScaled(r, -alpha, hd)
		copy(z, r)
		f.solve(z)
		next := floats.Dot(r, z)
		if next <= end {
			break
		}
		floats.AddScaledTo(d, z, next/rz, d)
		rz = next
	}
	copy(g, x)
	return nil
}

// curvature returns ∇²f·v at theta, in one pass.
func (p *problem) curvature(ctx context.Context, b *block, theta, v []float64) ([]float64, error) {
	if b.sweep == nil {
		b.sweep = p.newSweep()
	}
	s := b.sweep
	sum := dd.NewVector(p.size())
	for from := 0; s.load(from); from += s.n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.linear(s.z, s.x, theta)
		s.respond(true)
		u := s.others(s.n)
		s.linear(u, s.x, v)
		for i := range s.n {
			s.bend(i, tensor.Row(u, i))
		}
		s.addGradient(sum)
	}
	hv := make([]float64, p.size())
	for i := range hv {
		hv[i] = p.c * sum.At(i).Hi
	}
	p.penaltyCurvature(theta, v, hv)
	return hv, nil
}

// bend sets the residuals of row i to w·(diag p − ppᵀ)u.
func (s *sweep) bend(i int, u []float64) {
	w, r := s.p.w(s.from+i), tensor.Row(s.residual, i)
	if s.p.classes == 2 {
		r[0] = w * s.product[i] * u[0]
		return
	}
	prob, mean := tensor.Row(s.z, i), 0.0
	for k, p := range prob {
		mean += p * u[k]
	}
	for k, p := range prob {
		r[k] = w * p * (u[k] - mean)
	}
}
