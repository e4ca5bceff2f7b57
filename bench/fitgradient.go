package main

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// optimality is where a fit ended: one formula for all sides, from their
// coefficients.
type optimality struct {
	gradient float64 // the largest magnitude in the gradient of the mean objective
	mean     float64 // the objective per row, in nats
}

// at returns the optimality of coefficients: rows of the intercept and a
// number for each column, one for each class or for each but the first. The
// gradient is that of the logits of all classes, so that which class a program
// takes for reference does not matter.
func (p *problem) at(coef []float64, l2 bool) (optimality, error) {
	n, d := p.x.Dims()
	rows := len(coef) / (1 + d)
	first := p.classes - rows
	if len(coef) != rows*(1+d) || first != 0 && first != 1 {
		return optimality{}, fmt.Errorf("%d coefficients for %d classes of %d columns", len(coef), p.classes, d)
	}
	w := mat.NewDense(1+d, p.classes, nil)
	for k := range rows {
		w.SetCol(first+k, coef[k*(1+d):(k+1)*(1+d)])
	}
	// Blocks of rows: the gradient's sums are then short, and round little.
	const block = 500
	var o optimality
	slope, part := mat.NewDense(1+d, p.classes, nil), mat.NewDense(1+d, p.classes, nil)
	for from := 0; from < n; from += block {
		to := min(from+block, n)
		x := mat.NewDense(to-from, 1+d, nil)
		for i := from; i < to; i++ {
			x.Set(i-from, 0, 1)
			copy(x.RawRowView(i - from)[1:], p.x.RawRowView(i))
		}
		z := mat.NewDense(to-from, p.classes, nil)
		z.Mul(x, w)
		var sum float64
		for i := range to - from {
			row, y := z.RawRowView(i), p.y[from+i]
			own := row[y]
			sum += softmax(row, row) - own
			row[y]--
		}
		part.Mul(x.T(), z)
		slope.Add(slope, part)
		o.mean += sum / float64(n)
	}
	slope.Scale(1/float64(n), slope)
	if l2 {
		for j := 1; j <= d; j++ {
			for k := range p.classes {
				v := w.At(j, k)
				o.mean += v * v / 2 / float64(n)
				slope.Set(j, k, slope.At(j, k)+v/float64(n))
			}
		}
	}
	o.gradient = max(mat.Max(slope), -mat.Min(slope))
	if math.IsNaN(o.mean) || math.IsNaN(o.gradient) {
		return o, fmt.Errorf("the coefficients have no likelihood: %v …", coef[:min(5, len(coef))])
	}
	return o, nil
}

// softmax sets p to the probabilities of the logits z, which may be p, and
// returns the logarithm of the sum of their exponentials.
func softmax(p, z []float64) float64 {
	top, sum := z[0], 0.0
	for _, v := range z {
		top = max(top, v)
	}
	for k, v := range z {
		p[k] = math.Exp(v - top)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return top + math.Log(sum)
}

func sqrt(n int) float64 { return math.Sqrt(float64(n)) }
