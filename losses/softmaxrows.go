package losses

import (
	"math"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// crossEntropy is the op of [CrossEntropy]. The loss of a row is
//
//	Σ_c a[c]·(log Σⱼ exp z[j] − z[c]),  a[c] = w[c]·((1−ε)·t[c] + ε/C)
//
// with the gradient A·softmax(z) − a, A = Σ a. With classes t is one-hot, and
// without smoothing a single a[c] is not 0: that case goes its own, faster way
// (classrows.go).
type crossEntropy struct {
	classWeights
	y         []int // nil: the target is input 1
	smoothing float64
	reduction Reduction
	divisor   float64
	parts     parts
}

// Buffers 0 and 1 are for the gradients: see kept.go.
const (
	exponentials = 2 + iota
	coefficients
	rowLosses
	rowWeights
)

func (op *crossEntropy) Forward(n *autograd.Node) {
	z, out := n.In(0).RawMatrix(), n.Value().RawMatrix()
	var dz, dt tensor.Matrix
	if n.Needs(0) {
		dz = n.Buffer(0, z.Rows, z.Cols).RawMatrix()
	}
	if op.y != nil && op.smoothing == 0 {
		op.classRows(n)
		return
	}
	e := n.Buffer(exponentials, 1, z.Cols).RawMatrix().Data
	a := n.Buffer(coefficients, 1, z.Cols).RawMatrix().Data
	if op.y == nil && n.Needs(1) {
		dt = n.Buffer(1, z.Rows, z.Cols).RawMatrix()
	}
	var sum tensor.Sum
	for i := range z.Rows {
		var loss float64
		g, h := rows(dz, i, 1), rows(dt, i, 1)
		if scale, _ := op.scale(i); scale == 0 {
			clear(g)
			clear(h)
		} else {
			op.coefficients(n, a, i)
			loss = op.targetRow(g, h, e, tensor.Row(z, i), a, scale)
		}
		if op.reduction == None {
			out.Data[i] = loss
		}
		sum.Add(loss)
	}
	if op.reduction != None {
		out.Data[0] = sum.Value() / op.divisor
	}
}

// scale returns what the loss of row i is multiplied by, 0 if the row does not
// count, and its class if that alone is the target, otherwise −1.
func (op *crossEntropy) scale(i int) (scale float64, class int) {
	class = -1
	if op.y != nil && op.smoothing == 0 {
		class = op.y[i]
	}
	switch {
	case op.y != nil && op.ignored(i, op.y[i]):
		return 0, class
	case op.divisor == 0: // a mean over nothing
		return math.NaN(), class
	case class >= 0:
		return op.of(i, class), class
	case op.row != nil:
		return op.row[i], class
	}
	return 1, class
}

// coefficients sets a to those of row i, but for the weight of the row.
func (op *crossEntropy) coefficients(n *autograd.Node, a []float64, i int) {
	uniform := op.smoothing / float64(len(a))
	if op.y == nil {
		for c, t := range tensor.Row(n.In(1).RawMatrix(), i) {
			a[c] = (1-op.smoothing)*t + uniform
		}
	} else {
		fill(a, uniform)
		a[op.y[i]] += 1 - op.smoothing
	}
	if op.class != nil {
		for c, w := range op.class {
			a[c] *= w
		}
	}
}

// targetRow returns the loss of a row with the coefficients a, and sets dz and
// dt to its gradients with respect to logits and targets unless they are nil.
func (op *crossEntropy) targetRow(dz, dt, e, z, a []float64, scale float64) float64 {
	top, rest := tensor.ExpGaps(e, z)
	soft := math.Log1p(rest)
	var loss, total, others tensor.Sum
	for c, x := range a {
		total.Add(x)
		if c != top {
			others.Add(x)
		}
		if gap, lost := tensor.Difference(z[top], z[c]); x != 0 {
			loss.Add(x * gap)
			loss.Add(x * lost)
		}
	}
	loss.Add(total.Value() * soft)
	value := scale * loss.Value()
	scale /= op.divisor
	if dz != nil {
		s := scale * total.Value() / (1 + rest)
		for c, x := range e {
			dz[c] = s*x - scale*a[c]
		}
		dz[top] = scale*others.Value() - s*rest // A·(p−1) + A − a, without cancellation
	}
	for c := range dt {
		gap, lost := tensor.Difference(z[top], z[c])
		dt[c] = scale * op.targetWeight(c) * (gap + (lost + soft))
	}
	return value
}

// targetWeight is the derivative of coefficient c with respect to target c.
func (op *crossEntropy) targetWeight(c int) float64 {
	w := 1 - op.smoothing
	if op.class != nil {
		w *= op.class[c]
	}
	return w
}

func (op *crossEntropy) Backward(n *autograd.Node) { backward(n) }

func (op *crossEntropy) Tangent(n *autograd.Node) { tangent(n) }
