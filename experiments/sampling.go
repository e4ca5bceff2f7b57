package experiments

import (
	"math"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// simplex draws a distribution over n outcomes, uniformly among all.
func simplex(src *random.Source, n int) []float64 {
	p := make([]float64, n)
	var sum float64
	for i := range p {
		p[i] = -math.Log1p(-src.Float64())
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// draw returns an outcome of a distribution.
func draw(src *random.Source, p []float64) int {
	u := src.Float64()
	for i, x := range p {
		if u -= x; u < 0 {
			return i
		}
	}
	return len(p) - 1
}

// moments returns the mean of numbers and the standard error of that mean.
func moments(x []float64) (mean, se float64) {
	var sum, squares tensor.Sum
	sum.AddAll(x)
	n := float64(len(x))
	mean = sum.Value() / n
	for _, v := range x {
		squares.Add((v - mean) * (v - mean))
	}
	return mean, math.Sqrt(squares.Value() / (n - 1) / n)
}

// rarity returns in how many trials a normal variable is once further from its
// mean than so many standard deviations.
func rarity(deviations float64) float64 { return 1 / math.Erfc(deviations/math.Sqrt2) }
