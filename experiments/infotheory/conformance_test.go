package infotheory

import (
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/surprisal-ml/surprisal/internal/reference"
	"gonum.org/v1/gonum/stat"
)

type row struct {
	ID, Quantity string
	P, Q         []float64
	Joint        [][]float64
	Nats, Bits   reference.Number
	Tags         []string
}

func (r *row) here() float64 {
	switch r.Quantity {
	case "entropy":
		return Entropy(r.P)
	case "entropy_bernoulli":
		return EntropyBernoulli(r.P[0])
	case "cross_entropy":
		return CrossEntropy(r.P, r.Q)
	case "cross_entropy_bernoulli":
		return CrossEntropyBernoulli(r.P[0], r.Q[0])
	case "kl":
		return KL(r.P, r.Q)
	case "kl_bernoulli":
		return KLBernoulli(r.P[0], r.Q[0])
	case "js":
		return JS(r.P, r.Q)
	case "mutual_information":
		return MutualInformation(r.Joint)
	}
	return math.NaN()
}

// gonum returns what gonum/stat makes of the row; it has no mutual information.
func (r *row) gonum() (value float64, ok bool) {
	p, q := r.P, r.Q
	if len(p) == 1 {
		p = []float64{p[0], 1 - p[0]}
		if len(q) == 1 {
			q = []float64{q[0], 1 - q[0]}
		}
	}
	switch r.Quantity {
	case "entropy", "entropy_bernoulli":
		return stat.Entropy(p), true
	case "cross_entropy", "cross_entropy_bernoulli":
		return stat.CrossEntropy(p, q), true
	case "kl", "kl_bernoulli":
		return stat.KullbackLeibler(p, q), true
	case "js":
		return stat.JensenShannon(p, q), true
	}
	return 0, false
}

// agrees applies the tolerances of the reference tree: relative 1e-14, in rows
// whose terms cancel absolute 1e-16.
func agrees(got, want float64, tags []string) bool {
	if math.IsInf(want, 1) {
		return math.IsInf(got, 1)
	}
	d := math.Abs(got - want)
	return d <= 1e-14*math.Abs(want) || slices.Contains(tags, "cancellation") && d <= 1e-16
}

func TestConformanceInfotheory(t *testing.T) {
	if os.Getenv("REFERENCE_DIR") == "" {
		t.Setenv("REFERENCE_DIR", "testdata") // the copy that lies beside this test
	}
	rows := reference.Lines[row](t, "infotheory/table.jsonl")
	passed, gonumPassed, gonumRows := 0, 0, 0
	worst := 0.0 // of the rows that cancel
	for _, r := range rows {
		nats := r.here()
		ok := agrees(nats, float64(r.Nats), r.Tags) && agrees(Bits(nats), float64(r.Bits), r.Tags)
		if ok {
			passed++
		} else {
			t.Errorf("%s %s: %v nats, want %v; tags %v", r.ID, r.Quantity, nats, float64(r.Nats), r.Tags)
		}
		if slices.Contains(r.Tags, "cancellation") && r.Nats > 0 {
			worst = max(worst, math.Abs(nats-float64(r.Nats))/float64(r.Nats))
		}
		if value, ok := r.gonum(); ok {
			gonumRows++
			if agrees(value, float64(r.Nats), r.Tags) {
				gonumPassed++
			}
		}
	}
	t.Logf("worst relative error where terms cancel: %.1e; gonum/stat passes %d of its %d rows", worst, gonumPassed, gonumRows)
	fmt.Fprintf(t.Output(), "conformance: infotheory %d/%d\n", passed, len(rows))
}
