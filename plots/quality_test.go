package plots

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/metrics"
)

func TestBinomialQuantile(t *testing.T) {
	for _, n := range []float64{1, 2, 7, 60} {
		for _, p := range []float64{0, 1e-9, 0.1, 0.5, 0.93, 1} {
			for _, q := range []float64{0.025, 0.4, 0.975} {
				below, want := 0.0, 0.0
				for k := 0.0; k <= n; k++ { // the definition
					choose := math.Exp(lgamma(n+1) - lgamma(k+1) - lgamma(n-k+1))
					below += choose * math.Pow(p, k) * math.Pow(1-p, n-k)
					if want = k; below >= q-1e-12 {
						break
					}
				}
				if got := binomialQuantile(n, p, q); got != want {
					t.Errorf("n = %v, p = %v, q = %v: %v, want %v", n, p, q, got, want)
				}
			}
		}
	}
	// The normal distribution takes over without a step.
	if a, b := binomialQuantile(1e6, 0.3, 0.975)/1e6, binomialQuantile(1e6+1, 0.3, 0.975)/1e6; math.Abs(a-b) > 2e-6 {
		t.Errorf("%v and %v", a, b)
	}
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// calibrated returns the bins of rows with the probabilities that their logits say.
func calibrated(t *testing.T, seed uint64, rows int) []metrics.Bin {
	t.Helper()
	var b metrics.Binary
	random := rand.New(rand.NewPCG(seed, 2))
	z, y := mat.NewDense(rows, 1, nil), mat.NewDense(rows, 1, nil)
	for i := range rows {
		z.Set(i, 0, 2*random.NormFloat64())
		if random.Float64() < 1/(1+math.Exp(-z.At(i, 0))) {
			y.Set(i, 0, 1)
		}
	}
	if err := b.Add(z, y, nil); err != nil {
		t.Fatal(err)
	}
	return b.Reliability()
}

func TestReliability(t *testing.T) {
	f, err := Reliability(calibrated(t, 1, 2000), 0.0123, "rows of a table")
	has(t, drawn(t, f, err), "Reliability diagram, rows of a table: expected calibration error 0.0123", "calibrated")
	inside, bins := 0, 0
	for seed := range uint64(300) {
		f, err := Reliability(calibrated(t, 1000+seed, 1000), 0, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range f.Marks {
			if m.Kind != figure.Dots {
				continue
			}
			for i, accuracy := range m.Y { // the bands come first, in the same order
				bins++
				if band := f.Marks[i]; band.Low[0] <= accuracy && accuracy <= band.High[0] {
					inside++
				}
			}
		}
	}
	if share := float64(inside) / float64(bins); bins < 2350 || share < 0.95 || share > 0.975 { // discrete: more than 95 %
		t.Errorf("%d of %d bins of calibrated predictions are within their band", inside, bins)
	}
	_, err = Reliability(make([]metrics.Bin, metrics.Bins), 0, "")
	refused(t, err, "no rows")

	// Fractional, huge and certain weights.
	odd := []metrics.Bin{{Lower: 0.5, Upper: 1, Weight: 0.3, Confidence: 0.9, Accuracy: 1}, {Lower: 0.9, Upper: 1, Weight: 1e100, Confidence: 1, Accuracy: 1}}
	f, err = Reliability(odd, metrics.Number(math.NaN()), "")
	has(t, drawn(t, f, err), "1e+100", "0.3")
}

func TestOutcomeReliability(t *testing.T) {
	bins := []metrics.Bin{{Lower: 0, Upper: 0.5, Weight: 30, Confidence: 0.2, Accuracy: 0.3}, {Lower: 0.5, Upper: 1, Weight: 10, Confidence: 0.9, Accuracy: 0.7}}
	f, err := OutcomeReliability(bins, "yes", "rows of a table")
	has(t, drawn(t, f, err), "Reliability diagram, rows of a table: mean distance from the diagonal 0.1250", "probability of yes; numbers: rows in the bin →", "↑ share of yes in the bin")
	if f.X.Min > 0 || f.X.Max < 1 {
		t.Errorf("the axis ends at %v and %v", f.X.Min, f.X.Max)
	}
	_, err = OutcomeReliability(make([]metrics.Bin, metrics.Bins), "yes", "")
	refused(t, err, "no rows")
}

func TestPool(t *testing.T) {
	a := []metrics.Bin{{Upper: 1, Weight: 3, Confidence: 0.6, Accuracy: 1}}
	b := []metrics.Bin{{Upper: 1, Weight: 1, Confidence: 1, Accuracy: 0}}
	none := []metrics.Bin{{Upper: 1, Confidence: metrics.Number(math.NaN()), Accuracy: metrics.Number(math.NaN())}}
	got := Pool([][]metrics.Bin{a, b, none})[0]
	if got.Weight != 4 || math.Abs(float64(got.Confidence)-0.7) > 1e-15 || got.Accuracy != 0.75 {
		t.Errorf("%+v", got)
	}
	if Pool(nil) != nil {
		t.Error("bins of nothing")
	}
}

// ranked returns the evaluation of random logits of some classes.
func ranked(t *testing.T, classes, rows int) (*metrics.Multiclass, []Output) {
	t.Helper()
	var m metrics.Multiclass
	random := rand.New(rand.NewPCG(3, 4))
	z, labels := mat.NewDense(rows, classes, nil), make([]int, rows)
	for i := range rows {
		labels[i] = random.IntN(classes)
		for k := range classes {
			z.Set(i, k, random.NormFloat64())
		}
		z.Set(i, labels[i], z.At(i, labels[i])+1+float64(labels[i])/float64(classes))
	}
	if err := m.Add(z, labels, nil); err != nil {
		t.Fatal(err)
	}
	r := m.Report()
	for k := range r.Classes {
		r.Classes[k].Name = fmt.Sprintf("class %d", k)
	}
	return &m, Outputs(&r)
}

// The areas below the lines drawn are those of the metrics, thinned or not.
func TestCurvesHaveTheirAreas(t *testing.T) {
	for _, rows := range []int{50, 20_000} {
		m, outputs := ranked(t, 3, rows)
		roc, err := ROC(m, outputs, "rows")
		drawn(t, roc, err)
		pr, err := PrecisionRecall(m, outputs, "rows")
		drawn(t, pr, err)
		for k, o := range outputs {
			line, stairs := roc.Marks[k+1], pr.Marks[k]
			if got := area(line); math.Abs(got-float64(o.ROCAUC)) > 1e-3 {
				t.Errorf("%d rows, %s: area %v, AUC %v", rows, line.Name, got, o.ROCAUC)
			}
			if got := area(stairs); math.Abs(got-float64(o.AveragePrecision)) > 2e-3 {
				t.Errorf("%d rows, %s: area %v, AP %v", rows, stairs.Name, got, o.AveragePrecision)
			}
			if len(line.X) > 2500 || len(stairs.X) > 5000 {
				t.Errorf("%d and %d points", len(line.X), len(stairs.X))
			}
		}
	}
}

func area(m figure.Mark) (sum float64) {
	for i := 1; i < len(m.X); i++ {
		sum += (m.X[i] - m.X[i-1]) * (m.Y[i] + m.Y[i-1]) / 2
	}
	return sum
}

func TestManyCurves(t *testing.T) {
	for classes, want := range map[int]string{10: "5 others: AUC", 40: "35 others: AUC"} {
		m, outputs := ranked(t, classes, 2000)
		f, err := ROC(m, outputs, "")
		drawn(t, f, err)
		if got := f.Marks[1].Name; len(f.Marks) != 7 || len(got) < len(want) || got[:len(want)] != want {
			t.Errorf("%d marks, %q", len(f.Marks), got)
		}
		if drawnOthers := len(f.Marks[1].X) > 0; drawnOthers != (classes <= 20) {
			t.Errorf("%d classes: others drawn %v", classes, drawnOthers)
		}
	}
	nan := metrics.Number(math.NaN())
	_, err := ROC(&metrics.Multiclass{}, []Output{{"a", nan, nan}}, "")
	refused(t, err, "no rows of one of two classes")
	if rounded(0.99999) != "> 0.9999" || rounded(1) != "1.0000" {
		t.Error("an area that is not 1 looks like 1")
	}
}
