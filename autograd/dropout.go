package autograd

import (
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Dropout returns x⊙m on a tape in Train mode, where each element of the mask m
// is 0 with probability p and 1/(1−p) otherwise, so that the expected value is
// x (inverted dropout, as torch.nn.functional.dropout). In Eval mode, or if p
// is 0, it returns x itself. It panics unless 0 ≤ p ≤ 1.
//
// The mask is a function of the tape's Seed, Epoch and Step, of stream, and of
// the element's row in the batch, counted from the tape's FirstRow, and column.
// So the same pass has the same mask however the batch is split over tapes, an
// objective with dropout is pure, and nothing has to be stored to resume. Two
// calls on a tape need different streams to have independent masks.
//
// Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural
// networks from overfitting".
func Dropout(x Var, p float64, stream uint64) Var {
	t := x.node("autograd.Dropout").tape
	if !(p >= 0 && p <= 1) {
		panic(&tensor.UsageError{Op: "autograd.Dropout", Problem: fmt.Sprintf("the probability %g is not in [0, 1]", p)})
	}
	if p == 0 || t.mode == Eval {
		return x
	}
	r, c := x.Dims()
	op := Next[dropout](t)
	op.p, op.stream = p, stream
	return Record(op, r, c, x)
}

type dropout struct {
	p      float64
	stream uint64
	src    random.Source
}

// mask is the scratch of a dropout op.
const mask = 0

// dropoutStreams keeps masks apart from other uses of a run's seed, such as
// shuffles, whose streams are small numbers.
const dropoutStreams = 1 << 63

func (op *dropout) Forward(n *Node) {
	y := n.Value().RawMatrix()
	m, t := n.Buffer(mask, y.Rows, y.Cols).RawMatrix(), n.tape
	value := [2]float64{1 / (1 - op.p), 0}
	limit := uint64(op.p * (1 << 32)) // 32 random bits decide; those below it drop
	for i := range m.Rows {
		op.src.Reset(t.Seed, dropoutStreams|op.stream, t.Epoch, t.Step, uint64(t.FirstRow+i))
		row := tensor.Row(m, i)
		var bits uint64
		for j := range row {
			if bits >>= 32; j%2 == 0 {
				bits = op.src.Uint64()
			}
			row[j] = value[(bits&math.MaxUint32-limit)>>63] // a branch would be mispredicted
		}
	}
	tensor.Mul(y, 0, n.In(0).RawMatrix(), m)
}

func (op *dropout) Backward(n *Node) {
	dx, beta := n.GradIn(0)
	tensor.Mul(dx.RawMatrix(), beta, n.Grad().RawMatrix(), n.Kept(mask).RawMatrix())
}

func (op *dropout) Tangent(n *Node) { op.maskEach(n, n.Dot().RawMatrix(), 0, n.DotIn(0).RawMatrix()) }

func (op *dropout) BackwardTangent(n *Node) {
	if g := n.GradDot(); g != nil {
		dx, beta := n.GradDotIn(0)
		op.maskEach(n, dx.RawMatrix(), beta, g.RawMatrix())
	}
}

// maskEach sets dst = beta·dst + x⊙m for each of the directions side by side.
func (op *dropout) maskEach(n *Node, dst tensor.Matrix, beta float64, x tensor.Matrix) {
	m := n.Kept(mask).RawMatrix()
	for k := range n.Directions() {
		tensor.Mul(tensor.Columns(dst, k*m.Cols, m.Cols), beta, tensor.Columns(x, k*m.Cols, m.Cols), m)
	}
}
