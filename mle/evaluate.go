package mle

import (
	"context"
	"math"
	"slices"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// point is a problem at some parameters: the objective with its derivatives.
type point struct {
	theta    []float64
	loss     float64   // Σwᵢ·(−log pᵢ)
	value    float64   // f
	grad     []float64 // ∇f
	info     []float64 // ∇²f, size×size, both triangles; nil unless asked for
	variance []float64 // by row, if asked for: the function asked for, times the weight
	// spread is S(move), the largest difference that adding move to the
	// parameters makes between two logits of a row, if move was given.
	spread float64
	sizes  sizes // if asked for
}

// ask says what a pass computes beside f and ∇f.
type ask struct {
	info     []float64 // ∇²f: overwritten and kept in the point
	move     []float64 // S(move)
	sizes    bool
	variance func(prob []float64) float64
	// roughly asks for S(move) of a sixteenth of the rows only, an estimate, and
	// for sizes that are bounds, but quickly computed.
	roughly bool
}

// evaluate computes f and ∇f at theta, and ∇²f if info is not nil: it is
// overwritten and kept in the point. The sums of blocks are added up without
// rounding.
func (p *problem) evaluate(ctx context.Context, b *block, theta, info []float64) (point, error) {
	return p.pass(ctx, b, theta, ask{info: info})
}

// pass is evaluate, with anything else that one pass over the rows can compute.
func (p *problem) pass(ctx context.Context, b *block, theta []float64, ask ask) (point, error) {
	if b.sweep == nil {
		b.sweep = p.newSweep()
	}
	s := b.sweep
	if n := p.informationRows(); ask.info != nil && n > s.most {
		if b.wide == nil {
			b.wide = p.sweepOf(n)
		}
		s = b.wide
	}
	pt := point{theta: theta, grad: make([]float64, p.size()), info: ask.info}
	grad := dd.NewVector(p.size())
	clear(ask.info)
	if ask.variance != nil {
		pt.variance = make([]float64, p.rows())
	}
	var loss tensor.Sum
	if ask.sizes {
		pt.sizes.terms = make([]float64, p.size())
	}
	for from := 0; s.load(from); from += s.n {
		if err := ctx.Err(); err != nil {
			return point{}, err
		}
		s.linear(s.z, s.x, theta)
		s.respond(ask.info != nil || ask.sizes || ask.variance != nil)
		loss.AddAll(s.loss[:s.n])
		s.addGradient(grad)
		if ask.move != nil {
			n := s.n
			if ask.roughly {
				n = (n + 15) / 16
			}
			pt.spread = max(pt.spread, s.spread(ask.move, n))
		}
		if ask.sizes {
			s.addSizes(&pt.sizes, theta, ask.roughly)
		}
		if ask.variance != nil {
			s.variances(pt.variance[s.from:], ask.variance)
		}
		if ask.info != nil {
			s.addInformation(ask.info) // which changes what was computed of the rows
		}
	}
	pt.loss = loss.Value()
	for i := range pt.grad {
		pt.grad[i] = p.c * grad.At(i).Hi
	}
	if ask.info != nil {
		p.finishInformation(ask.info)
	}
	pt.value = p.c*pt.loss + p.penalise(theta, pt.grad, ask.info)
	if ask.move != nil {
		pt.spread = max(pt.spread, p.pseudoSpread(ask.move))
	}
	if ask.sizes {
		pt.sizes.finish(p, theta)
	}
	return pt, nil
}

// logitColumns returns the columns of s.z or s.residual that have parameters.
func (s *sweep) logitColumns(z tensor.Matrix) tensor.Matrix {
	return tensor.Columns(z, z.Cols-s.p.logits(), s.p.logits())
}

// summed is how many rows of a gradient are summed in float64.
const summed = 256

// addGradient adds Σ rᵢ⊗xᵢ.
func (s *sweep) addGradient(grad dd.Vector) {
	p := s.p
	sum := p.matrix(s.sum)
	for from := 0; from < s.n; from += summed {
		n := min(summed, s.n-from)
		r, x := rows(s.logitColumns(s.residual), from, n), rows(s.x, from, n)
		tensor.Gemm(tensor.T, tensor.N, 1, r, x, 0, tensor.Columns(sum, p.skip(), p.x.Cols))
		if p.intercept {
			for k, v := range s.columnTotals(r) {
				s.sum[k*p.terms] = v
			}
		}
		for i, v := range s.sum {
			grad.Add(i, dd.New(v))
		}
	}
}

// rows returns rows from to from+n of m, sharing its memory.
func rows(m tensor.Matrix, from, n int) tensor.Matrix {
	m.Rows, m.Data = n, m.Data[from*m.Stride:]
	return m
}

// addInformation adds Σ wᵢ(diag pᵢ − pᵢpᵢᵀ)⊗xᵢxᵢᵀ to the blocks of info on and
// above the diagonal. Each pair of classes k, l contributes
//
//	Σ wᵢ·pₖpₗ·(eₖ − eₗ)(eₖ − eₗ)ᵀ⊗xᵢxᵢᵀ
//
// which needs no 1 − p and, with K logits, no more products than with K − 1.
func (s *sweep) addInformation(info []float64) {
	p := s.p
	v := s.product[:s.n]
	if p.classes == 2 {
		if p.weight != nil {
			for i, w := range p.weight[s.from : s.from+s.n] {
				v[i] *= w
			}
		}
		s.addGram(info, -1, 0)
		return
	}
	for k := range p.classes {
		for l := k + 1; l < p.classes; l++ {
			for i := range v {
				z := s.z.Data[i*s.z.Cols:]
				v[i] = z[k] * z[l]
			}
			if p.weight != nil {
				for i, w := range p.weight[s.from : s.from+s.n] {
					v[i] *= w
				}
			}
			s.addGram(info, k-p.first, l-p.first)
		}
	}
}

// addGram adds Σ vᵢ·(eₖ − eₗ)(eₖ − eₗ)ᵀ⊗xᵢxᵢᵀ, v = s.product, to the upper
// triangle of info. k may be −1, which has no parameters.
func (s *sweep) addGram(info []float64, k, l int) {
	d, n := s.p.terms, s.p.size()
	s.weigh()
	for _, at := range [...]struct {
		row, col int
		sign     float64
	}{{l, l, 1}, {k, k, 1}, {k, l, -1}} {
		if at.row < 0 {
			continue
		}
		dst := info[at.row*d*n+at.col*d:]
		for i := range d {
			row := dst[i*n:][:d]
			for j, g := range tensor.Row(s.gram, i) {
				row[j] += at.sign * g
			}
		}
	}
}

// weigh sets s.gram to Σ vᵢ·xᵢxᵢᵀ, with the intercept, v = s.product.
func (s *sweep) weigh() {
	p, d := s.p, s.p.terms
	skip := p.skip()
	v := tensor.Matrix{Rows: s.n, Cols: 1, Stride: 1, Data: s.product[:s.n]}
	if skip == 1 {
		s.gram.Data[0] = s.columnTotals(v)[0]
	}
	if p.x.Cols == 0 {
		return
	}
	tensor.Gram(tensor.Matrix{Rows: p.x.Cols, Cols: p.x.Cols, Stride: d, Data: s.gram.Data[skip*(d+1):]}, s.x, v.Data)
	if skip == 1 {
		border := tensor.Matrix{Rows: 1, Cols: p.x.Cols, Stride: d, Data: s.gram.Data[1:]}
		tensor.Gemm(tensor.T, tensor.N, 1, v, s.x, 0, border)
		for j, g := range tensor.Row(border, 0) {
			s.gram.Data[(1+j)*d] = g
		}
	}
}

// finishInformation multiplies info by c and copies what is above the diagonal
// to below.
func (p *problem) finishInformation(info []float64) {
	n := p.size()
	for i := range n {
		for j := i; j < n; j++ {
			info[i*n+j] *= p.c
			info[j*n+i] = info[i*n+j]
		}
	}
}

// spread returns S(move) over the first n rows.
func (s *sweep) spread(move []float64, n int) (largest float64) {
	z := s.others(n)
	s.linear(z, rows(s.x, 0, n), move)
	for i := range n {
		if s.p.w(s.from+i) == 0 {
			continue
		}
		row := tensor.Row(z, i)
		if s.p.classes == 2 {
			largest = max(largest, math.Abs(row[0]))
		} else {
			largest = max(largest, slices.Max(row)-slices.Min(row))
		}
	}
	return largest
}
