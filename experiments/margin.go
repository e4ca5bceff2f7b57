package experiments

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// margin returns min sᵢ·w·xᵢ/‖w‖, the distance of the nearest row from the
// hyperplane w·x = 0; negative if one is on the wrong side. Rows of points are
// sᵢxᵢ, with the sign of the class.
func margin(points *mat.Dense, w []float64) float64 {
	least := math.Inf(1)
	n, _ := points.Dims()
	for i := range n {
		least = min(least, floats.Dot(points.RawRowView(i), w))
	}
	return least / floats.Norm(w, 2)
}

// widestMargin returns the unit vector with the largest margin, that margin, and
// an upper bound that proves it: the vector is the nearest point to 0 of the
// convex hull of the rows, by coordinate descent on the dual of
// min ½‖w‖² subject to sᵢ·w·xᵢ ≥ 1.
//
// Source: Hsieh et al. 2008, "A dual coordinate descent method for large-scale
// linear SVM".
func widestMargin(points *mat.Dense) (w []float64, found, atMost float64) {
	n, d := points.Dims()
	w = make([]float64, d)
	alpha := make([]float64, n)
	for range 100_000 {
		for i := range n {
			x := points.RawRowView(i)
			a := max(0, alpha[i]+(1-floats.Dot(w, x))/floats.Dot(x, x))
			floats.AddScaled(w, a-alpha[i], x)
			alpha[i] = a
		}
		// ½‖w‖² ≥ Σα − ½‖Σ α s x‖² for every w that separates with margin 1,
		// and the largest margin is 1/‖w‖.
		dual := floats.Sum(alpha) - floats.Dot(w, w)/2
		found, atMost = margin(points, w), 1/math.Sqrt(2*dual)
		if atMost-found < 1e-10*atMost {
			break
		}
	}
	floats.Scale(1/floats.Norm(w, 2), w)
	return w, found, atMost
}
