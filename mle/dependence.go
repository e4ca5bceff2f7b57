package mle

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Columns of decimals are rarely dependent as float64 numbers: 0.1 + 0.2 is not
// 0.3. What looks for relations here asks whether they hold up to the rounding of
// each value, row by row.

// relations are those of columns that depend on ones before them up to rounding,
// and not exactly.
type relations struct {
	terms    []int // in increasing order
	aliases  []Alias
	involved []bool // the terms that occur in one
	near     nearest
}

// nearest is the relation that holds best of those that do not hold up to
// rounding.
type nearest struct {
	relation string
	misfit   float64 // norm of what is left, of the norm of the column; 0 if there is none
}

// dependentNorm is the part of a column, by norm, that is left without those
// before it where a relation is suspected.
const dependentNorm = 1e-7

// relationsWork bounds the products to find relations; of more rows than that
// allows some are taken, and the relations verified on all.
const relationsWork = 1e8

// relations are those of the problem, computed once.
func (s *solver) relations(ctx context.Context) (*relations, error) {
	if s.related != nil {
		return s.related, nil
	}
	space, err := s.columns(ctx)
	if err != nil {
		return nil, err
	}
	r, err := s.p.relations(ctx, space.Pivots())
	if err != nil {
		return nil, err
	}
	s.related = r
	return r, nil
}

// relations finds which of the terms depend on those before them up to rounding.
func (p *problem) relations(ctx context.Context, terms []int) (*relations, error) {
	r := &relations{involved: make([]bool, p.terms), near: nearest{misfit: math.Inf(1)}}
	if len(terms) > largestRelated { // would take seconds
		return r, nil
	}
	x, err := p.sampled(ctx, terms)
	if err != nil {
		return nil, err
	}
	basis := &basis{}
	for i, term := range terms {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rest := basis.rest(x[i])
		if size := norm(x[i]); norm(rest) < dependentNorm*size {
			coef := basis.coefficients(x[i], rest)
			misfit := norm(rest) / size
			v := make([]float64, p.terms) // in units of the columns as given
			for k, j := range basis.terms {
				v[j] = coef[k] * (p.unit[j] / p.unit[term])
			}
			v[term] = -1
			if u, found := p.verified(ctx, term, v); found {
				r.add(p, term, u)
				continue
			}
			if misfit < r.near.misfit {
				r.near = nearest{p.nearRelation(term, p.simpler(decimal, v, term, misfit)), misfit}
			}
		}
		basis.add(term, x[i], rest)
	}
	return r, ctx.Err()
}

func (r *relations) add(p *problem, term int, v []float64) {
	r.terms = append(r.terms, term)
	r.aliases = append(r.aliases, Alias{p.names[term], p.nearRelation(term, v) + " up to rounding"})
	for j, a := range v {
		r.involved[j] = r.involved[j] || a != 0
	}
}

// sampled returns terms as columns of numbers near 1 and below, of as many rows as
// there is time for.
func (p *problem) sampled(ctx context.Context, terms []int) ([][]float64, error) {
	d := len(terms)
	stride := 1 + int(float64(p.rows())*float64(d*d)/relationsWork)
	stride = min(stride, max(1, p.rows()/(2*max(1, d))))
	x := make([][]float64, d)
	skip := p.skip()
	for i := 0; i < p.rows(); i += stride {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if p.w(i) == 0 {
			continue
		}
		row := tensor.Row(p.x, i)
		for k, j := range terms {
			v := 1.0
			if j >= skip {
				v = row[j-skip] * p.unit[j]
			}
			x[k] = append(x[k], v)
		}
	}
	return x, nil
}

// basis is a QR decomposition that grows by columns.
type basis struct {
	terms   []int
	columns [][]float64
	q       [][]float64
	r       [][]float64 // by column: the upper triangle
}

// rest returns what is left of x without its projection on the basis.
func (b *basis) rest(x []float64) []float64 {
	rest := slices.Clone(x)
	for _, q := range b.q {
		floats.AddScaled(rest, -floats.Dot(q, rest), q)
	}
	return rest
}

// coefficients returns those of the columns in the projection of x, and what is
// left of x to more digits in rest.
func (b *basis) coefficients(x, rest []float64) []float64 {
	coef := make([]float64, len(b.q))
	copy(rest, x)
	for range 3 { // and two refinements
		h := make([]float64, len(b.q))
		for k, q := range b.q {
			h[k] = floats.Dot(q, rest)
			floats.AddScaled(rest, -h[k], q)
		}
		for k := len(h) - 1; k >= 0; k-- {
			h[k] /= b.r[k][k]
			for l := range k {
				h[l] -= b.r[k][l] * h[k]
			}
			coef[k] += h[k]
		}
		b.residual(rest, x, coef)
	}
	return coef
}

// residual sets dst to x − Σ coef·column, rounded once.
func (b *basis) residual(dst, x, coef []float64) {
	for i, v := range x {
		sum := dd.New(v)
		for k, c := range b.columns {
			sum = sum.Sub(dd.TwoProd(coef[k], c[i]))
		}
		dst[i] = sum.Float64()
	}
}

// add puts x into the basis, given what is left of it; not if that is nothing.
func (b *basis) add(term int, x, rest []float64) {
	if norm(rest) == 0 {
		return
	}
	q := b.rest(rest)
	floats.Scale(1/norm(q), q)
	r := make([]float64, len(b.q)+1)
	for k, other := range b.q {
		r[k] = floats.Dot(other, x)
	}
	r[len(b.q)] = floats.Dot(q, rest)
	if !(r[len(b.q)] > 0) {
		return
	}
	b.terms, b.columns = append(b.terms, term), append(b.columns, x)
	b.q, b.r = append(b.q, q), append(b.r, r)
}

// verified returns a relation that holds in all rows up to rounding: one of simple
// numbers near v if there is one, or v.
func (p *problem) verified(ctx context.Context, term int, v []float64) ([]float64, bool) {
	for _, simple := range []func(x, within float64) float64{fraction, decimal, some} {
		for _, within := range []float64{1e-6, 1e-9, 1e-12} {
			if u := p.simpler(simple, v, term, within); p.holds(ctx, u) {
				return u, true
			}
		}
	}
	return v, p.holds(ctx, v)
}

// simpler returns simple numbers near v, relative to what the largest contributes.
func (p *problem) simpler(simple func(x, within float64) float64, v []float64, term int, within float64) []float64 {
	largest := 1.0 // of the coefficients of scaled columns
	for j, a := range v {
		largest = max(largest, math.Abs(a)/p.unit[j]*p.unit[term])
	}
	u := make([]float64, len(v))
	for j, a := range v {
		u[j] = simple(a, within*largest*p.unit[j]/p.unit[term])
	}
	return u
}

// holds reports whether Σ vⱼxⱼ is 0 in every row with a weight, up to the
// rounding of the values, of the coefficients and of as many operations as
// make one column from the others: (m−1)·2⁻⁵³·Σ |vⱼxⱼ| of m columns.
func (p *problem) holds(ctx context.Context, v []float64) bool {
	var at []int
	for j, a := range v {
		if a != 0 {
			at = append(at, j)
		}
	}
	allowed, skip := float64(max(1, len(at)-1))*roundoff, p.skip()
	for i := range p.rows() {
		if i%1024 == 0 && ctx.Err() != nil {
			return false
		}
		if p.w(i) == 0 {
			continue
		}
		row, sum, size := tensor.Row(p.x, i), dd.Float{}, 0.0
		for _, j := range at {
			product := dd.New(v[j])
			if j >= skip {
				product = dd.TwoProd(v[j], row[j-skip])
			}
			sum = sum.Add(product)
			size += math.Abs(product.Hi)
		}
		if !(math.Abs(sum.Hi) <= allowed*size) {
			return false
		}
	}
	return true
}
