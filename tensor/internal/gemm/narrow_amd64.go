package gemm

import "unsafe"

// Some numbers of columns fill the vectors of a panel badly: 10 take the room
// of 12 or 16. Such a product is computed transposed, Cᵀ = BᵀAᵀ, in vectors
// along the rows of C or along k, which are long, and C is updated from that.

// narrowRows is the number of columns of Cᵀ that are computed at a time.
const narrowRows = 2048

// narrowStride lies between rows of Cᵀ. It is no multiple of a page.
const narrowStride = narrowRows + 24

// swapped computes p for transposed A and few columns. An element has the bits
// that a panel kernel gives it.
func (v Variant) swapped(p *Product) {
	if v == Portable {
		p.portable()
		return
	}
	ws := workspaces.Get().(*workspace)
	defer workspaces.Put(ws)
	for ic := 0; ic < p.M; ic += narrowRows {
		m := min(narrowRows, p.M-ic)
		for pc := 0; pc < p.K; pc += kc {
			k := min(kc, p.K-pc)
			b := Matrix{p.B.Data[pc*p.B.Row:], 1, p.B.Row}
			v.blocks(&Product{p.N, m, k, 1, b, Matrix{p.A.Data[pc*p.A.Col+ic:], p.A.Col, 1}, 0, ws.a[:], narrowStride})
			v.update(p, pc, ic, m, ws)
		}
	}
}

// narrow computes p for rows of A and of B contiguous and few columns, with
// dot products.
func (v Variant) narrow(p *Product) {
	if v == Portable {
		p.portableDots()
		return
	}
	ws := workspaces.Get().(*workspace)
	defer workspaces.Put(ws)
	for pc := 0; pc < p.K; pc += columnBlock {
		k := min(columnBlock, p.K-pc)
		xRow := roundUp(k, 8)
		v.packRows(ws.b[:], p.B.From(pc, 0), k, p.N, xRow)
		for ic := 0; ic < p.M; ic += narrowRows {
			m := min(narrowRows, p.M-ic)
			group := 4 * max(1, 2*quantum/4/k) // rows that stay in the second-level cache
			for i := 0; i < m; i += group {
				v.grid(p.A.From(ic+i, pc), min(group, m-i), k, p.N, ws, xRow, i)
			}
			v.update(p, pc, ic, m, ws)
		}
	}
}

// packRows copies the k by n matrix b to n rows of k elements, stride apart.
func (v Variant) packRows(dst []float64, b Matrix, k, n, stride int) {
	vector := v.vector()
	whole := k - k%vector
	q := copying{rows: k / vector, from: unsafe.Pointer(&b.Data[0]), fromRow: 8 * b.Row, to: unsafe.Pointer(&dst[0]), toRow: 8 * stride, toGroup: 8 * vector}
	q.vectors, q.lastLanes = vectorsOf(n, vector)
	if whole > 0 {
		v.runTranspose(&q)
	}
	for l := whole; l < k; l++ {
		for j, x := range b.Data[l*b.Row:][:n] {
			dst[j*stride+l] = x
		}
	}
}

// grid computes m columns from column at of Cᵀ on.
func (v Variant) grid(a Matrix, m, k, n int, ws *workspace, xRow, at int) {
	rows := v.vector() / 2
	if whole := m / rows; whole > 0 {
		q := grid{blocks: whole, k: k, a: unsafe.Pointer(&a.Data[0]), aRow: 8 * a.Row, xRow: 8 * xRow, yRow: 8 * narrowStride}
		for j, cols := 0, 0; j < n; j += cols {
			q.x, q.y = unsafe.Pointer(&ws.b[j*xRow]), unsafe.Pointer(&ws.a[j*narrowStride+at])
			if v == AVX512 {
				cols = evenly(n-j, 5, 1)
				runGridAVX512(cols, &q)
			} else {
				cols = evenly(n-j, 3, 1)
				runGridAVX2(cols, &q)
			}
		}
		if m%rows == 0 {
			return
		}
		i := whole * rows
		a, at, m = a.From(i, 0), at+i, m-i
	}
	q := dots{k: k, aRow: 8 * a.Row, alpha: 1}
	for j := range n {
		q.x = unsafe.Pointer(&ws.b[j*xRow])
		v.dots(&q, a.Data, a.Row, m, ws.a[j*narrowStride+at:])
	}
}

// update updates m rows of C from row i on with the columns of Cᵀ in ws.
func (v Variant) update(p *Product, pc, i, m int, ws *workspace) {
	vector := v.vector()
	q := updating{fromRow: 8 * narrowStride, toRow: 8 * p.Stride, alpha: p.Alpha, beta: p.Beta, keep: 1}
	if pc > 0 {
		q.beta = 1
	} else if p.Beta == 0 {
		q.keep = 0
	}
	q.vectors, q.lastLanes = vectorsOf(m, vector)
	for j := 0; j < p.N; j += vector {
		q.from, q.to, q.cols = unsafe.Pointer(&ws.a[j*narrowStride]), unsafe.Pointer(&p.C[i*p.Stride+j]), min(vector, p.N-j)
		v.runUpdate(&q)
	}
}
