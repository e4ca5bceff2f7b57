package trainer

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/reference"
	"github.com/surprisal-ml/surprisal/metrics"
)

// fitCase is what the demonstration needs of a certified fit of the reference
// tree.
type fitCase struct {
	Data struct {
		CSV string
		X   []string
		Y   string
	}
	Terms     []string
	Certified struct {
		Coef      [][]float64
		Symmetric struct{ Coef [][]float64 }
		Loglik    float64
	}
	Quality struct {
		Accuracy         float64
		LogLoss          float64 `json:"log_loss"`
		AUC              float64
		AveragePrecision float64 `json:"average_precision"`
		Brier            float64
	} `json:"quality_on_training_data"`
}

// A network without hidden layers, trained by gradient descent on the
// cross-entropy, ends at the maximum-likelihood estimate: that is the claim the
// project is named for.
func TestConformanceMaximumLikelihoodByGradientDescent(t *testing.T) {
	cases := reference.Files[fitCase](t, "fits")
	passed, ids := 0, []string{"iris2", "cancer10", "wine-3", "penguins-2"}
	for _, id := range ids {
		f, ok := cases[id]
		if !ok {
			t.Errorf("no reference fit %s", id)
			continue
		}
		d, err := datasets.Load(filepath.Join(reference.Dir(t), f.Data.CSV), datasets.Options{Target: []string{f.Data.Y}, Features: f.Data.X})
		if err != nil {
			t.Fatal(err)
		}
		c, result := fitLinear(t, d)
		got, err := c.linearTerms()
		if err != nil {
			t.Fatal(err)
		}
		want := f.Certified.Coef
		if c.Kind == Multiclass {
			want = f.Certified.Symmetric.Coef
		}
		digits := worstDigits(got, want)
		quality, err := c.Evaluate(d, true)
		if err != nil {
			t.Fatal(err)
		}
		checkQuality(t, id, c.Kind, quality, f)
		t.Logf("%-10s %-11s %5d steps, %v: coefficients %.1f digits, log-likelihood %.1f digits", id, c.Kind, len(result.History),
			result.Reason, digits, digitsOf(float64(quality.LogLik), f.Certified.Loglik))
		if digits >= 6 && slices.Equal(f.Terms[1:], d.Schema.Terms()) {
			passed++
		} else {
			t.Errorf("%s: %.1f digits", id, digits)
		}
	}
	fmt.Printf("conformance: fits/gradient-descent %d/%d\n", passed, len(ids))
}

// fitLinear trains a model without hidden layers to convergence.
func fitLinear(t *testing.T, d *datasets.Dataset) (*Classifier, Result) {
	t.Helper()
	c, err := NewClassifier(d.Schema, datasets.MeasureScaling(d.X, d.Weights), nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := Accelerated(c, d, Loss{}, 1e-13, 100000)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := New(c, d, nil, cfg)
	if err != nil {
		t.Fatal(err)
	}
	result, err := tr.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c, result
}

func worstDigits(got *mat.Dense, want [][]float64) float64 {
	worst := 16.0
	for i, row := range want {
		for j, w := range row {
			worst = min(worst, digitsOf(got.At(i, j), w))
		}
	}
	return worst
}

func digitsOf(got, want float64) float64 {
	return min(16, -math.Log10(math.Abs(got-want)/math.Abs(want)))
}

// checkQuality compares the metrics of the fitted model with those that
// scikit-learn has for the certified estimate.
func checkQuality(t *testing.T, id string, kind Kind, got metrics.Report, f fitCase) {
	t.Helper()
	q := f.Quality
	pairs := map[string][2]float64{
		"accuracy": {float64(got.Accuracy), q.Accuracy},
		"log-loss": {float64(got.LogLoss), q.LogLoss},
	}
	if kind == Binary {
		pairs["ROC AUC"] = [2]float64{float64(got.ROCAUC), q.AUC}
		pairs["average precision"] = [2]float64{float64(got.AveragePrecision), q.AveragePrecision}
		pairs["Brier score"] = [2]float64{float64(got.Brier), q.Brier}
	}
	for name, p := range pairs {
		if math.Abs(p[0]-p[1]) > 1e-8*math.Abs(p[1]) {
			t.Errorf("%s: %s is %.12g, want %.12g", id, name, p[0], p[1])
		}
	}
}
