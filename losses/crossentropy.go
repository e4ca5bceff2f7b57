package losses

import (
	"github.com/surprisal-ml/surprisal/autograd"
)

// CrossEntropy is the loss of a softmax classifier on its logits z, fused with
// the log-softmax. For class y, and for class probabilities t, it is
//
//	−w[y]·log softmax(z)[y]
//	−Σ_c w[c]·t[c]·log softmax(z)[c]
//
// in nats. It is the negative log-likelihood of a categorical model, also known
// as log-loss, multinomial logistic loss, softmax loss, categorical
// cross-entropy and surprisal. With two columns and without class weights it
// equals [BCEWithLogits] of their difference. Logits of −Inf mask a class; a
// masked target costs +Inf.
//
// LabelSmoothing ε replaces the target t by (1−ε)·t + ε/C, so that with classes
// the loss is (1−ε)·w[y]·(−log p[y]) + (ε/C)·Σ_c w[c]·(−log p[c]).
//
// Mean divides by the sum of the weights w[y] of the rows that count, with
// classes; with probabilities, by the number of rows; rows counted as often as
// RowWeight says. If no row counts, that is 0/0 = NaN. Compare
// https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
type CrossEntropy struct {
	Weight         []float64 // per class; nil: all 1
	RowWeight      []float64 // per row, such as frequencies; nil: all 1
	IgnoreIndex    *int      // rows with this class do not count; nil: none
	LabelSmoothing float64   // ε in [0, 1]
	Reduction      Reduction
}

// Classes returns the loss of the logits z, n×C, with a class index in 0…C−1
// for every row: n×1 without reduction, otherwise 1×1. y and the weights must
// not change before the tape is reset. It panics if a label is out of range or
// a length does not fit.
func (l CrossEntropy) Classes(z autograd.Var, y []int) autograd.Var {
	n, c := z.Dims()
	weights := l.check(n, c)
	checkClasses("CrossEntropy", y, n, c, l.IgnoreIndex)
	divisor := 1.0
	if l.Reduction == Mean {
		divisor = weights.total(y)
	}
	op := autograd.Next[crossEntropy](z.Tape())
	*op = crossEntropy{weights, y, l.LabelSmoothing, l.Reduction, divisor, op.parts}
	return autograd.Record(op, l.Reduction.rowsOut(n), 1, z)
}

// Probabilities returns the loss of the logits z with the class probabilities t,
// both n×C: n×1 without reduction, otherwise 1×1. The rows of t need not add up
// to 1: the formula is applied as it is. It has derivatives with respect to
// both. The weights must not change before the tape is reset. It panics if a
// shape does not fit, and if IgnoreIndex is set.
func (l CrossEntropy) Probabilities(z, t autograd.Var) autograd.Var {
	n, c := z.Dims()
	weights := l.check(n, c)
	if r, k := t.Dims(); r != n || k != c {
		panic(misuse("CrossEntropy", "logits %d×%d with probabilities %d×%d", n, c, r, k))
	}
	if l.IgnoreIndex != nil {
		panic(misuse("CrossEntropy", "IgnoreIndex %d with probabilities, which are no classes; use RowWeight", *l.IgnoreIndex))
	}
	divisor := 1.0
	if l.Reduction == Mean {
		divisor = count(n, l.RowWeight)
	}
	op := autograd.Next[crossEntropy](z.Tape())
	*op = crossEntropy{weights, nil, l.LabelSmoothing, l.Reduction, divisor, op.parts}
	return autograd.Record(op, l.Reduction.rowsOut(n), 1, z, t)
}

func (l *CrossEntropy) check(n, c int) classWeights {
	const name = "CrossEntropy"
	checkReduction(name, l.Reduction, None)
	if !(l.LabelSmoothing >= 0 && l.LabelSmoothing <= 1) {
		panic(misuse(name, "label smoothing %v is not in [0, 1]", l.LabelSmoothing))
	}
	weights := classWeights{l.Weight, l.RowWeight, l.IgnoreIndex}
	weights.check(name, n, c)
	return weights
}
