package mle

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// existenceWithout is existence for columns some of which depend on others up to
// rounding: what is true of the problem without these. Their coefficients, and
// those of all columns in the relations, are not determined.
func (s *solver) existenceWithout(ctx context.Context, r *relations) (*Existence, error) {
	p := s.p
	kept := p.termsBut(r.terms)
	q := newSolver(p.keep(kept), s.o)
	q.iterations, q.exact = s.iterations, s.exact
	q.related = &relations{aliases: r.aliases, involved: make([]bool, len(kept))}
	for k, j := range kept {
		q.related.involved[k] = r.involved[j]
	}
	x, err := q.existence(ctx, q.p.start())
	if err != nil {
		return nil, err
	}
	x.kept, x.theta = kept, nil
	x.Proof = "relations that hold in every row up to the rounding of its values; without the columns that depend, " + x.Proof
	x.widen(p)
	if x.Status == RankDeficient && x.MinimumNorm != nil {
		space, err := q.columns(ctx)
		if err != nil {
			return nil, err
		}
		p.shorten(space, x.MinimumNorm)
	}
	return x, nil
}

// unrelated returns a solver of the problem without the columns that depend on
// others up to rounding.
func (s *solver) unrelated(ctx context.Context) (*solver, error) {
	r, err := s.relations(ctx)
	if err != nil || len(r.terms) == 0 {
		return s, err
	}
	return newSolver(s.p.keep(s.p.termsBut(r.terms)), s.o), nil
}

// termsBut returns all terms but those given, in increasing order.
func (p *problem) termsBut(out []int) (kept []int) {
	for j := range p.terms {
		if len(out) > 0 && out[0] == j {
			out = out[1:]
			continue
		}
		kept = append(kept, j)
	}
	return kept
}

// widen gives x, of the kept terms, columns for all terms of p: signs that are not
// determined, limits that are NaN, and directions and norms that are 0.
func (x *Existence) widen(p *problem) {
	for k, signs := range x.Coefficient {
		all := make([]Sign, p.terms)
		for j := range all {
			all[j] = Either
		}
		for i, j := range x.kept {
			all[j] = signs[i]
		}
		x.Coefficient[k] = all
	}
	for _, m := range []struct {
		of   **mat.Dense
		fill float64
	}{{&x.Direction, 0}, {&x.MinimumNorm, 0}, {&x.FiniteCoef, math.NaN()}, {&x.FiniteSE, math.NaN()}} {
		if *m.of == nil {
			continue
		}
		rows, _ := (*m.of).Dims()
		wide := mat.NewDense(rows, p.terms, nil)
		for k := range rows {
			for j := range p.terms {
				wide.Set(k, j, m.fill)
			}
			for i, j := range x.kept {
				wide.Set(k, j, (*m.of).At(k, i))
			}
		}
		*m.of = wide
	}
}

// examined returns the problem that x is about: p, or p without the columns that
// depend on others up to rounding.
func (x *Existence) examined(p *problem) *problem {
	if x.kept == nil {
		return p
	}
	return p.keep(x.kept)
}

// place returns the term of the problem that x is about which is term j of the
// data, −1 if it is left out.
func (x *Existence) place(j int) int {
	if x == nil || x.kept == nil {
		return j
	}
	return slices.Index(x.kept, j)
}
