package gemm

import "math"

// tile is the number of rows and columns of C that the portable kernel keeps
// in registers.
const tile = 4

// mulAdd returns x·y + z, with one rounding where the processor can.
func mulAdd(x, y, z float64) float64 {
	if fused {
		return math.FMA(x, y, z)
	}
	return x*y + z
}

// portable computes p with packed panels of four rows and four columns. The
// bits are those of the assembly where math.FMA is an instruction.
func (p *Product) portable() {
	ws := workspaces.Get().(*workspace)
	defer workspaces.Put(ws)
	const width = nc / tile * tile
	for jc := 0; jc < p.N; jc += width {
		n := min(width, p.N-jc)
		for pc := 0; pc < p.K; pc += kc {
			k := min(kc, p.K-pc)
			beta := p.Beta
			if pc > 0 {
				beta = 1
			}
			for j := 0; j < n; j += tile {
				packTile(ws.b[j*k:][:tile*k], p.B.From(pc, jc+j), min(tile, n-j))
			}
			for i := 0; i < p.M; i += tile {
				rows, a := min(tile, p.M-i), ws.a[:tile*k]
				packTile(a, Matrix{p.A.Data[i*p.A.Row+pc*p.A.Col:], p.A.Col, p.A.Row}, rows)
				for j := 0; j < n; j += tile {
					var sums [tile * tile]float64
					if b := ws.b[j*k:][:tile*k]; fused {
						tileFused(&sums, a, b)
					} else {
						tilePlain(&sums, a, b)
					}
					for r := range rows {
						c := p.C[(i+r)*p.Stride+jc+j:][:min(tile, n-j)]
						update(c, p.Alpha, sums[r*tile:], beta)
					}
				}
			}
		}
	}
}

// update computes c = alpha·sum + beta·c.
func update(c []float64, alpha float64, sum []float64, beta float64) {
	for j := range c {
		if beta == 0 {
			c[j] = alpha * sum[j]
		} else {
			c[j] = mulAdd(alpha, sum[j], beta*c[j])
		}
	}
}

// packTile copies n columns of m side by side, filled up with zeros.
func packTile(dst []float64, m Matrix, n int) {
	for l := 0; len(dst) >= tile; l++ {
		row := m.Data[l*m.Row:]
		for j := range tile {
			if j < n {
				dst[j] = row[j*m.Col]
			} else {
				dst[j] = 0
			}
		}
		dst = dst[tile:]
	}
}

func tileFused(sums *[tile * tile]float64, a, b []float64) {
	var c00, c01, c02, c03, c10, c11, c12, c13 float64
	var c20, c21, c22, c23, c30, c31, c32, c33 float64
	for len(a) >= tile && len(b) >= tile {
		b0, b1, b2, b3 := b[0], b[1], b[2], b[3]
		x := a[0]
		c00, c01, c02, c03 = math.FMA(x, b0, c00), math.FMA(x, b1, c01), math.FMA(x, b2, c02), math.FMA(x, b3, c03)
		x = a[1]
		c10, c11, c12, c13 = math.FMA(x, b0, c10), math.FMA(x, b1, c11), math.FMA(x, b2, c12), math.FMA(x, b3, c13)
		x = a[2]
		c20, c21, c22, c23 = math.FMA(x, b0, c20), math.FMA(x, b1, c21), math.FMA(x, b2, c22), math.FMA(x, b3, c23)
		x = a[3]
		c30, c31, c32, c33 = math.FMA(x, b0, c30), math.FMA(x, b1, c31), math.FMA(x, b2, c32), math.FMA(x, b3, c33)
		a, b = a[tile:], b[tile:]
	}
	*sums = [...]float64{c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33}
}

func tilePlain(sums *[tile * tile]float64, a, b []float64) {
	var c00, c01, c02, c03, c10, c11, c12, c13 float64
	var c20, c21, c22, c23, c30, c31, c32, c33 float64
	for len(a) >= tile && len(b) >= tile {
		b0, b1, b2, b3 := b[0], b[1], b[2], b[3]
		x := a[0]
		c00, c01, c02, c03 = c00+x*b0, c01+x*b1, c02+x*b2, c03+x*b3
		x = a[1]
		c10, c11, c12, c13 = c10+x*b0, c11+x*b1, c12+x*b2, c13+x*b3
		x = a[2]
		c20, c21, c22, c23 = c20+x*b0, c21+x*b1, c22+x*b2, c23+x*b3
		x = a[3]
		c30, c31, c32, c33 = c30+x*b0, c31+x*b1, c32+x*b2, c33+x*b3
		a, b = a[tile:], b[tile:]
	}
	*sums = [...]float64{c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33}
}

// columnBlock is the number of terms of a dot product that are added before
// alpha and beta are applied.
const columnBlock = 16384

// portableRow computes p for M = 1 and contiguous rows of B.
func (p *Product) portableRow() {
	ws := workspaces.Get().(*workspace)
	defer workspaces.Put(ws)
	for j := 0; j < p.N; j += kc {
		sums := ws.a[:min(kc, p.N-j)]
		for pc := 0; pc < p.K; pc += kc {
			beta := p.Beta
			if pc > 0 {
				beta = 1
			}
			clear(sums)
			for l := pc; l < min(pc+kc, p.K); l++ {
				x, b := p.A.Data[l*p.A.Col], p.B.Data[l*p.B.Row+j:][:len(sums)]
				for i := range sums {
					sums[i] = mulAdd(x, b[i], sums[i])
				}
			}
			update(p.C[j:][:len(sums)], p.Alpha, sums, beta)
		}
	}
}

// portableDots computes p with dot products of rows of A and columns of B.
func (p *Product) portableDots() {
	for pc := 0; pc < p.K; pc += columnBlock {
		k, beta := min(columnBlock, p.K-pc), p.Beta
		if pc > 0 {
			beta = 1
		}
		for i := range p.M {
			a := p.A.Data[i*p.A.Row+pc:][:k]
			for j := range p.N {
				sum := [1]float64{lanes(a, p.B.Data[pc*p.B.Row+j*p.B.Col:], p.B.Row)}
				update(p.C[i*p.Stride+j:][:1], p.Alpha, sum[:], beta)
			}
		}
	}
}

// lanes returns the dot product of a and of x with a stride, added as the
// assembly does.
func lanes(a, x []float64, stride int) float64 {
	var s [8]float64
	l := 0
	for ; l+8 <= len(a); l += 8 {
		for i, v := range a[l : l+8] {
			s[i] = mulAdd(v, x[(l+i)*stride], s[i])
		}
	}
	if l < len(a) {
		for i := range s {
			if l+i < len(a) {
				s[i] = mulAdd(a[l+i], x[(l+i)*stride], s[i])
			} else {
				s[i] += 0
			}
		}
	}
	return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]))
}

// portableWeigh copies rows of n elements times their weights.
func portableWeigh(dst []float64, x Matrix, w []float64, n int) {
	stride := roundUp(n, 8)
	for l, f := range w {
		to := dst[l*stride:][:n]
		for j, v := range x.Data[l*x.Row:][:n] {
			to[j] = f * v
		}
	}
}
