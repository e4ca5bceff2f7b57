package losses

import (
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// A kernel computes a loss of single elements, for a block of them at once: of
// the input x, the target t and, for some, a third value v.
type kernel interface {
	// loss sets l to the losses, and what is not nil of d to their derivatives.
	loss(l []float64, d, in block)
	// curvature sets what is not nil of h to the second derivatives.
	curvature(h second, in block)
}

// block has a slice for each input, all of the same length. column repeats the
// list of one number per column that the loss may have.
type block struct{ x, t, v, column []float64 }

// second has a slice for each pair of inputs.
type second struct{ xx, xt, xv, tt, tv, vv []float64 }

// elements is the op of a loss that is a sum over elements.
type elements[K kernel] struct {
	kernel K
	settings
	divisor float64
	parts   parts
}

type settings struct {
	weight    tensor.Matrix // broadcast over rows and columns; no Data: all 1
	rowWeight []float64     // counts in the divisor of Mean, as weight does not
	column    []float64     // for the kernel, one per column or one for all
	perRow    bool          // the loss of a row is the mean of its elements
	reduction Reduction
}

func rawWeight(w *mat.Dense) tensor.Matrix {
	if w == nil {
		return tensor.Matrix{}
	}
	return w.RawMatrix()
}

// Buffers 0, 1 and 2 are for the gradients: see kept.go.
const (
	lossScratch = 3 + iota
	weightScratch
	columnScratch
	curvatures // six of them
)

// record records the loss of two or three inputs of equal shape.
func record[K kernel](name string, k K, s settings, inputs ...autograd.Var) autograd.Var {
	rows, cols := inputs[0].Dims()
	for i, in := range inputs[1:] {
		if r, c := in.Dims(); r != rows || c != cols {
			panic(misuse(name, "%s %d×%d with %s %d×%d", inputNames[0], rows, cols, inputNames[i+1], r, c))
		}
	}
	if w := s.weight; w.Data != nil && (w.Rows != 1 && w.Rows != rows || w.Cols != 1 && w.Cols != cols) {
		panic(misuse(name, "input %d×%d with weight %d×%d", rows, cols, w.Rows, w.Cols))
	}
	checkRowWeight(name, s.rowWeight, rows)
	divisor := 1.0
	switch s.reduction {
	case None, Sum:
		if s.perRow {
			divisor = float64(cols)
		}
	case Mean:
		divisor = float64(cols) * count(rows, s.rowWeight)
	case BatchMean:
		divisor = float64(rows)
	}
	op := autograd.Next[elements[K]](inputs[0].Tape())
	op.kernel, op.settings, op.divisor = k, s, divisor
	if s.perRow || s.reduction != None {
		cols = 1
	}
	return autograd.Record(op, s.reduction.rowsOut(rows), cols, inputs...)
}

var inputNames = [3]string{"input", "target", "variance"}

// operands are the raw matrices of up to three inputs of the same shape.
type operands [3]tensor.Matrix

func operandsOf(n *autograd.Node) (in operands) {
	for m := range n.Inputs() {
		in[m] = n.In(m).RawMatrix()
	}
	return in
}

// blockElements is how many elements the kernel gets at once: enough to pay for
// the call, few enough to stay in the first-level cache. A part has partBlocks
// such blocks, so that scratch for one block is small beside it.
const blockElements, partBlocks = 512, 32

// blockRows is how many rows the kernel gets at once. Rows with gaps between
// them go one by one.
func (in *operands) blockRows() int {
	for _, m := range in {
		if m.Stride != m.Cols {
			return 1
		}
	}
	return max(1, min(blockElements/in[0].Cols, in[0].Rows))
}

// block returns rows i to i+k of the operands.
func (in *operands) block(i, k int) block {
	return block{x: rows(in[0], i, k), t: rows(in[1], i, k), v: rows(in[2], i, k)}
}

func rows(m tensor.Matrix, i, k int) []float64 {
	if m.Data == nil {
		return nil
	}
	return m.Data[i*m.Stride : (i+k-1)*m.Stride+m.Cols]
}

func (op *elements[K]) Forward(n *autograd.Node) {
	in := operandsOf(n)
	cols := in[0].Cols
	for m := range n.Inputs() {
		if n.Needs(m) {
			n.Buffer(m, in[0].Rows, cols)
		}
	}
	op.parts.divide(n, partBlocks*max(1, blockElements/cols))
	step, count := in.blockRows(), len(op.parts.sums)
	n.Buffer(lossScratch, count, step*cols)
	if op.weighted() {
		n.Buffer(weightScratch, count, step*cols)
	}
	op.repeatColumn(n, step, cols)
	if total := op.parts.run(op); op.reduction != None {
		n.Value().RawMatrix().Data[0] = total / op.divisor
	}
}

// Part computes losses and gradients of the rows of part p.
func (op *elements[K]) Part(p int) {
	n := op.parts.node
	in, out := operandsOf(n), n.Value().RawMatrix()
	var grads operands
	for m := range n.Inputs() {
		if n.Needs(m) {
			grads[m] = n.Kept(m).RawMatrix()
		}
	}
	step, cols := in.blockRows(), in[0].Cols
	l := tensor.Row(n.Kept(lossScratch).RawMatrix(), p)
	var w, column []float64
	if op.weighted() {
		w = tensor.Row(n.Kept(weightScratch).RawMatrix(), p)
	}
	if op.column != nil {
		column = n.Kept(columnScratch).RawMatrix().Data
	}
	var sum tensor.Sum
	for i, end := op.parts.of(p); i < end; i += step {
		k := min(step, end-i)
		b, d, l := in.block(i, k), grads.block(i, k), l[:k*cols]
		if op.reduction == None && !op.perRow {
			l = rows(out, i, k)
		}
		b.column = column
		op.kernel.loss(l, d, b)
		if w != nil {
			w := w[:k*cols]
			op.weights(w, i, cols)
			weigh(l, w)
			weigh(d.x, w)
			weigh(d.t, w)
			weigh(d.v, w)
		}
		op.divide(d)
		switch {
		case op.reduction != None:
			sum.AddAll(l)
		case op.perRow:
			for r := range k {
				out.Data[i+r] = sumOf(l[r*cols:(r+1)*cols]) / op.divisor
			}
		}
	}
	op.parts.sums[p] = sum
}

// repeatColumn returns the list of numbers per column, once for each row of a
// block.
func (op *elements[K]) repeatColumn(n *autograd.Node, step, cols int) []float64 {
	if op.column == nil {
		return nil
	}
	all := n.Buffer(columnScratch, 1, step*cols).RawMatrix().Data
	for at := 0; at < len(all); at += len(op.column) {
		copy(all[at:], op.column)
	}
	return all
}

// weighted reports whether a weight is not 1.
func (op *elements[K]) weighted() bool { return op.weight.Data != nil || op.rowWeight != nil }

// weights sets all to the weights of the elements from row i on.
func (op *elements[K]) weights(all []float64, i, cols int) {
	for r := range len(all) / cols {
		c, w := 1.0, all[r*cols:(r+1)*cols]
		if op.rowWeight != nil {
			c = op.rowWeight[i+r]
		}
		switch m := op.weight; {
		case m.Data == nil:
			fill(w, c)
		case m.Cols == 1:
			fill(w, c*m.Data[(i+r)%m.Rows*m.Stride])
		default:
			for j, v := range tensor.Row(m, (i+r)%m.Rows) {
				w[j] = c * v
			}
		}
	}
}

func fill(x []float64, v float64) {
	for j := range x {
		x[j] = v
	}
}

// set sets x[j] unless x is nil.
func set(x []float64, j int, v float64) {
	if x != nil {
		x[j] = v
	}
}

// weigh multiplies x by w. What has weight 0 does not count, even if it is
// infinite or NaN.
func weigh(x, w []float64) {
	for j := range x {
		if x[j] *= w[j]; w[j] == 0 {
			x[j] = 0
		}
	}
}

func (op *elements[K]) divide(d block) {
	if op.divisor == 1 {
		return
	}
	for _, x := range [3][]float64{d.x, d.t, d.v} {
		tensor.Divide(x, x, op.divisor)
	}
}

func (op *elements[K]) Backward(n *autograd.Node) { backward(n) }

func (op *elements[K]) Tangent(n *autograd.Node) { tangent(n) }
