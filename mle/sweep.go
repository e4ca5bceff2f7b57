package mle

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// sweep is some rows of a problem and what a pass of evaluate computes of them.
// Unlike a block it leaves the rows where they are, if their columns need no
// scaling, and treats the intercept apart.
type sweep struct {
	p       *problem
	most    int // rows at once
	from, n int
	x       tensor.Matrix // n×(terms, less the intercept)
	// z are n×classes logits, then probabilities; for two classes n×1 logits.
	z tensor.Matrix
	// residual is like z: w·(p − y).
	residual tensor.Matrix
	loss     []float64 // by row, without the weight
	target   []float64 // two classes: the part of the row that is of class 1
	// product is p·(1 − p) for two classes, and scratch for more.
	product []float64

	copied  tensor.Matrix // x, scaled or in magnitude; without data until needed
	other   tensor.Matrix // like z, for other vectors than theta
	sum     []float64     // of the rows: a gradient
	gram    tensor.Matrix // of the terms
	totals  []float64     // by column of z
	scratch []float64
}

// sweepRows is how many rows a sweep works on at once: as many as fit in half a
// megabyte.
func (p *problem) sweepRows() int {
	return max(1, min(p.rows(), 1024, max(32, 65536/(p.terms+p.classes)/16*16)))
}

// informationRows is sweepRows for passes that compute the information: enough for
// little of their time to go into adding up the Gram matrices of many columns.
func (p *problem) informationRows() int {
	if n := p.sweepRows(); n >= 4*p.terms {
		return n
	}
	return min(p.rows(), gramRows)
}

// sweepColumns is the number of columns of a sweep's z.
func (p *problem) sweepColumns() int {
	if p.classes == 2 {
		return 1
	}
	return p.classes
}

func (p *problem) newSweep() *sweep { return p.sweepOf(p.sweepRows()) }

func (p *problem) sweepOf(n int) *sweep {
	k := p.sweepColumns()
	s := &sweep{
		p: p, most: n, z: newMatrix(n, k), residual: newMatrix(n, k), loss: make([]float64, n), target: make([]float64, n), product: make([]float64, n),
		sum: make([]float64, p.size()), gram: newMatrix(p.terms, p.terms), totals: make([]float64, k), scratch: make([]float64, tensor.SoftmaxNLLScratch(k)),
	}
	return s
}

func newMatrix(rows, cols int) tensor.Matrix {
	return tensor.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
}

// load goes to the rows from the given one on and reports whether there are any.
func (s *sweep) load(from int) bool {
	p := s.p
	n := min(s.most, p.rows()-from)
	if n <= 0 {
		return false
	}
	p.read.Add(int64(n))
	s.from, s.n = from, n
	s.z.Rows, s.residual.Rows = n, n
	s.x = rows(p.x, from, n)
	if p.tame {
		return true
	}
	scale := p.scale[p.skip():]
	copied := s.copyOf()
	for i := range n {
		dst := tensor.Row(copied, i)
		for j, v := range tensor.Row(s.x, i) {
			dst[j] = v * scale[j]
		}
	}
	s.x = copied
	return true
}

// copyOf returns room for a copy of s.x.
func (s *sweep) copyOf() tensor.Matrix {
	if s.copied.Data == nil {
		s.copied = newMatrix(s.most, s.p.x.Cols)
	}
	s.copied.Rows = s.n
	return s.copied
}

// others returns room for the first n rows of a matrix like s.z.
func (s *sweep) others(n int) tensor.Matrix {
	if s.other.Data == nil {
		s.other = newMatrix(s.most, s.z.Cols)
	}
	s.other.Rows = n
	return s.other
}

// linear sets z, like s.z, to the logits of rows x at theta.
func (s *sweep) linear(z, x tensor.Matrix, theta []float64) {
	p := s.p
	first := z.Cols - p.logits()
	at0 := s.totals // the logits where all columns are 0
	clear(at0)
	if p.intercept {
		for k := range p.logits() {
			at0[first+k] = theta[k*p.terms]
		}
	}
	z.Rows = x.Rows
	tensor.AddRow(z, 0, at0)
	w := tensor.Columns(p.matrix(theta), p.skip(), p.x.Cols)
	tensor.Gemm(tensor.N, tensor.T, 1, x, w, 1, tensor.Columns(z, first, p.logits()))
}

// columnTotals sets s.totals to the sums of the columns of z.
func (s *sweep) columnTotals(z tensor.Matrix) []float64 {
	totals := s.totals[:z.Cols]
	if z.Stride == 1 {
		var sum tensor.Sum
		sum.AddAll(z.Data[:z.Rows])
		totals[0] = sum.Value()
	} else {
		tensor.ColumnSums(totals, 0, z)
	}
	return totals
}

// respond computes the losses and residuals of the rows from their logits, and
// probabilities if they are wanted.
func (s *sweep) respond(probabilities bool) {
	p := s.p
	switch {
	case p.hits == nil:
		class := p.label[s.from : s.from+s.n]
		for i := 0; p.lost.in != nil && i < s.n; i++ {
			p.lost.mask(s.from+i, tensor.Row(s.z, i))
		}
		tensor.SoftmaxNLL(s.loss[:s.n], s.residual, s.z, class, nil, 1, s.scratch)
		if probabilities {
			copy(s.z.Data, s.residual.Data[:s.n*s.z.Cols])
			for i, k := range class {
				tensor.Row(s.z, i)[k]++
			}
		}
	case p.pure:
		z := s.z.Data[:s.n]
		tensor.SigmoidBCE(s.loss[:s.n], s.residual.Data[:s.n], nil, z, s.targets(), nil)
		for i := 0; probabilities && i < s.n; i++ {
			s.product[i] = variance(math.Abs(s.residual.Data[i]), z[i])
		}
	default:
		s.respondCounts()
		return // which are weights
	}
	if p.weight == nil {
		return
	}
	for i, w := range p.weight[s.from : s.from+s.n] {
		s.loss[i] *= w
		for k := range s.residual.Cols {
			s.residual.Data[i*s.residual.Cols+k] *= w
		}
	}
}

// variance returns p·(1−p) of the logit z, given one of the two.
func variance(p, z float64) float64 {
	if p < 0.999 {
		return p * (1 - p)
	}
	e := math.Exp(-math.Abs(z))
	return e / ((1 + e) * (1 + e))
}

// targets are 1 for the rows of class 1 and 0 for the others.
func (s *sweep) targets() []float64 {
	p := s.p
	hits := p.hits[s.from : s.from+s.n]
	if p.weight == nil {
		return hits
	}
	for i, h := range hits {
		s.target[i] = 0
		if h > 0 {
			s.target[i] = 1
		}
	}
	return s.target[:s.n]
}

// respondCounts is respond for rows of several observations: the loss is
// −hits·log σ(z) − misses·log σ(−z).
func (s *sweep) respondCounts() {
	p := s.p
	z, r, loss, minus := s.z.Data[:s.n], s.residual.Data[:s.n], s.loss[:s.n], s.target[:s.n]
	for i, v := range z {
		minus[i] = -v
	}
	tensor.LogSigmoid(loss, r, z) // r = 1 − p
	for i, l := range loss {
		hits := p.hits[s.from+i]
		loss[i] = -hits * l
		r[i] *= -hits
	}
	tensor.LogSigmoid(minus, s.product[:s.n], minus) // product = p
	for i, l := range minus {
		misses := p.w(s.from+i) - p.hits[s.from+i]
		loss[i] -= misses * l
		r[i] += misses * s.product[i]
	}
	tensor.Sigmoid(z, s.product[:s.n], z)
}
