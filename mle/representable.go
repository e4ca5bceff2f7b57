package mle

import (
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// representable returns an error that names the column if the coefficient or the
// standard error of parameter i is beyond float64: the scaled ones, which are
// given, are not. The standard error may be NaN.
func (p *problem) representable(i int, coef, se float64) error {
	u := p.unscale(i)
	beyond := func(what string, v float64) error {
		return &Error{Column: p.names[i%p.terms], Problem: fmt.Sprintf("its %s, about 1e%+.0f, is beyond float64; multiply the column by 1e%+.0f",
			what, math.Round(math.Log10(math.Abs(v))+math.Log10(u)), math.Round(math.Log10(u)))}
	}
	switch {
	case u == 1:
		return nil
	case isFinite(coef) && math.IsInf(coef*u, 0):
		return beyond("coefficient", coef)
	case isFinite(se) && se > 0 && (math.IsInf(se*u, 0) || se*u < 0x1p-1022):
		return beyond("standard error", se)
	}
	return nil
}

// allRepresentable is representable for all parameters; without standard errors
// for a nil factor.
func (p *problem) allRepresentable(theta dd.Vector, f factor) error {
	if p.tame {
		return nil
	}
	se := func(int) float64 { return math.NaN() }
	if f != nil {
		se = scaledErrors(f, p.size())
	}
	for i, v := range theta.Hi {
		if p.unscale(i) == 1 {
			continue
		}
		if err := p.representable(i, v, se(i)); err != nil {
			return err
		}
	}
	return nil
}

// scaledErrors returns the standard errors of scaled parameters.
func scaledErrors(f factor, n int) func(i int) float64 {
	if e, ok := f.(*exactCholesky); ok {
		return func(i int) float64 { return dd.Sqrt(e.covariance(i, i)).Float64() }
	}
	return func(i int) float64 {
		unit := make([]float64, n)
		unit[i] = 1
		f.solve(unit)
		return math.Sqrt(unit[i])
	}
}
