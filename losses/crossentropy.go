package losses

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// CrossEntropy is the loss of a softmax classifier on its logits z, fused with
// the log-softmax: for class y
//
//	−w[y]·log softmax(z)[y]
//
// in nats. It is the negative log-likelihood of a categorical model, also known
// as log-loss, multinomial logistic loss, softmax loss and surprisal. With two
// columns it equals [BCEWithLogits] of their difference.
//
// Mean divides by the sum of the weights of the targets that count, with
// classes, and by the number of rows, with probabilities, as
// torch.nn.functional.cross_entropy does.
type CrossEntropy struct {
	Weight         []float64 // per class; nil: all 1
	RowWeight      []float64 // per row, such as frequencies; nil: all 1
	IgnoreIndex    *int      // rows with this class do not count; nil: none
	LabelSmoothing float64   // ε: the target becomes (1−ε)·target + ε/C
	Reduction      Reduction
}

// Classes returns the loss of the logits z, n×C, with a class index in 0…C−1
// for every row. y must not change before the tape is reset. It panics if a
// label is out of range or a length does not fit.
func (l CrossEntropy) Classes(z autograd.Var, y []int) autograd.Var {
	n, c := z.Dims()
	l.check(n, c)
	if len(y) != n {
		panic(misuse("CrossEntropy", "%d rows of logits with %d targets", n, len(y)))
	}
	checkClasses("CrossEntropy", y, c, l.IgnoreIndex)
	op := autograd.Next[classCrossEntropy](z.Tape())
	op.CrossEntropy, op.y = l, y
	return autograd.Record(op, rowsOut(l.Reduction, n), 1, z)
}

func (l CrossEntropy) check(n, c int) {
	switch {
	case l.Weight != nil && len(l.Weight) != c:
		panic(misuse("CrossEntropy", "%d weights for %d classes", len(l.Weight), c))
	case l.RowWeight != nil && len(l.RowWeight) != n:
		panic(misuse("CrossEntropy", "%d row weights for %d rows", len(l.RowWeight), n))
	case !(l.LabelSmoothing >= 0 && l.LabelSmoothing <= 1):
		panic(misuse("CrossEntropy", "label smoothing %g is not in [0, 1]", l.LabelSmoothing))
	case l.Reduction > None:
		panic(misuse("CrossEntropy", "reduction %v", l.Reduction))
	}
}

func misuse(loss, format string, args ...any) *tensor.UsageError {
	return &tensor.UsageError{Op: "losses." + loss, Problem: fmt.Sprintf(format, args...)}
}

func checkClasses(loss string, y []int, c int, ignore *int) {
	for i, k := range y {
		if (k < 0 || k >= c) && (ignore == nil || k != *ignore) {
			panic(misuse(loss, "row %d: class %d of %d", i, k, c))
		}
	}
}

// rowsOut is the number of rows of the result of a loss of n rows.
func rowsOut(r Reduction, n int) int {
	if r == None {
		return n
	}
	return 1
}

// classCrossEntropy keeps ∂loss/∂z of each row in buffer 0, for a cotangent
// of 1.
type classCrossEntropy struct {
	CrossEntropy
	y       []int
	divisor float64
}

// rowWeight returns the weight of row i with class k, 0 if it is ignored.
func (op *classCrossEntropy) rowWeight(i, k int) float64 {
	w := 1.0
	if op.IgnoreIndex != nil && k == *op.IgnoreIndex {
		return 0
	}
	if op.Weight != nil {
		w = op.Weight[k]
	}
	if op.RowWeight != nil {
		w *= op.RowWeight[i]
	}
	return w
}

func (op *classCrossEntropy) Forward(n *autograd.Node) {
	z, out := n.In(0).RawMatrix(), n.Value().RawMatrix().Data
	g := n.Buffer(0, z.Rows, z.Cols).RawMatrix()
	op.divisor = 1
	if op.Reduction == Mean {
		op.divisor = 0
		for i, k := range op.y {
			op.divisor += op.rowWeight(i, k)
		}
	}
	var sum float64
	for i, k := range op.y {
		loss := op.row(tensor.Row(g, i), tensor.Row(z, i), i, k)
		if op.Reduction == None {
			out[i] = loss
		}
		sum += loss
	}
	if op.Reduction != None {
		out[0] = sum / op.divisor
	}
}

// row returns the weighted loss of a row and sets g to its gradient, divided.
func (op *classCrossEntropy) row(g, z []float64, i, k int) float64 {
	w := op.rowWeight(i, k)
	if w == 0 {
		clear(g)
		return 0
	}
	top, rest := tensor.ExpGaps(g, z)
	loss := w * ((z[top] - z[k]) + math.Log1p(rest))
	w /= op.divisor
	s := w / (1 + rest)
	for j, e := range g {
		g[j] = s * e
	}
	if k == top { // p − 1 without cancellation
		g[k] = -s * rest
	} else {
		g[k] -= w
	}
	return loss
}

func (op *classCrossEntropy) Backward(n *autograd.Node) { backwardRows(n, op.Reduction) }

// backwardRows hands on the gradient in buffer 0 times the cotangent.
func backwardRows(n *autograd.Node, r Reduction) {
	cot, g := n.Grad().RawMatrix().Data, n.Kept(0)
	if r != None && cot[0] == 1 {
		n.LendGrad(0, g)
		return
	}
	dst, beta := n.GradIn(0)
	d, raw := dst.RawMatrix(), g.RawMatrix()
	for i := range d.Rows {
		k := cot[0]
		if r == None {
			k = cot[i]
		}
		tensor.Axpy(rowMatrix(d, i), beta, k, rowMatrix(raw, i))
	}
}

func rowMatrix(m tensor.Matrix, i int) tensor.Matrix {
	return tensor.Matrix{Rows: 1, Cols: m.Cols, Stride: m.Cols, Data: tensor.Row(m, i)}
}

func (op *classCrossEntropy) Tangent(n *autograd.Node) {
	tangentRows(n, op.Reduction)
}

// tangentRows sets the tangents of the value: the gradient in buffer 0 dotted
// with the tangents of the logits.
func tangentRows(n *autograd.Node, r Reduction) {
	g, z, out := n.Kept(0).RawMatrix(), n.DotIn(0).RawMatrix(), n.Dot().RawMatrix()
	tensor.Fill(out, 0)
	for i := range g.Rows {
		o := out.Data
		if r == None {
			o = tensor.Row(out, i)
		}
		for k := range n.Directions() {
			for j, v := range tensor.Row(tensor.Columns(z, k*g.Cols, g.Cols), i) {
				o[k] += tensor.Row(g, i)[j] * v
			}
		}
	}
}

// BackwardTangent: the Hessian of a row is w·(diag(p) − ppᵀ).
func (op *classCrossEntropy) BackwardTangent(n *autograd.Node) {
	z, cot := n.In(0).RawMatrix(), n.Grad().RawMatrix().Data
	zDot := n.DotIn(0).RawMatrix()
	dst, beta := n.GradDotIn(0)
	p := n.Buffer(1, 1, z.Cols).RawMatrix().Data
	for i, k := range op.y {
		c := cot[0]
		if op.Reduction == None {
			c = cot[i]
		}
		_, rest := tensor.ExpGaps(p, tensor.Row(z, i))
		c *= op.rowWeight(i, k) / op.divisor / (1 + rest)
		softmaxCurvature(tensor.Row(dst.RawMatrix(), i), beta, c, 1/(1+rest), p, tensor.Row(zDot, i))
	}
	gradTangentRows(n, dst, op.Reduction)
}

// softmaxCurvature adds c·(diag(e) − s·e·eᵀ)·ż for each direction in zDot.
func softmaxCurvature(dst []float64, beta, c, s float64, e, zDot []float64) {
	m := len(e)
	for at := 0; at < len(zDot); at += m {
		v, d := zDot[at:at+m], dst[at:at+m]
		var mean float64
		for j, x := range e {
			mean += x * v[j]
		}
		mean *= s
		for j, x := range e {
			h := c * x * (v[j] - mean)
			if beta != 0 {
				h += d[j]
			}
			d[j] = h
		}
	}
}

// gradTangentRows adds the part of the tangents of the gradient that comes
// from the tangents of the cotangent.
func gradTangentRows(n *autograd.Node, dst *mat.Dense, r Reduction) {
	if n.GradDot() == nil {
		return
	}
	g, d, cot := n.Kept(0).RawMatrix(), dst.RawMatrix(), n.GradDot().RawMatrix()
	for i := range g.Rows {
		c := cot.Data
		if r == None {
			c = tensor.Row(cot, i)
		}
		for k := range n.Directions() {
			tensor.Axpy(rowMatrix(tensor.Columns(d, k*g.Cols, g.Cols), i), 1, c[k], rowMatrix(g, i))
		}
	}
}
