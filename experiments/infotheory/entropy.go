package infotheory

import (
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Bits converts nats to bits: it divides by log 2.
func Bits(nats float64) float64 { return nats / math.Ln2 }

// Surprisal returns log 1/p, the information in nats that an outcome of
// probability p carries: 0 for a certain one, +Inf for an impossible one.
func Surprisal(p float64) float64 {
	mustBeProbability("infotheory.Surprisal", 0, p)
	return positive(-log(p))
}

// Entropy returns the entropy of a distribution, in nats:
//
//	H(p) = Σ p·log 1/p = E[log 1/p(X)]
//
// the mean surprisal of its outcomes. It is 0 for certainty, and at most
// log n, for n equal probabilities.
func Entropy(p []float64) float64 {
	var sum tensor.Sum
	for i, x := range p {
		mustBeProbability("infotheory.Entropy", i, x)
		sum.Add(weighted(x, x))
	}
	return positive(sum.Value())
}

// EntropyBernoulli returns the entropy of a yes-no outcome with P(yes) = p,
// in nats:
//
//	H(p) = −p·log p − (1−p)·log(1−p)
//
// Its maximum is log 2, one bit, at p = 1/2.
func EntropyBernoulli(p float64) float64 {
	return CrossEntropyBernoulli(p, p)
}

// CrossEntropy returns the mean surprisal, in nats, of outcomes of p to someone
// who expects q:
//
//	H(p, q) = Σ p·log 1/q = H(p) + D(p‖q)
//
// In bits it is the mean length of a code made for q, used on messages from p.
func CrossEntropy(p, q []float64) float64 {
	mustAgree("infotheory.CrossEntropy", p, q)
	var sum tensor.Sum
	for i, x := range p {
		if term := weighted(x, q[i]); !math.IsInf(term, 1) {
			sum.Add(term)
		} else {
			return term
		}
	}
	return positive(sum.Value())
}

// CrossEntropyBernoulli returns the cross-entropy of yes-no outcomes, in nats:
//
//	H(p, q) = −p·log q − (1−p)·log(1−q)
//
// It is the loss of [losses.BCE] for target p and prediction q.
func CrossEntropyBernoulli(p, q float64) float64 {
	mustBeProbability("infotheory.CrossEntropyBernoulli", 0, p)
	mustBeProbability("infotheory.CrossEntropyBernoulli", 1, q)
	mustBeAtMostOne("infotheory.CrossEntropyBernoulli", p, q)
	no := 0.0
	if p < 1 {
		no = -(1 - p) * math.Log1p(-q)
	}
	return positive(weighted(p, q) + no)
}

// weighted returns p·log 1/q, with 0·log 1/0 = 0.
func weighted(p, q float64) float64 {
	if p == 0 {
		return 0
	}
	return -p * log(q)
}

// positive turns −0, as of −1·log 1, into 0.
func positive(x float64) float64 { return x + 0 }

// log is math.Log, which on amd64 is wrong below the smallest normal number:
// math.Log(5e-324) is −709.1 there instead of −744.4 (Go 1.26).
func log(x float64) float64 {
	if x > 0 && x < 0x1p-1022 {
		return math.Log(x*0x1p54) - 54*math.Ln2
	}
	return math.Log(x)
}
