package infotheory

import (
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// KL returns the Kullback–Leibler divergence of q from p, also known as relative
// entropy, in nats:
//
//	D(p‖q) = Σ p·log(p/q)
//
// the surprisal that expecting q costs beyond the entropy of p. It is 0 for
// q = p only, positive otherwise, +Inf if q excludes what p allows, and not
// symmetric. Being told that p is true after having believed q is worth D(p‖q).
func KL(p, q []float64) float64 {
	mustAgree("infotheory.KL", p, q)
	var terms, excess tensor.Sum
	for i, x := range p {
		if x > 0 && q[i] == 0 {
			return math.Inf(1)
		}
		terms.Add(divergence(x, q[i], x-q[i]))
		excess.Add(x)
		excess.Add(-q[i])
	}
	return terms.Value() + excess.Value()
}

// KLBernoulli returns the divergence between yes-no outcomes with P(yes) = p and
// P(yes) = q, in nats:
//
//	D(p‖q) = p·log(p/q) + (1−p)·log((1−p)/(1−q))
func KLBernoulli(p, q float64) float64 {
	mustBeProbability("infotheory.KLBernoulli", 0, p)
	mustBeProbability("infotheory.KLBernoulli", 1, q)
	mustBeAtMostOne("infotheory.KLBernoulli", p, q)
	if q == 0 && p > 0 || q == 1 && p < 1 {
		return math.Inf(1)
	}
	return divergence(p, q, p-q) + divergence(1-p, 1-q, q-p)
}

// JS returns the Jensen–Shannon divergence, in nats:
//
//	½·D(p‖m) + ½·D(q‖m),  m = (p+q)/2
//
// It is symmetric, at most log 2, and the information that one outcome gives
// about a fair coin that chose between p and q. Its square root is a metric.
//
// Source: J. Lin, "Divergence measures based on the Shannon entropy" (1991).
func JS(p, q []float64) float64 {
	mustAgree("infotheory.JS", p, q)
	var sum tensor.Sum
	for i, x := range p {
		y := q[i]
		if x == y {
			continue
		}
		// What the two terms have beyond φ is x−m and y−m, which cancel.
		m, d := x/2+y/2, (x-y)/2
		sum.Add(divergence(x, m, d) / 2)
		sum.Add(divergence(y, m, -d) / 2)
	}
	return sum.Value()
}

// MutualInformation returns the information that one of two variables gives
// about the other, in nats, for their joint distribution, a row per value of the
// first:
//
//	I(X;Y) = Σ p(x,y)·log(p(x,y)/(p(x)·p(y))) = H(X) − H(X|Y)
//
// which is 0 for independent variables only.
func MutualInformation(joint [][]float64) float64 {
	const op = "infotheory.MutualInformation"
	if len(joint) == 0 {
		return 0
	}
	rows, columns := make([]tensor.Sum, len(joint)), make([]tensor.Sum, len(joint[0]))
	var total tensor.Sum
	for i, row := range joint {
		mustAgree(op, row, joint[0])
		for j, p := range row {
			rows[i].Add(p)
			columns[j].Add(p)
			total.Add(p)
		}
	}
	var sum tensor.Sum
	for i, row := range joint {
		r := rows[i].Value()
		for j, p := range row {
			c := columns[j].Value()
			sum.Add(divergence(p, r*c, -math.FMA(r, c, -p)))
		}
	}
	// Σ p − Σ r·c, for the total s, is s − s².
	s := total.Value()
	sum.Add(s * (1 - s))
	return sum.Value()
}

// divergence returns q·φ(t) for t = d/q, where d = p−q is given apart since it
// may be known more accurately. It is p·log(p/q) − d and never negative.
func divergence(p, q, d float64) float64 {
	switch {
	case p == 0:
		return q
	case d == 0:
		return 0
	}
	t := d / q
	if math.Abs(t) > 0.25 {
		if r := p / q; r > 0 && !math.IsInf(r, 1) {
			return p*log(r) - d
		}
		return p*(log(p)-log(q)) - d
	}
	// φ(t) = t²/2 − t³/6 + t⁴/12 − … + (−t)^k/(k(k−1)): 26 terms reach 2⁻⁵³.
	var s float64
	for k := 27.0; k >= 2; k-- {
		s = 1/(k*(k-1)) - t*s
	}
	return d * t * s
}

func mustBeProbability(op string, i int, p float64) {
	if !(p >= 0) || math.IsInf(p, 1) {
		panic(&tensor.UsageError{Op: op, Problem: fmt.Sprintf("probability %d is %v; it must be a number and not negative", i, p)})
	}
}

func mustBeAtMostOne(op string, p, q float64) {
	if p > 1 || q > 1 {
		panic(&tensor.UsageError{Op: op, Problem: fmt.Sprintf("probabilities %v and %v; neither may exceed 1", p, q)})
	}
}

func mustAgree(op string, p, q []float64) {
	if len(p) != len(q) {
		panic(&tensor.UsageError{Op: op, Problem: fmt.Sprintf("distributions of %d and %d outcomes", len(p), len(q))})
	}
	for i := range p {
		mustBeProbability(op, i, p[i])
		mustBeProbability(op, i, q[i])
	}
}
