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
// its logits and its class are. scratch has ScratchLen(cols) elements.
func SoftmaxNLL(loss []float64, gradient, z Rows, cols int, class []int, weight []float64, divisor float64, scratch []float64) {
	softmaxNLL(best, loss, gradient, z, cols, class, weight, divisor, scratch)
}

// ScratchLen is the length of the scratch of SoftmaxNLL.
func ScratchLen(cols int) int {
	if cols > shortRow {
		return cols
	}
	return 8 * cols * (groupsOf(cols) + 1)
}

// groupsOf is how many groups of 8 short rows are worked on at a time: enough to
// pay for calls, few enough for the first-level cache.
func groupsOf(cols int) int { return max(1, min(maxGroups, shortRow/cols)) }

const maxGroups = 4

func softmaxNLL(v variant, loss []float64, gradient, z Rows, cols int, class []int, weight []float64, divisor float64, scratch []float64) {
	if cols == 0 {
		return
	}
	n := nll{v, loss, gradient, z, cols, class, weight, divisor, 1 / divisor}
	if v == portable || cols > shortRow {
		for i := range class {
			n.one(i, scratch[:cols])
		}
		return
	}
	i, most := 0, groupsOf(cols)
	for ; i+8 <= len(class); i += 8 * min(most, (len(class)-i)/8) {
		n.groups(i, min(most, (len(class)-i)/8), scratch)
	}
	if i < len(class) {
		n.rest(i, scratch)
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
	unit        float64 // 1/divisor
}

// weightOf returns the weight of row i, and the weight by the divisor.
func (n *nll) weightOf(i int) (w, scale float64) {
	if n.weight == nil {
		return 1, n.unit
	}
	w = n.weight[i]
	return w, w / n.divisor
}

// one works on row i, with the exponentials in e.
func (n *nll) one(i int, e []float64) {
	z, k := n.z.row(i, n.cols), n.class[i]
	w, scale := n.weightOf(i)
	if w == 0 {
		n.skip(i)
		return
	}
	top, rest := expGaps(n.v, e, z)
	n.loss[i] = w * nllLoss(z[top], z[k], log1p(rest))
	if n.gradient.Data != nil {
		g := n.gradient.row(i, n.cols)
		s := scale / (1 + rest)
		scaleBy(n.v, g, e, s)
		finish(g, scale, s, rest, k, k == top)
	}
}

// skip makes loss and gradient of row i 0.
func (n *nll) skip(i int) {
	n.loss[i] = 0
	if n.gradient.Data != nil {
		clear(n.gradient.row(i, n.cols))
	}
}

// nllLoss returns (top − z) + log1p, with what the difference loses.
func nllLoss(top, z, log1p float64) float64 {
	gap := top - z
	c := gap - top
	lost := (top - (gap - c)) - (z + c)
	if math.IsInf(gap, 0) {
		lost = 0
	}
	return gap + (lost + log1p)
}

// finish makes the gradient g = s·e of a row complete: p − 1 at its class k,
// which is −s·rest without cancellation where the class has the largest logit.
func finish(g []float64, scale, s, rest float64, k int, isTop bool) {
	if isTop {
		g[k] = -s * rest
	} else {
		g[k] -= scale
	}
}

// groups works on some groups of 8 rows, from row i on; e gets the exponentials,
// column by column of each group.
func (n *nll) groups(i, count int, e []float64) {
	var state [maxGroups][4][8]float64
	var logs [8 * maxGroups]float64
	for k := range count {
		s := &state[k]
		vectorGaps(n.v, s, &e[8*k*n.cols], &n.z.Data[(i+8*k)*n.z.Stride], n.z.Stride, n.cols)
		m, sum, lost := &s[0], &s[2], &s[3]
		for r := range sum {
			sum[r] += lost[r] + (m[r] - m[r]) // NaN, if the maximum is not finite
			logs[8*k+r] = sum[r]
		}
	}
	vectorValue(n.v, fnLog1p, &logs[0], &logs[0], 8*count)
	for k := range count {
		n.finishGroup(i+8*k, &state[k], logs[8*k:8*k+8], e[8*k*n.cols:])
	}
}

// finishGroup makes losses and gradients of rows i to i+8.
func (n *nll) finishGroup(i int, state *[4][8]float64, logs, e []float64) {
	m, top, rest, by := &state[0], &state[1], &state[2], &state[3]
	for r, log := range logs {
		w, scale := n.weightOf(i + r)
		by[r] = scale / (1 + rest[r])
		if w != 0 {
			n.loss[i+r] = w * nllLoss(m[r], n.z.Data[(i+r)*n.z.Stride+n.class[i+r]], log)
		}
	}
	if n.gradient.Data != nil {
		n.finishGradient(i, top, rest, by, e)
	}
	if n.weight == nil {
		return
	}
	for r, w := range n.weight[i : i+8] {
		if w == 0 {
			n.skip(i + r)
		}
	}
}

func (n *nll) finishGradient(i int, top, rest, by *[8]float64, e []float64) {
	vectorScaleColumns(n.v, &n.gradient.Data[i*n.gradient.Stride], n.gradient.Stride, &e[0], n.cols, by)
	for r := range by {
		if w, scale := n.weightOf(i + r); w != 0 {
			k := n.class[i+r]
			finish(n.gradient.row(i+r, n.cols), scale, by[r], rest[r], k, float64(k) == top[r])
		}
	}
}

// rest works on the rows from i on, less than 8: on a copy, as the first of 8.
func (n *nll) rest(i int, scratch []float64) {
	var loss, weight [8]float64
	var class [8]int
	z := Rows{scratch[8*n.cols : 16*n.cols], n.cols}
	clear(z.Data)
	rows := copy(class[:], n.class[i:])
	for r := range rows {
		weight[r], _ = n.weightOf(i + r)
		copy(z.row(r, n.cols), n.z.row(i+r, n.cols))
	}
	some := nll{n.v, loss[:], Rows{}, z, n.cols, class[:], weight[:], n.divisor, n.unit}
	if n.gradient.Data != nil {
		some.gradient = z
	}
	some.groups(0, 1, scratch)
	copy(n.loss[i:i+rows], loss[:])
	if n.gradient.Data != nil {
		for r := range rows {
			copy(n.gradient.row(i+r, n.cols), z.row(r, n.cols))
		}
	}
}
