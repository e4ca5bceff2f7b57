package infotheory

import (
	"errors"
	"math"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// distribution draws n probabilities uniformly from the simplex.
func distribution(src *random.Source, n int) []float64 {
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

func TestEntropyIdentities(t *testing.T) {
	src := random.New(1, 0)
	for trial := range 2000 {
		n := 2 + trial%30
		p, q := distribution(src, n), distribution(src, n)
		h, c, d := Entropy(p), CrossEntropy(p, q), KL(p, q)
		if math.Abs(c-(h+d)) > 1e-14*c {
			t.Fatalf("H(p,q) = %v, H(p) + D = %v", c, h+d)
		}
		if h < 0 || h > math.Log(float64(n))+1e-14 {
			t.Fatalf("entropy %v of %d outcomes", h, n)
		}
		var l1 float64
		for i := range p {
			l1 += math.Abs(p[i] - q[i])
		}
		if d < l1*l1/2 {
			t.Fatalf("D = %v is below Pinsker's bound %v", d, l1*l1/2)
		}
		if js := JS(p, q); js < 0 || js > math.Ln2 || js != JS(q, p) {
			t.Fatalf("JS = %v and %v", js, JS(q, p))
		}
		if KL(p, p) != 0 || JS(p, p) != 0 {
			t.Fatal("a distribution diverges from itself")
		}
	}
}

func TestMutualInformationIsWhatIsLearnt(t *testing.T) {
	src := random.New(2, 0)
	for range 200 {
		flat := distribution(src, 12)
		joint := [][]float64{flat[:4], flat[4:8], flat[8:]}
		rows, columns := make([]float64, 3), make([]float64, 4)
		for i, row := range joint {
			for j, p := range row {
				rows[i] += p
				columns[j] += p
			}
		}
		want := Entropy(rows) + Entropy(columns) - Entropy(flat)
		if got := MutualInformation(joint); math.Abs(got-want) > 1e-14 {
			t.Fatalf("I = %v, want %v", got, want)
		}
	}
}

func TestEdges(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"certainty", Entropy([]float64{0, 1, 0}), 0},
		{"one bit", EntropyBernoulli(0.5), math.Ln2},
		{"impossible", Surprisal(0), inf},
		{"certain", Surprisal(1), 0},
		{"excluded", KL([]float64{0.5, 0.5}, []float64{1, 0}), inf},
		{"not needed", KL([]float64{1, 0}, []float64{0.5, 0.5}), math.Ln2},
		{"cross-entropy of the excluded", CrossEntropy([]float64{0.5, 0.5}, []float64{1, 0}), inf},
		{"Bernoulli, excluded", KLBernoulli(0.5, 1), inf},
		{"Bernoulli, certain of the right", CrossEntropyBernoulli(1, 1), 0},
		{"Bernoulli, certain of the wrong", CrossEntropyBernoulli(0, 1), inf},
		{"disjoint", JS([]float64{1, 0}, []float64{0, 1}), math.Ln2},
		{"empty", Entropy(nil), 0},
		{"far apart", KLBernoulli(1, 1e-310), 310 * math.Ln10},
	} {
		if c.got != c.want && !(math.Abs(c.got-c.want) <= 1e-13*c.want) || math.Signbit(c.got) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestMisusePanics(t *testing.T) {
	for name, call := range map[string]func(){
		"lengths":   func() { KL([]float64{1}, []float64{0.5, 0.5}) },
		"negative":  func() { Entropy([]float64{-0.5, 1.5}) },
		"NaN":       func() { CrossEntropy([]float64{math.NaN()}, []float64{1}) },
		"above 1":   func() { EntropyBernoulli(1.5) },
		"ragged":    func() { MutualInformation([][]float64{{0.5, 0}, {0.5}}) },
		"surprisal": func() { Surprisal(-1) },
	} {
		func() {
			defer func() {
				err, _ := recover().(error)
				if _, ok := errors.AsType[*tensor.UsageError](err); !ok {
					t.Errorf("%s: %v", name, err)
				}
			}()
			call()
		}()
	}
}
