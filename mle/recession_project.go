package mle

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// projection minimises ‖t − Σ xⱼvⱼ‖ over x ≥ 0 for vectors of norm 1, by the
// active-set method of Lawson and Hanson, "Solving Least Squares Problems"
// (1974), chapter 23. Vectors can be added between calls of improve.
type projection struct {
	t        []float64
	passive  []int     // the vectors of which x is positive
	x        []float64 // theirs
	residual []float64
	// The passive vectors are q·r: orthonormal columns and those of an upper
	// triangle.
	q, r   [][]float64
	budget *budget
}

func newProjection(t []float64, b *budget) *projection {
	return &projection{t: t, residual: slices.Clone(t), budget: b}
}

// improve finds the minimum over the vectors, which are those of the call before
// and more.
func (p *projection) improve(ctx context.Context, vectors [][]float64) error {
	in := make([]bool, len(vectors))
	for _, j := range p.passive {
		in[j] = true
	}
	refused := make([]bool, len(vectors)) // until the next move
	for range 10 * (len(vectors) + 1) {
		if err := ctx.Err(); err != nil {
			return err
		}
		// Products with the vectors, orthogonalisation, and the solution.
		if err := p.budget.spend(len(p.t) * (len(vectors) + 8*len(p.passive) + 8)); err != nil {
			return err
		}
		size := norm(p.residual)
		best, at := 1e-11*size, -1
		for j, v := range vectors {
			if !in[j] && !refused[j] {
				if w := floats.Dot(v, p.residual); w > best {
					best, at = w, j
				}
			}
		}
		if at < 0 || size < 1e-13 {
			break
		}
		if !p.add(vectors[at]) { // dependent in float64
			refused[at] = true
			continue
		}
		p.passive, p.x = append(p.passive, at), append(p.x, 0)
		z := p.solve()
		if z[len(z)-1] <= 0 { // by rounding alone
			p.drop(len(z) - 1)
			refused[at] = true
			continue
		}
		in[at] = true
		for len(z) > 0 && floats.Min(z) <= 0 {
			p.retreat(z, in)
			z = p.solve()
		}
		p.x = z
		clear(refused)
		copy(p.residual, p.t)
		for i, j := range p.passive {
			floats.AddScaled(p.residual, -p.x[i], vectors[j])
		}
	}
	return nil
}

// retreat goes from x towards z up to where the first entry becomes 0, and drops
// what is 0.
func (p *projection) retreat(z []float64, in []bool) {
	step, first := math.Inf(1), -1
	for i, x := range p.x {
		if z[i] <= 0 {
			if a := x / (x - z[i]); a < step {
				step, first = a, i
			}
		}
	}
	for i := len(p.x) - 1; i >= 0; i-- {
		if p.x[i] += step * (z[i] - p.x[i]); i == first || p.x[i] <= 1e-15 {
			in[p.passive[i]] = false
			p.drop(i)
		}
	}
}

// add appends a column to the factorisation; false if it depends on the others.
func (p *projection) add(v []float64) bool {
	rest, r := slices.Clone(v), make([]float64, len(p.q)+1)
	for range 2 { // the second time for what the first rounded
		for i, q := range p.q {
			c := floats.Dot(q, rest)
			r[i] += c
			floats.AddScaled(rest, -c, q)
		}
	}
	size := norm(rest)
	if size < 1e-12 {
		return false
	}
	r[len(p.q)] = size
	scaleTo(rest, 1/size)
	p.q, p.r = append(p.q, rest), append(p.r, r)
	return true
}

// drop removes column i, and rotates what that leaves below the diagonal away.
func (p *projection) drop(i int) {
	p.passive, p.x = slices.Delete(p.passive, i, i+1), slices.Delete(p.x, i, i+1)
	p.r = slices.Delete(p.r, i, i+1)
	for k := i; k < len(p.r); k++ {
		a, b := p.r[k][k], p.r[k][k+1]
		h := math.Hypot(a, b)
		c, s := a/h, b/h
		for _, column := range p.r[k:] {
			column[k], column[k+1] = c*column[k]+s*column[k+1], c*column[k+1]-s*column[k]
		}
		p.r[k] = p.r[k][:k+1]
		u, v := p.q[k], p.q[k+1]
		for j := range u {
			u[j], v[j] = c*u[j]+s*v[j], c*v[j]-s*u[j]
		}
	}
	p.q = p.q[:len(p.r)]
}

// solve returns the least-squares coefficients of the passive vectors.
func (p *projection) solve() []float64 {
	z := make([]float64, len(p.q))
	rest := slices.Clone(p.t)
	for i, q := range p.q {
		z[i] = floats.Dot(q, rest)
		floats.AddScaled(rest, -z[i], q)
	}
	for k := len(z) - 1; k >= 0; k-- {
		z[k] /= p.r[k][k]
		floats.AddScaled(z[:k], -z[k], p.r[k][:k])
	}
	return z
}
