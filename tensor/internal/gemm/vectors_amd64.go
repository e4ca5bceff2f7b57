package gemm

import "unsafe"

// row computes p for M = 1 and contiguous rows of B.
func (v Variant) row(p *Product) {
	if v == Portable {
		p.portableRow()
		return
	}
	vector := v.vector()
	q := panel{alpha: p.Alpha, aCol: 8 * p.A.Col, bRow: 8 * p.B.Row}
	for pc := 0; pc < p.K; pc += kc {
		q.k = min(kc, p.K-pc)
		q.setBeta(p.Beta, pc)
		q.a = unsafe.Pointer(&p.A.Data[pc*p.A.Col])
		for j, w := 0, 0; j < p.N; j += w {
			w = min(8*vector, p.N-j)
			q.b, q.c = unsafe.Pointer(&p.B.Data[pc*p.B.Row+j]), unsafe.Pointer(&p.C[j])
			vectors, last := vectorsOf(w, vector)
			q.lastLanes = last
			v.runRow(vectors, &q)
		}
	}
}

// column computes p for N = 1 and contiguous rows of A.
func (v Variant) column(p *Product) {
	if v == Portable {
		p.portableDots()
		return
	}
	if p.B.Row != 1 || p.Stride != 1 {
		v.scattered(p)
		return
	}
	v.contiguous(p)
}

// contiguous computes p for N = 1, contiguous rows of A, and contiguous columns
// B and C.
func (v Variant) contiguous(p *Product) {
	for pc := 0; pc < p.K; pc += columnBlock {
		k := min(columnBlock, p.K-pc)
		q := dots{k: k, aRow: 8 * p.A.Row, x: unsafe.Pointer(&p.B.Data[pc]), alpha: p.Alpha, beta: 1, keep: 1}
		if pc == 0 {
			q.beta = p.Beta
			if p.Beta == 0 {
				q.keep = 0
			}
		}
		group := 8 * max(1, quantum/8/k)
		for i := 0; i < p.M; i += group {
			v.dots(&q, p.A.Data[i*p.A.Row+pc:], p.A.Row, min(group, p.M-i), p.C[i:])
		}
	}
}

// scattered gathers x and y of a column product that are not contiguous.
func (v Variant) scattered(p *Product) {
	ws := workspaces.Get().(*workspace)
	defer workspaces.Put(ws)
	for pc := 0; pc < p.K; pc += columnBlock {
		k, beta := min(columnBlock, p.K-pc), p.Beta
		if pc > 0 {
			beta = 1
		}
		x := ws.b[:k]
		for l := range x {
			x[l] = p.B.Data[(pc+l)*p.B.Row]
		}
		for i := 0; i < p.M; i += len(ws.a) {
			y := ws.a[:min(len(ws.a), p.M-i)]
			for r := range y {
				y[r] = p.C[(i+r)*p.Stride]
			}
			v.contiguous(&Product{len(y), 1, k, p.Alpha, p.A.From(i, pc), Matrix{x, 1, 1}, beta, y, 1})
			for r := range y {
				p.C[(i+r)*p.Stride] = y[r]
			}
		}
	}
}

// dots computes m elements of a column.
func (v Variant) dots(q *dots, a []float64, stride, m int, y []float64) {
	rows := v.vector()
	if whole := m / rows; whole > 0 {
		q.blocks, q.a, q.y = whole, unsafe.Pointer(&a[0]), unsafe.Pointer(&y[0])
		if v == AVX512 {
			dotsAVX512_8(q)
		} else {
			dotsAVX2_4(q)
		}
	}
	if rest := m % rows; rest > 0 {
		i := m - rest
		q.blocks, q.a, q.y = rest, unsafe.Pointer(&a[i*stride]), unsafe.Pointer(&y[i])
		if v == AVX512 {
			dotsAVX512_1(q)
		} else {
			dotsAVX2_1(q)
		}
	}
}
