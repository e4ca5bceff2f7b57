package losses

import (
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// BackwardTangent adds the second derivatives of each row times the tangents of
// logits and targets. With p = softmax(z) and u[c] = ∂a[c]/∂t[c] they are
//
//	∂²/∂z∂z = A·(diag(p) − ppᵀ)   ∂²/∂z[j]∂t[c] = u[c]·(p[j] − [j=c])   ∂²/∂t∂t = 0
func (op *crossEntropy) BackwardTangent(n *autograd.Node) {
	z, cot := n.In(0).RawMatrix(), n.Grad().RawMatrix()
	p := n.Buffer(exponentials, 1, z.Cols).RawMatrix().Data
	a := n.Buffer(coefficients, 1, z.Cols).RawMatrix().Data
	var dot, grad [2]tensor.Matrix // of logits and targets
	for m := range n.Inputs() {
		if d := n.DotIn(m); d != nil {
			dot[m] = d.RawMatrix()
		}
		if n.Needs(m) {
			grad[m] = startGradDot(n, m)
		}
	}
	for i := range z.Rows {
		scale, k := op.scale(i)
		if scale == 0 {
			continue
		}
		total := 1.0
		if k < 0 {
			op.coefficients(n, a, i)
			total = sumOf(a)
		}
		if scale /= op.divisor; op.reduction == None {
			scale *= cot.Data[i*cot.Stride]
		} else {
			scale *= cot.Data[0]
		}
		_, rest := tensor.ExpGaps(p, tensor.Row(z, i))
		for j := range p {
			p[j] /= 1 + rest
		}
		for d := range n.Directions() {
			op.rowCurvature(direction(grad[0], i, d, z.Cols), direction(grad[1], i, d, z.Cols),
				direction(dot[0], i, d, z.Cols), direction(dot[1], i, d, z.Cols), p, scale, total)
		}
	}
}

// rowCurvature adds scale times the second derivatives times the tangents zDot
// and tDot to dz and dt. What is nil is zero or not wanted.
func (op *crossEntropy) rowCurvature(dz, dt, zDot, tDot, p []float64, scale, total float64) {
	var mean, drift float64 // p·ż and u·ṫ
	for j, v := range zDot {
		mean += p[j] * v
	}
	for c, v := range tDot {
		drift += op.targetWeight(c) * v
	}
	for j := range dz {
		h := p[j] * drift
		if zDot != nil {
			h += total * p[j] * (zDot[j] - mean)
		}
		if tDot != nil {
			h -= op.targetWeight(j) * tDot[j]
		}
		dz[j] += scale * h
	}
	if zDot != nil {
		for c := range dt {
			dt[c] += scale * op.targetWeight(c) * (mean - zDot[c])
		}
	}
}

// startGradDot returns where the tangents of the gradient of input m are to be
// added: it holds the part of the cotangent's tangents.
func startGradDot(n *autograd.Node, m int) tensor.Matrix {
	dst, beta := n.GradDotIn(m)
	if n.GradDot() != nil {
		cotangentTangent(n, m, dst, beta)
	} else if beta == 0 {
		tensor.Fill(dst.RawMatrix(), 0)
	}
	return dst.RawMatrix()
}

// direction returns row i of direction d of tangents of cols columns, nil if
// there are none.
func direction(m tensor.Matrix, i, d, cols int) []float64 {
	if m.Data == nil {
		return nil
	}
	return tensor.Row(tensor.Columns(m, d*cols, cols), i)
}
