package gemm

// gramCols is the number of columns of X that are weighed at a time, rounded to
// whole vectors.
const gramCols = 1024

// gram is a Gram matrix XᵀWX of d columns of n rows, xStride apart; w may be nil.
type gram struct {
	variant Variant
	n, d    int
	x       []float64
	xStride int
	w       []float64
}

// Gram computes C = XᵀWX for an n by d matrix X and the diagonal matrix W of
// weights, or C = XᵀX if w is nil, in one pass over the rows of X. Both
// triangles of C are written. An element is a sum over rows in ascending order,
// in blocks of 256, of x·(w·x).
func (v Variant) Gram(n, d int, x []float64, xStride int, w []float64, c []float64, cStride int) {
	g := gram{v, n, d, x, xStride, w}
	if g.empty(c, cStride) {
		return
	}
	g.block(0, 0, c, cStride)
	for from := kc; from < n; from += kc {
		g.block(from, 1, c, cStride)
	}
	mirror(d, c, cStride)
}

// empty sets C to 0 if there is nothing to add. Otherwise it panics unless the
// last element of each matrix exists.
func (g *gram) empty(c []float64, cStride int) bool {
	switch {
	case g.d == 0:
		return true
	case g.n == 0:
		(&Product{M: g.d, N: g.d, C: c, Stride: cStride}).scale()
		return true
	}
	_, _ = g.x[(g.n-1)*g.xStride+g.d-1], c[(g.d-1)*cStride+g.d-1]
	return false
}

// block adds the block of rows that begins at from to beta times the upper
// triangle of C, a strip of rows at a time, and no more below the diagonal than a
// strip of eight rows has. Many columns do not stay in the second-level cache:
// then a strip does more with what it reads.
func (g *gram) block(from int, beta float64, c []float64, cStride int) {
	p := Product{K: min(kc, g.n-from), Alpha: 1, Beta: beta, Stride: cStride}
	var weighed []float64
	if g.w != nil {
		ws := workspaces.Get().(*workspace)
		defer workspaces.Put(ws)
		weighed = ws.b[:]
	}
	strip := 8
	if g.d > 256 {
		strip = 48
	}
	rows := Matrix{g.x[from*g.xStride:], g.xStride, 1}
	for jc := 0; jc < g.d; jc += gramCols {
		cols := min(gramCols, g.d-jc)
		right := rows.From(0, jc)
		if g.w != nil {
			g.variant.weigh(weighed, right, g.w[from:][:p.K], cols)
			right = Matrix{weighed, roundUp(cols, 8), 1}
		}
		for i := 0; i < jc+cols; i += strip {
			j := max(i, jc)
			p.M, p.N = min(strip, g.d-i), jc+cols-j
			p.A, p.B, p.C = Matrix{rows.Data[i:], 1, g.xStride}, right.From(0, j-jc), c[i*cStride+j:]
			g.variant.blocks(&p)
		}
	}
}

// mirror copies the upper triangle of C to the lower one.
func mirror(d int, c []float64, cStride int) {
	for i := range d {
		for j := range i {
			c[i*cStride+j] = c[j*cStride+i]
		}
	}
}
