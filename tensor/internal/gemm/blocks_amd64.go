package gemm

import "unsafe"

// When to pack, from measurements: a panel that is read by many kernels should
// be contiguous once it no longer fits the first-level cache, sooner if its rows
// lie a multiple of a page apart and so compete for the same cache lines.
const (
	packBRows     = 48     // do not pack B for fewer rows of A
	packBSize     = 300000 // elements of B
	packBPageSize = 60000  // with rows a multiple of 4 KiB apart
	packACols     = 96     // do not pack A for fewer columns of B
	packASize     = 300000 // elements of A
	packATSize    = 30000  // transposed
)

func pageAligned(stride int) bool { return stride%512 == 0 }

// panelWidth returns how many of the columns left the next panel takes: three
// vectors, but no panel of a single vector after one of three.
func panelWidth(left, vector int) int {
	switch full := 3 * vector; {
	case left <= full:
		return left
	case left <= full+vector:
		return 2 * vector
	default:
		return full
	}
}

// evenly returns the length of the first of the fewest equal parts of n that
// are at most limit and, but for the last, multiples of unit.
func evenly(n, limit, unit int) int {
	if n <= limit {
		return n
	}
	parts := (n + limit - 1) / limit
	return min(n, roundUp((n+parts-1)/parts, unit))
}

// blocks computes p with panels of C in registers, from packed or original
// blocks of A and B.
func (v Variant) blocks(p *Product) {
	if v == Portable {
		p.portable()
		return
	}
	vector := v.vector()
	packB := p.B.Col != 1 || p.M >= packBRows && p.N > 3*vector &&
		(p.K*p.N >= packBSize || pageAligned(p.B.Row) && p.K*p.N >= packBPageSize)
	packA := p.N >= packACols && p.M >= vector &&
		(p.M*p.K >= packASize || p.A.Row == 1 && p.M*p.K >= packATSize)
	var ws *workspace
	if packA || packB {
		ws = workspaces.Get().(*workspace)
		defer workspaces.Put(ws)
	}
	var q panel
	q.alpha, q.cRow = p.Alpha, 8*p.Stride
	for jc, n := 0, 0; jc < p.N; jc += n {
		n = evenly(p.N-jc, nc, 3*vector)
		for pc := 0; pc < p.K; pc += kc {
			q.k = min(kc, p.K-pc)
			q.setBeta(p.Beta, pc)
			b := p.B.From(pc, jc)
			if packB {
				v.packB(ws.b[:], b, q.k, n)
			}
			for ic, m := 0, 0; ic < p.M; ic += m {
				m = evenly(p.M-ic, mc, vector)
				a, c := p.A.From(ic, pc), p.C[ic*p.Stride+jc:]
				var packed []float64
				if packA {
					v.packA(ws.a[:], a, m, q.k)
					packed = ws.a[:]
				}
				for j, w := 0, 0; j < n; j += w {
					w = panelWidth(n-j, vector)
					if packB {
						q.b, q.bRow = unsafe.Pointer(&ws.b[j*q.k]), 8*roundUp(w, vector)
					} else {
						q.b, q.bRow = unsafe.Pointer(&b.Data[j]), 8*b.Row
					}
					v.panel(&q, w, a, packed, m, c[j:])
				}
			}
		}
	}
}

// setBeta sets what happens to C before the terms from pc on are added.
func (q *panel) setBeta(beta float64, pc int) {
	q.beta, q.keep = beta, 1
	if pc > 0 {
		q.beta = 1
	} else if beta == 0 {
		q.keep = 0
	}
}

// panel updates m rows by w columns of C with the panel of B that q has. The
// whole blocks of rows come from packed if it is not nil.
func (v Variant) panel(q *panel, w int, a Matrix, packed []float64, m int, c []float64) {
	cols, rows := w, v.vector()
	switch {
	case w <= 4:
		cols, rows, q.lastLanes = 4, 8, w
	case w <= 8:
		cols = 8
	case w <= 12:
		cols = 12
	case w <= 16:
		cols = 16
	default:
		cols = 24
	}
	if v == AVX512 && cols%8 == 0 {
		q.lastLanes = w - (cols - 8)
	} else {
		q.lastLanes = w - (cols - 4)
	}
	if packed != nil {
		rows = v.vector()
	}
	whole := m / rows
	if whole > 0 {
		if packed != nil {
			q.a, q.aRow, q.aCol, q.aNext = unsafe.Pointer(&packed[0]), 8, 8*rows, 8*rows*q.k
		} else {
			q.a, q.aRow, q.aCol, q.aNext = unsafe.Pointer(&a.Data[0]), 8*a.Row, 8*a.Col, 8*rows*a.Row
		}
		q.c, q.blocks = unsafe.Pointer(&c[0]), whole
		v.runPanel(rows, cols, q)
	}
	if rest := m % rows; rest > 0 {
		i := whole * rows
		q.a, q.aRow, q.aCol = unsafe.Pointer(&a.Data[i*a.Row]), 8*a.Row, 8*a.Col
		q.c, q.blocks = unsafe.Pointer(&c[i*q.cRow/8]), 1
		v.runPanel(rest, cols, q)
	}
}

// packA copies the whole groups of rows of the m by k matrix a, each group by
// columns.
func (v Variant) packA(dst []float64, a Matrix, m, k int) {
	rows := v.vector()
	if a.Row != 1 {
		q := copying{rows: m / rows, from: unsafe.Pointer(&a.Data[0]), fromRow: 8 * a.Row, to: unsafe.Pointer(&dst[0]), toRow: 8 * rows, toGroup: 8 * rows * k}
		q.vectors, q.lastLanes = vectorsOf(k, rows)
		v.runTranspose(&q)
		return
	}
	q := copying{rows: k, vectors: 1, lastLanes: rows, fromRow: 8 * a.Col, toRow: 8 * rows}
	for i := 0; i+rows <= m; i += rows {
		q.from, q.to = unsafe.Pointer(&a.Data[i]), unsafe.Pointer(&dst[i*k])
		v.runCopy(&q)
	}
}

// packB copies the k by n matrix b panel by panel, each panel by rows of whole
// vectors.
func (v Variant) packB(dst []float64, b Matrix, k, n int) {
	vector := v.vector()
	for j, w := 0, 0; j < n; j += w {
		w = panelWidth(n-j, vector)
		wide := roundUp(w, vector)
		to := dst[j*k:][:wide*k]
		if b.Col == 1 {
			q := copying{rows: k, from: unsafe.Pointer(&b.Data[j]), fromRow: 8 * b.Row, to: unsafe.Pointer(&to[0]), toRow: 8 * wide}
			q.vectors, q.lastLanes = vectorsOf(w, vector)
			v.runCopy(&q)
			continue
		}
		v.packColumns(to, b.From(0, j), k, w, wide)
	}
}

// packColumns copies the k by w matrix b, whose columns are contiguous, to rows
// of wide elements.
func (v Variant) packColumns(to []float64, b Matrix, k, w, wide int) {
	vector := v.vector()
	if w < vector {
		for l := range k {
			for j := range w {
				to[l*wide+j] = b.Data[l+j*b.Col]
			}
		}
		return
	}
	q := copying{rows: w / vector, from: unsafe.Pointer(&b.Data[0]), fromRow: 8 * b.Col, to: unsafe.Pointer(&to[0]), toRow: 8 * wide, toGroup: 8 * vector}
	q.vectors, q.lastLanes = vectorsOf(k, vector)
	v.runTranspose(&q)
	if w%vector > 0 { // the last columns, and some once more
		j := w - vector
		q.rows, q.from, q.to = 1, unsafe.Pointer(&b.Data[j*b.Col]), unsafe.Pointer(&to[j])
		v.runTranspose(&q)
	}
}

// vectorsOf returns how many vectors n values take and how many of them are in
// the last.
func vectorsOf(n, vector int) (vectors, last int) {
	vectors = (n + vector - 1) / vector
	return vectors, n - (vectors-1)*vector
}

// weigh copies len(w) rows of n elements times their weights, each to whole
// vectors.
func (v Variant) weigh(dst []float64, x Matrix, w []float64, n int) {
	if v == Portable {
		portableWeigh(dst, x, w, n)
		return
	}
	q := copying{rows: len(w), from: unsafe.Pointer(&x.Data[0]), fromRow: 8 * x.Row, to: unsafe.Pointer(&dst[0]), toRow: 8 * roundUp(n, 8), weights: unsafe.Pointer(&w[0])}
	q.vectors, q.lastLanes = vectorsOf(n, v.vector())
	v.runCopy(&q)
}
