package mle

import (
	"sync/atomic"

	"github.com/surprisal-ml/surprisal/tensor"
)

// problem is what a fit minimises:
//
//	f(θ) = c·Σᵢ wᵢ·(−log pᵢ(yᵢ)) + penalty(θ)
//
// where pᵢ is the softmax of the logits of row i, θ·xᵢ, one for each class, or
// for each but the first, whose logit is then 0.
//
// Parameters are a vector of logits×terms numbers, a row of terms for each
// logit. They belong to columns multiplied by powers of two (scale) that keep
// products from overflowing and vanishing; that loses nothing, and few data need
// it. Only blocks of rows are ever copied.
type problem struct {
	x         tensor.Matrix // n×(terms, less the intercept), as given
	intercept bool          // the first term is 1 in every row
	terms     int
	scale     []float64 // by term
	tame      bool      // all scales are 1
	// unit is the power of two by term that brings the largest entry of the
	// scaled column near 1.
	unit []float64

	classes int
	first   int       // the first class with a logit: 0, or 1 where class 0 is the reference
	hits    []float64 // two classes: the part of wᵢ that is of class 1
	pure    bool      // which is all or nothing in every row
	label   []int     // more: the class of each row

	weight  []float64 // wᵢ, with the class weights; nil means 1
	total   float64   // Σwᵢ
	c       float64
	penalty penalty
	names   []string // of the terms
	// constant are the columns that are constant, as terms, if there are both a
	// penalty and an intercept.
	constant []int

	classWeight []float64 // by class; nil means 1

	// lost are the contests of more than two classes whose losers have
	// probability 0: the problem is a limit. pin is a parameter that is held,
	// −1 for none: directions of separation leave it as it is.
	lost contests
	pin  int

	read *atomic.Int64 // rows that passes have read, also those over parts of it
}

// logits is the number of rows of the matrix of parameters.
func (p *problem) logits() int { return p.classes - p.first }

// size is the number of parameters.
func (p *problem) size() int { return p.logits() * p.terms }

func (p *problem) rows() int { return p.x.Rows }

// skip is the number of terms before the first column: 1 with an intercept.
func (p *problem) skip() int { return p.terms - p.x.Cols }

// matrix returns parameters as a matrix.
func (p *problem) matrix(theta []float64) tensor.Matrix {
	return tensor.Matrix{Rows: p.logits(), Cols: p.terms, Stride: p.terms, Data: theta}
}

// w returns the weight of row i.
func (p *problem) w(i int) float64 {
	if p.weight == nil {
		return 1
	}
	return p.weight[i]
}

// unscale returns what a parameter of term j is multiplied by to give the
// coefficient of the column as it was: the same factor that the column was
// multiplied by.
func (p *problem) unscale(j int) float64 { return p.scale[j%p.terms] }

// block is some rows of a problem and what a pass computes of them.
type block struct {
	from, n int
	x       tensor.Matrix // n×terms, scaled, with the intercept
	z       tensor.Matrix // n×classes: logits, then probabilities
	// residual is n×logits: w·(p − y), the derivative of the loss by the logit.
	residual tensor.Matrix
	// rest is 1 − p of the most probable class, and top that class.
	rest []float64
	top  []int

	// Scratch: n weights, and the block's own gradient and Gram matrix.
	weights, sum []float64
	gram         tensor.Matrix

	sweep *sweep // made when first needed
	wide  *sweep // of informationRows, if that is more
}

// blockRows is how many rows of a problem are worked on at once: few enough to
// stay in the cache, many enough for fast products.
func (p *problem) blockRows() int {
	return min(max(16, 16384/(p.terms+p.classes)), 256, max(1, p.rows()))
}

func (p *problem) newBlock() *block {
	n, d, k := p.blockRows(), p.terms, p.classes
	data := make([]float64, n*(d+2*k+2)+p.size()+d*d)
	take := func(n int) []float64 {
		x := data[:n:n]
		data = data[n:]
		return x
	}
	matrix := func(rows, cols int) tensor.Matrix {
		return tensor.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: take(rows * cols)}
	}
	return &block{
		x: matrix(n, d), z: matrix(n, k), residual: matrix(n, p.logits()),
		rest: take(n), top: make([]int, n), weights: take(n), sum: take(p.size()), gram: matrix(d, d),
	}
}

// load fills b with the rows from the given one on and reports whether there
// were any.
func (p *problem) load(b *block, from int) bool {
	n := min(p.blockRows(), p.rows()-from)
	if n <= 0 {
		return false
	}
	p.read.Add(int64(n))
	b.from, b.n = from, n
	b.x.Rows, b.z.Rows, b.residual.Rows = n, n, n
	skip := p.skip()
	scale := p.scale[skip:]
	for i := range n {
		dst := tensor.Row(b.x, i)
		if skip == 1 {
			dst[0] = p.scale[0]
		}
		dst = dst[skip:]
		if p.tame {
			copy(dst, tensor.Row(p.x, from+i))
			continue
		}
		for j, v := range tensor.Row(p.x, from+i) {
			dst[j] = v * scale[j]
		}
	}
	return true
}

// linear sets b.z to the logits of the rows of b.
func (p *problem) linear(b *block, theta []float64) {
	if p.first == 1 {
		for i := range b.n {
			b.z.Data[i*b.z.Stride] = 0
		}
	}
	tensor.Gemm(tensor.N, tensor.T, 1, b.x, p.matrix(theta), 0, tensor.Columns(b.z, p.first, p.logits()))
}
