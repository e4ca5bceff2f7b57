package vmath

import "math"

// Rows are rows of a matrix: Data[i*Stride:] starts row i.
type Rows struct {
	Data   []float64
	Stride int
}

func (r Rows) row(i, cols int) []float64 { return r.Data[i*r.Stride : i*r.Stride+cols] }

// SoftmaxNLL is the negative log-likelihood of classes under the softmax of the
// first rows of z, with a logit for each of cols classes:
//
//	loss[i]     = weight[i]·(log Σⱼ exp z[i,j] − z[i,class[i]])
//	gradient[i] = weight[i]/divisor·(softmax z[i] − onehot class[i])
//
// The gradient is that of loss[i]/divisor. It is not computed if it has no Data;
// it may be z. A nil weight is all 1; a row of weight 0 does not count, whatever
// its logits are. scratch has cols elements or more.
func SoftmaxNLL(loss []float64, gradient, z Rows, cols int, class []int, weight []float64, divisor float64, scratch []float64) {
	softmaxNLL(best, loss, gradient, z, cols, class, weight, divisor, scratch)
}

func softmaxNLL(v variant, loss []float64, gradient, z Rows, cols int, class []int, weight []float64, divisor float64, scratch []float64) {
	n := nll{v, loss, gradient, z, cols, class, weight, divisor}
	i := 0
	if v != portable && cols <= shortRow {
		var e [8 * shortRow]float64
		for ; i+8 <= len(class); i += 8 {
			n.eight(i, &e)
		}
		if i < len(class) {
			n.rest(i, &e)
		}
		return
	}
	for e := scratch[:cols]; i < len(class); i++ {
		n.one(i, e)
	}
}

// nll has the arguments of SoftmaxNLL.
type nll struct {
	v           variant
	loss        []float64
	gradient, z Rows
	cols        int
	class       []int
	weight      []float64
	divisor     float64
}

func (n *nll) weightOf(i int) float64 {
	if n.weight == nil {
		return 1
	}
	return n.weight[i]
}

// one works on row i, with the exponentials in e.
func (n *nll) one(i int, e []float64) {
	z, w, k := n.z.row(i, n.cols), n.weightOf(i), n.class[i]
	top, rest := expGaps(n.v, e, z)
	n.loss[i] = nllLoss(w, z[top], z[k], log1p(rest))
	if n.gradient.Data != nil {
		g := n.gradient.row(i, n.cols)
		scale := w / n.divisor
		s := scale / (1 + rest)
		scaleBy(n.v, g, e, s)
		n.finish(g, w, scale, s, rest, k, k == top)
	}
}

// nllLoss returns w·((top − z) + log1p), with what the difference loses.
func nllLoss(w, top, z, log1p float64) float64 {
	if w == 0 {
		return 0
	}
	gap := top - z
	c := gap - top
	lost := (top - (gap - c)) - (z + c)
	if math.IsInf(gap, 0) {
		lost = 0
	}
	return w * (gap + (lost + log1p))
}

// finish makes the gradient g = s·e of a row complete: p − 1 at its class k,
// which is −s·rest without cancellation where the class has the largest logit.
func (n *nll) finish(g []float64, w, scale, s, rest float64, k int, isTop bool) {
	switch {
	case w == 0:
		clear(g)
	case isTop:
		g[k] = -s * rest
	default:
		g[k] -= scale
	}
}

// eight works on rows i to i+8 at once: e has their exponentials, in columns.
func (n *nll) eight(i int, e *[8 * shortRow]float64) {
	var state [4][8]float64
	vectorGaps(n.v, &state, &e[0], &n.z.Data[i*n.z.Stride], n.z.Stride, n.cols)
	m, top, rest, by := &state[0], &state[1], &state[2], &state[3]
	for r := range rest {
		rest[r] += by[r] // what the sum lost
		rest[r] += m[r] - m[r]
	}
	var logs [8]float64
	vectorValue(n.v, fnLog1p, &logs[0], &rest[0], 8)
	for r := range by {
		w := n.weightOf(i + r)
		n.loss[i+r] = nllLoss(w, m[r], n.z.Data[(i+r)*n.z.Stride+n.class[i+r]], logs[r])
		by[r] = w / n.divisor / (1 + rest[r])
	}
	if n.gradient.Data == nil {
		return
	}
	vectorScaleColumns(n.v, &n.gradient.Data[i*n.gradient.Stride], n.gradient.Stride, &e[0], n.cols, by)
	for r := range by {
		w, k := n.weightOf(i+r), n.class[i+r]
		n.finish(n.gradient.row(i+r, n.cols), w, w/n.divisor, by[r], rest[r], k, float64(k) == top[r])
	}
}

// rest works on the rows from i on, less than 8: on a copy, as the first of 8.
func (n *nll) rest(i int, e *[8 * shortRow]float64) {
	var z [8 * shortRow]float64
	var loss, weight [8]float64
	var class [8]int
	rows := copy(class[:], n.class[i:])
	for r := range rows {
		weight[r] = n.weightOf(i + r)
		copy(z[r*n.cols:], n.z.row(i+r, n.cols))
	}
	all := Rows{z[:], n.cols}
	some := nll{n.v, loss[:], Rows{}, all, n.cols, class[:], weight[:], n.divisor}
	if n.gradient.Data != nil {
		some.gradient = all
	}
	some.eight(0, e)
	copy(n.loss[i:i+rows], loss[:])
	if n.gradient.Data != nil {
		for r := range rows {
			copy(n.gradient.row(i+r, n.cols), z[r*n.cols:])
		}
	}
}
