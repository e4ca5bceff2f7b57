package gemm

// kc is the number of terms of a sum that are added before alpha and beta are
// applied; longer sums are added block by block. It decides the bits of a
// result, so it is the same everywhere.
const kc = 256

// Matrix is a view of op(X): element (i, j) is Data[i*Row+j*Col], and one of
// the strides is 1.
type Matrix struct {
	Data     []float64
	Row, Col int
}

// From returns the view from element (i, j) on.
func (m *Matrix) From(i, j int) Matrix {
	return Matrix{m.Data[i*m.Row+j*m.Col:], m.Row, m.Col}
}

// Product is C = Alpha·A·B + Beta·C with A of M×K, B of K×N and the rows of C
// Stride apart. C must not overlap A or B.
type Product struct {
	M, N, K int
	Alpha   float64
	A, B    Matrix
	Beta    float64
	C       []float64
	Stride  int
}

// Part returns the product for rows from i to i+m and columns from j to j+n.
func (p *Product) Part(i, m, j, n int) Product {
	return Product{m, n, p.K, p.Alpha, p.A.From(i, 0), p.B.From(0, j), p.Beta, p.C[i*p.Stride+j:], p.Stride}
}

// fewColumns says whether the columns of C fill the vectors of a panel badly:
// 10 columns take the room of 12 or 16.
func (p *Product) fewColumns() bool {
	const few = 1<<2 | 1<<3 | 1<<5 | 1<<6 | 1<<9 | 1<<10 | 1<<11 | 1<<13 | 1<<14
	return p.N < 16 && few>>p.N&1 != 0
}

// Mul computes p. Every element is a sum over k in ascending order, in blocks
// of 256 terms, except that matrix times column, row times transposed matrix,
// and long sums for few columns are dot products that add eight interleaved
// sums. With A and B not transposed, a row of C does not depend on how many
// other rows there are.
//
// With Beta = 0 C is not read. With Alpha = 0 or K = 0 A and B are not read.
func (v Variant) Mul(p *Product) {
	if p.M == 0 || p.N == 0 {
		return
	}
	if p.K == 0 || p.Alpha == 0 {
		p.scale()
		return
	}
	p.check()
	v.compute(p, p.shape())
}

// compute computes p, or a part of a larger product, as a product of that shape.
func (v Variant) compute(p *Product, s shape) {
	switch s {
	case columnShape:
		v.column(p)
	case narrowShape:
		v.narrow(p)
	case swappedColumnShape: // Cᵀ = BᵀAᵀ
		v.row(&Product{1, p.M, p.K, p.Alpha, Matrix{p.B.Data, p.B.Col, p.B.Row}, Matrix{p.A.Data, p.A.Col, 1}, p.Beta, p.C, p.M})
	case rowShape:
		v.row(p)
	case swappedRowShape:
		v.column(&Product{p.N, 1, p.K, p.Alpha, Matrix{p.B.Data, p.B.Col, 1}, Matrix{p.A.Data, p.A.Col, p.A.Row}, p.Beta, p.C, 1})
	case swappedShape:
		v.swapped(p)
	default:
		v.blocks(p)
	}
}

// shape is a kind of product that has its own kernels.
type shape int

const (
	blockShape         shape = iota
	columnShape              // matrix by column
	swappedColumnShape       // transposed matrix by column
	rowShape                 // row by matrix
	swappedRowShape          // row by transposed matrix
	narrowShape              // matrix by few columns
	swappedShape             // transposed matrix by few columns
)

func (p *Product) shape() shape {
	switch {
	case p.N == 1 && p.A.Col == 1:
		return columnShape
	case p.fewColumns() && p.K >= 128 && p.A.Col == 1 && p.B.Col == 1:
		return narrowShape
	case p.N == 1 && p.Stride == 1:
		return swappedColumnShape
	case p.M == 1 && p.B.Col == 1:
		return rowShape
	case p.M == 1:
		return swappedRowShape
	case p.fewColumns() && p.K >= 32 && p.M >= 64 && p.A.Row == 1 && p.B.Col == 1:
		return swappedShape
	}
	return blockShape
}

// check panics unless the last element of each matrix exists: what follows
// does not check bounds.
func (p *Product) check() {
	_ = p.A.Data[(p.M-1)*p.A.Row+(p.K-1)*p.A.Col]
	_ = p.B.Data[(p.K-1)*p.B.Row+(p.N-1)*p.B.Col]
	_ = p.C[(p.M-1)*p.Stride+p.N-1]
}

// scale computes C = Beta·C.
func (p *Product) scale() {
	for i := range p.M {
		row := p.C[i*p.Stride:][:p.N]
		if p.Beta == 0 {
			clear(row)
			continue
		}
		for j := range row {
			row[j] *= p.Beta
		}
	}
}

// roundUp returns the least multiple of unit that is at least n.
func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }
