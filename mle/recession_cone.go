package mle

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// cone is the set of non-negative combinations of contests, in coordinates that
// make the sum of squares of their vectors the identity: parameters of even
// columns are basis·c.
// Its polar is the cone of directions, with the opposite sign, that lower the
// margin of none of them.
type cone struct {
	p     *problem
	b     *block
	each  func(i int, do func(y, k int)) // the contests of row i
	basis *mat.Dense                     // size×q
	norm  []float64                      // of a contest's vector, at i·classes + k
	// work are the contests that have been needed so far, vectors theirs, of
	// norm 1.
	work    []int
	vectors [][]float64
	budget  *budget
}

// newCone returns the cone of contests in the space that the columns of the basis
// span.
func (s *solver) newCone(ctx context.Context, each func(i int, do func(y, k int)), basis *mat.Dense) (*cone, error) {
	c := &cone{p: s.p, b: s.b, each: each, basis: basis, norm: make([]float64, s.p.rows()*s.p.classes)}
	size, q := basis.Dims()
	gram := mat.NewSymDense(q, nil)
	err := c.rows(ctx, func(_, _ int, g []float64) {
		for i, v := range g {
			if v != 0 {
				floats.AddScaled(gram.RawSymmetric().Data[i*q+i:(i+1)*q], v, g[i:])
			}
		}
	})
	if err != nil {
		return nil, err
	}
	// A ridge, should the contests be dependent in float64; the coordinates
	// serve to condition what follows, nothing depends on them.
	trace := mat.Trace(gram)
	for i := range q {
		gram.SetSym(i, i, gram.At(i, i)+1e-15*trace)
	}
	var chol mat.Cholesky
	if chol.Factorize(gram) {
		var l mat.TriDense
		chol.LTo(&l)
		var t mat.Dense
		if err := t.Solve(&l, basis.T()); err == nil {
			c.basis = mat.NewDense(size, q, nil)
			c.basis.Copy(t.T())
		}
	}
	return c, c.rows(ctx, func(i, k int, g []float64) { c.norm[i*c.p.classes+k] = norm(g) })
}

// rows calls do with the vector of every contest in the coordinates of the cone.
func (c *cone) rows(ctx context.Context, do func(i, k int, g []float64)) error {
	p := c.p
	_, q := c.basis.Dims()
	scaled := mat.DenseCopyOf(c.basis)
	for i := range p.size() {
		scaleTo(scaled.RawRowView(i), p.unit[i%p.terms])
	}
	basis := scaled.RawMatrix()
	by := make([]tensor.Matrix, p.classes) // rows of the block by the basis of each logit
	for k := range by {
		by[k] = tensor.Matrix{Rows: p.blockRows(), Cols: q, Stride: q, Data: make([]float64, p.blockRows()*q)}
	}
	g := make([]float64, q)
	for from := 0; p.load(c.b, from); from += c.b.n {
		if err := ctx.Err(); err != nil {
			return err
		}
		for k := p.first; k < p.classes; k++ {
			part := tensor.Matrix{Rows: p.terms, Cols: q, Stride: basis.Stride, Data: basis.Data[(k-p.first)*p.terms*basis.Stride:]}
			by[k].Rows = c.b.n
			tensor.Gemm(tensor.N, tensor.N, 1, c.b.x, part, 0, by[k])
		}
		for j := range c.b.n {
			c.each(from+j, func(y, k int) {
				floats.SubTo(g, tensor.Row(by[y], j), tensor.Row(by[k], j))
				do(from+j, k, g)
			})
		}
	}
	return nil
}

// vector returns the vector of contest (i, k) with norm 1.
func (c *cone) vector(i, k int) []float64 {
	e := c.p.exactRows()
	a := c.p.contestVector(e.row(i), c.p.observed(i, k), k)
	_, q := c.basis.Dims()
	g := mat.NewVecDense(q, nil)
	g.MulVec(c.basis.T(), mat.NewVecDense(len(a), a))
	v := g.RawVector().Data
	scaleTo(v, 1/norm(v))
	return v
}

// parameters returns basis·c.
func (c *cone) parameters(v []float64) []float64 {
	size, _ := c.basis.Dims()
	u := mat.NewVecDense(size, nil)
	u.MulVec(c.basis, mat.NewVecDense(len(v), v))
	return u.RawVector().Data
}

// project returns the residual of t after its projection on the cone, and the
// contests that the projection is a positive combination of. The residual, if
// not 0, is in the polar cone, and its product with t is its squared norm: one
// of the two alternatives of Farkas's lemma.
func (c *cone) project(ctx context.Context, t []float64) (residual []float64, active []int, err error) {
	for p := newProjection(t, c.budget); ; {
		if err := p.improve(ctx, c.vectors); err != nil {
			return nil, nil, err
		}
		active = active[:0]
		for _, at := range p.passive {
			active = append(active, c.work[at])
		}
		size := norm(p.residual)
		if size < 1e-12 {
			return p.residual, active, nil
		}
		if err := c.budget.spend(c.p.rows() * c.p.size()); err != nil {
			return nil, nil, err
		}
		most, err := c.violated(ctx, p.residual, 1e-9*size)
		if err != nil || len(most) == 0 {
			return p.residual, active, err
		}
		for _, id := range most {
			c.work = append(c.work, id)
			c.vectors = append(c.vectors, c.vector(id/c.p.classes, id%c.p.classes))
		}
	}
}

// violated returns the contests whose product with the residual is largest, above
// the tolerance: as many as there are coordinates.
func (c *cone) violated(ctx context.Context, residual []float64, tolerance float64) ([]int, error) {
	type entry struct {
		id    int
		value float64
	}
	p := c.p
	most := make([]entry, 0, len(residual)+1)
	known := make(map[int]bool, len(c.work))
	for _, id := range c.work {
		known[id] = true
	}
	v := p.scaled(c.parameters(residual))
	for from := 0; p.load(c.b, from); from += c.b.n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p.linear(c.b, v)
		for j := range c.b.n {
			z := tensor.Row(c.b.z, j)
			c.each(from+j, func(y, k int) {
				e := entry{(from+j)*p.classes + k, (z[y] - z[k]) / c.norm[(from+j)*p.classes+k]}
				if !(e.value > tolerance) || math.IsInf(e.value, 1) || len(most) == len(residual) && e.value <= most[len(most)-1].value || known[e.id] {
					return
				}
				at, _ := slices.BinarySearchFunc(most, e, func(a, b entry) int {
					switch {
					case a.value > b.value:
						return -1
					case a.value < b.value:
						return 1
					}
					return 0
				})
				most = slices.Insert(most, at, e)
				most = most[:min(len(most), len(residual))]
			})
		}
	}
	ids := make([]int, len(most))
	for i, e := range most {
		ids[i] = e.id
	}
	return ids, nil
}
