package experiments

import (
	"context"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/experiments/coding"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/random"
)

// An experiment is worth nothing if it cannot fail: break what each claim rests
// on, and see its verdict.
func TestClaimsFailWithoutTheirPremise(t *testing.T) {
	type run func(context.Context, Options) (Result, error)
	for name, broken := range map[string]run{
		"entropy of another base": entropyClaim{
			func(p []float64) float64 { return 1.01 * infotheory.Entropy(p) }, draw}.run,
		"entropy of other outcomes": entropyClaim{infotheory.Entropy,
			func(src *random.Source, p []float64) int { return int(src.Float64() * float64(len(p))) }}.run,
		"divergence of the arguments exchanged": divergenceClaim{infotheory.CrossEntropy,
			func(p, q []float64) float64 { return infotheory.KL(q, p) }, coding.HuffmanLengths}.run,
		"divergence by the textbook sum": divergenceClaim{infotheory.CrossEntropy,
			func(p, q []float64) (sum float64) {
				for i := range p {
					sum += p[i] * math.Log(p[i]/q[i])
				}
				return sum
			}, coding.HuffmanLengths}.run,
		"divergence with a code of equal lengths": divergenceClaim{infotheory.CrossEntropy, infotheory.KL,
			func(p []float64) []int { return slices.Repeat([]int{5}, len(p)) }}.run,
		"divergence with Shannon's code": divergenceClaim{infotheory.CrossEntropy, infotheory.KL,
			func(p []float64) []int {
				lengths := make([]int, len(p))
				for i, x := range p {
					lengths[i] = int(math.Ceil(-math.Log2(x)))
				}
				return lengths
			}}.run,
		"underflow in an arithmetic without it": underflowClaim{
			func(product, factor float64) float64 { return max(product*factor, math.SmallestNonzeroFloat64) }}.run,
		"objectives with every group counted once": objectivesClaim{
			func(t *autograd.Tape, m *logistic) autograd.Var {
				return losses.BCEWithLogits{}.Loss(m.net.Forward(t.Const(m.x)), t.Const(m.y))
			}}.run,
		"prior of another shape":                 priorClaim{gaussian: 1, laplace: 1}.run,
		"logistic after few epochs":              logisticClaim{epochs: 20, falling: harmonic{}}.run,
		"logistic by constant steps":             logisticClaim{epochs: 100_000, falling: optim.Constant{}}.run,
		"softmax of the sum":                     softmaxClaim{epochs: 100_000, second: -1}.run,
		"softmax with a penalty":                 softmaxClaim{epochs: 100_000, second: 1, penalty: 1e-3}.run,
		"softmax after few epochs":               softmaxClaim{epochs: 20, second: 1}.run,
		"hidden layers left out":                 hiddenClaim{layers: nil, wide: []int{64}}.run,
		"hidden layers left out for ten classes": hiddenClaim{layers: []int{16}, wide: nil}.run,
		"multilabel by the most probable":        multilabelClaim{func(p []float64, v int) float64 { return p[0] }, ofCombination}.run,
		"multilabel without dependence":          multilabelClaim{independent, ofMarginals}.run,
		"implementations through probability":    implementationsClaim{unfusedBinary, fusedSoftmax, unfusedBinary, unfusedSoftmax}.run,
		"implementations by log of softmax":      implementationsClaim{fusedBinary, unfusedSoftmax, unfusedBinary, unfusedSoftmax}.run,
		"implementations all fused but one":      implementationsClaim{fusedBinary, fusedSoftmax, unfusedBinary, fusedSoftmax}.run,
		"outputs of two classes":                 outputsClaim{2, minimiseWeakly}.run,
		"outputs of a softmax that learned nothing": outputsClaim{3,
			func(context.Context, *nn.MLP, func(*autograd.Tape, autograd.Var) autograd.Var, *mat.Dense) error {
				return nil
			}}.run,
		"consistency of dependent rows": consistencyClaim{2, standardError}.run,
		"consistency with a known intercept": consistencyClaim{1,
			func(information *mat.SymDense) float64 { return 1 / math.Sqrt(information.At(0, 0)) }}.run,
		"separation of what overlaps": separationClaim{species: [2]string{"versicolor", "virginica"}}.run,
		"calibration by the absolute error": calibrationClaim{
			func(p, q float64) float64 { return p*(1-q) + (1-p)*q }, asFitted}.run,
		"calibration by half":                calibrationClaim{infotheory.CrossEntropyBernoulli, always(0.5)}.run,
		"calibration by a large temperature": calibrationClaim{infotheory.CrossEntropyBernoulli, always(0.02)}.run,
		"calibration by an infinite one":     calibrationClaim{infotheory.CrossEntropyBernoulli, always(0.001)}.run,
		"file size by equal probabilities": filesizeClaim{
			func(p []float64) []float64 {
				q := make([]float64, len(p))
				for i := range q {
					q[i] = 1 / float64(len(q))
				}
				return q
			}}.run,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := broken(context.Background(), Options{Quick: true})
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict() != Fails {
				t.Errorf("the verdict is %q", r.Verdict())
			}
			for _, c := range r.Failed() {
				t.Log(c)
			}
		})
	}
}

func always(x float64) func(float64) float64 { return func(float64) float64 { return x } }
