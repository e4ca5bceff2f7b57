package gemm

import "unsafe"

//go:generate go -C ../gen-gemm run . -out ../gemm/kernels_amd64.s -declarations ../gemm/declarations_amd64.go

// panel is what the kernels of the product get: blocks of rows of A, one after
// the other, times one panel of columns of B. Strides are in bytes.
type panel struct {
	blocks    int            // number of blocks of rows; a kernel counts it down to 0
	k         int            // length of the sums
	a         unsafe.Pointer // first row and term
	aRow      int            // from one row of A to the next
	aCol      int            // from one term to the next
	aNext     int            // from one block of rows to the next
	b         unsafe.Pointer
	bRow      int
	c         unsafe.Pointer
	cRow      int
	alpha     float64
	beta      float64
	keep      int // 0: C is overwritten, else beta·C is added
	lastLanes int // columns in the last vector of the panel
}

// dots is what the kernels of one column get: y = alpha·A·x + beta·y.
type dots struct {
	blocks int // number of blocks of rows
	k      int
	a      unsafe.Pointer
	aRow   int
	x      unsafe.Pointer
	y      unsafe.Pointer
	alpha  float64
	beta   float64
	keep   int
}

// grid is what the kernels of a few columns get: rows of y = X·Aᵀ.
type grid struct {
	blocks int // number of blocks of four rows of A
	k      int
	a      unsafe.Pointer
	aRow   int
	x      unsafe.Pointer
	xRow   int
	y      unsafe.Pointer
	yRow   int
}

// copying is what the kernels that pack get. A row has vectors vectors of
// values, lastLanes of them in the last.
type copying struct {
	rows      int // or, to be transposed, groups of rows
	vectors   int
	lastLanes int
	from      unsafe.Pointer
	fromRow   int
	to        unsafe.Pointer
	toRow     int
	toGroup   int
	weights   unsafe.Pointer
}

// updating is what the kernels get that update columns of C from rows of Cᵀ,
// which have vectors vectors of values, lastLanes of them in the last.
type updating struct {
	vectors   int
	lastLanes int
	from      unsafe.Pointer
	fromRow   int
	to        unsafe.Pointer
	toRow     int
	alpha     float64
	beta      float64
	keep      int
	cols      int
}

// The generator knows these structures by offsets.
var (
	_ = [1]int{}[unsafe.Offsetof(panel{}.lastLanes)-8*13]
	_ = [1]int{}[unsafe.Offsetof(dots{}.keep)-8*8]
	_ = [1]int{}[unsafe.Offsetof(copying{}.weights)-8*8]
	_ = [1]int{}[unsafe.Offsetof(grid{}.yRow)-8*7]
	_ = [1]int{}[unsafe.Offsetof(updating{}.cols)-8*9]
)

// vector is the number of values in a register.
func (v Variant) vector() int {
	if v == AVX512 {
		return 8
	}
	return 4
}

// runPanel updates blocks of rows rows by cols columns.
func (v Variant) runPanel(rows, cols int, q *panel) {
	if v == AVX512 {
		runPanelAVX512(rows, cols, q)
	} else {
		runPanelAVX2(rows, cols, q)
	}
}

func (v Variant) runRow(vectors int, q *panel) {
	if v == AVX512 {
		runRowAVX512(vectors, q)
	} else {
		runRowAVX2(vectors, q)
	}
}

// quantum is the number of elements that one call of a kernel copies at most, or
// reads for a column unless eight rows have more: a call cannot be preempted.
const quantum = 1 << 15

// runCopy copies rows, times weights if there are any.
func (v Variant) runCopy(q *copying) {
	piece, left := *q, q.rows
	piece.rows = max(1, quantum/(q.vectors*v.vector()))
	for ; left > piece.rows; left -= piece.rows {
		v.copyRows(&piece)
		piece.from = unsafe.Add(piece.from, piece.rows*q.fromRow)
		piece.to = unsafe.Add(piece.to, piece.rows*q.toRow)
		if q.weights != nil {
			piece.weights = unsafe.Add(piece.weights, 8*piece.rows)
		}
	}
	piece.rows = left
	v.copyRows(&piece)
}

func (v Variant) copyRows(q *copying) {
	switch {
	case v == AVX512 && q.weights == nil:
		copyRowsAVX512(q)
	case v == AVX512:
		weighRowsAVX512(q)
	case q.weights == nil:
		copyRowsAVX2(q)
	default:
		weighRowsAVX2(q)
	}
}

// runTranspose copies groups of as many rows as a register has values into
// columns.
func (v Variant) runTranspose(q *copying) {
	piece, left, vector := *q, q.rows, v.vector()
	piece.rows = max(1, quantum/(q.vectors*vector*vector))
	for ; left > piece.rows; left -= piece.rows {
		v.transpose(&piece)
		piece.from = unsafe.Add(piece.from, piece.rows*vector*q.fromRow)
		piece.to = unsafe.Add(piece.to, piece.rows*q.toGroup)
	}
	piece.rows = left
	v.transpose(&piece)
}

func (v Variant) transpose(q *copying) {
	if v == AVX512 {
		transposeAVX512(q)
	} else {
		transposeAVX2(q)
	}
}

func (v Variant) runUpdate(q *updating) {
	if v == AVX512 {
		updateAVX512(q)
	} else {
		updateAVX2(q)
	}
}
