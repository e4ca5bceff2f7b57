package gemm

// gramCols is the number of columns of X that are weighed at a time, rounded to
// whole vectors.
const gramCols = 1024

// Gram computes C = XᵀWX for an n by d matrix X and the diagonal matrix W of
// weights, or C = XᵀX if w is nil, in one pass over the rows of X. Both
// triangles of C are written. An element is a sum over rows in ascending order,
// in blocks of 256, of x·(w·x).
func (v Variant) Gram(n, d int, x []float64, xStride int, w []float64, c []float64, cStride int) {
	if d == 0 {
		return
	}
	if n == 0 {
		(&Product{M: d, N: d, C: c, Stride: cStride}).scale()
		return
	}
	_, _ = x[(n-1)*xStride+d-1], c[(d-1)*cStride+d-1]
	var weighed []float64
	if w != nil {
		ws := workspaces.Get().(*workspace)
		defer workspaces.Put(ws)
		weighed = ws.b[:]
	}
	// The upper triangle, a strip of rows at a time, and no more below the
	// diagonal than a strip of eight rows has. Many columns do not stay in the
	// second-level cache: then a strip does more with what it reads.
	strip := 8
	if d > 256 {
		strip = 48
	}
	p := Product{Alpha: 1, Stride: cStride}
	for pc := 0; pc < n; pc += kc {
		p.K = min(kc, n-pc)
		rows := Matrix{x[pc*xStride:], xStride, 1}
		for jc := 0; jc < d; jc += gramCols {
			cols := min(gramCols, d-jc)
			right := rows.From(0, jc)
			if w != nil {
				v.weigh(weighed, right, w[pc:][:p.K], cols)
				right = Matrix{weighed, roundUp(cols, 8), 1}
			}
			for i := 0; i < jc+cols; i += strip {
				j := max(i, jc)
				p.M, p.N = min(strip, d-i), jc+cols-j
				p.A, p.B, p.C = Matrix{rows.Data[i:], 1, xStride}, right.From(0, j-jc), c[i*cStride+j:]
				v.blocks(&p)
			}
		}
		p.Beta = 1
	}
	for i := range d {
		for j := range i {
			c[i*cStride+j] = c[j*cStride+i]
		}
	}
}
