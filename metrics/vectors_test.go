package metrics

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The numbers of this file are from scikit-learn 1.2.1, for 300 rows i with
//
//	z_k     = ((i·(37+6k) + 11k) mod 41 − 20)/4
//	noise_k = ((i·(29+4k) +  3k) mod 17 −  8)/3
//	w       = (i·5 mod 7)/2
//
// and the outcomes y = [z_k/2 + noise_k > 0], or the class that maximises
// z_k/2 + noise_k. They are those of accuracy_score, log_loss (eps=1e-300),
// brier_score_loss, roc_auc_score, average_precision_score, confusion_matrix,
// precision_recall_fscore_support, roc_curve, precision_recall_curve and
// hamming_loss with sample_weight=w, on logits where scores rank; loglik by
// math.fsum, ECE by its definition in numpy. Rankings of three classes used
// log-odds rounded to 10 digits: on probabilities scikit-learn misses ties that
// round differently. The grid makes many ties.
const vectorRows = 300

func vectorData(columns int) (z, noise *mat.Dense, w []float64) {
	z, noise = mat.NewDense(vectorRows, columns, nil), mat.NewDense(vectorRows, columns, nil)
	w = make([]float64, vectorRows)
	for i := range vectorRows {
		w[i] = float64(i*5%7) / 2
		for k := range columns {
			z.Set(i, k, float64((i*(37+6*k)+11*k)%41-20)/4)
			noise.Set(i, k, float64((i*(29+4*k)+3*k)%17-8)/3)
		}
	}
	return z, noise, w
}

// utilities are z/2 + noise: what decides the outcomes.
func utilities(z, noise *mat.Dense) *mat.Dense {
	var u mat.Dense
	u.Scale(0.5, z)
	u.Add(&u, noise)
	return &u
}

func outcomesOf(z, noise *mat.Dense) *mat.Dense {
	y := utilities(z, noise)
	y.Apply(func(_, _ int, v float64) float64 {
		if v > 0 {
			return 1
		}
		return 0
	}, y)
	return y
}

func labelsOf(z, noise *mat.Dense) []int {
	u := utilities(z, noise)
	labels := make([]int, vectorRows)
	for i := range labels {
		for k, v := range u.RawRowView(i) {
			if v > u.At(i, labels[i]) {
				labels[i] = k
			}
		}
	}
	return labels
}

// near checks a value to 1e-14, what is left of other people's sums.
func near(t *testing.T, name string, got Number, want float64) {
	t.Helper()
	if !(math.Abs(float64(got)-want) <= 1e-14*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: %v, want %v", name, got, want)
	}
}

func nearAverages(t *testing.T, name string, got Averages, precision, recall, f1 float64) {
	t.Helper()
	near(t, name+" precision", got.Precision, precision)
	near(t, name+" recall", got.Recall, recall)
	near(t, name+" F1", got.F1, f1)
}

func nearClass(t *testing.T, name string, got Class, support, precision, recall, f1, auc, ap float64) {
	t.Helper()
	near(t, name+" support", got.Support, support)
	nearAverages(t, name, Averages{got.Precision, got.Recall, got.F1}, precision, recall, f1)
	near(t, name+" AUC", got.ROCAUC, auc)
	near(t, name+" average precision", got.AveragePrecision, ap)
}

func nearMatrix(t *testing.T, got, want [][]float64) {
	t.Helper()
	for i := range want {
		for j := range want[i] {
			if len(got) != len(want) || got[i][j] != want[i][j] {
				t.Fatalf("confusion %v, want %v", got, want)
			}
		}
	}
}

func TestBinaryVectors(t *testing.T) {
	z, noise, w := vectorData(1)
	var m Binary
	if err := m.Add(z, outcomesOf(z, noise), w); err != nil {
		t.Fatal(err)
	}
	r := m.Report()
	if r.Rows != 300 || r.Weight != 450.5 {
		t.Errorf("%d rows of weight %v", r.Rows, r.Weight)
	}
	near(t, "accuracy", r.Accuracy, 0.7569367369589345)
	near(t, "log-loss", r.LogLoss, 0.6551773127349739)
	near(t, "bits", r.LogLossBits, 0.6551773127349739/math.Ln2)
	near(t, "perplexity", r.Perplexity, math.Exp(0.6551773127349739))
	near(t, "loglik", r.LogLik, -295.1573793871057)
	near(t, "Brier", r.Brier, 0.19967427701283952)
	near(t, "ECE", r.ECE, 0.1462276673559415)
	near(t, "AUC", r.ROCAUC, 0.8080868579315785)
	near(t, "average precision", r.AveragePrecision, 0.8287990603798292)
	nearMatrix(t, r.Confusion, [][]float64{{168.5, 52}, {57.5, 172.5}})
	nearClass(t, "class 0", r.Classes[0], 220.5, 0.745575221238938, 0.764172335600907, 0.7547592385218366,
		0.8080868579315785, 0.7709804471960393)
	nearClass(t, "class 1", r.Classes[1], 230, 0.7683741648106904, 0.75, 0.7590759075907589,
		0.8080868579315785, 0.8287990603798292)
	nearAverages(t, "macro", r.Macro, 0.7569746930248142, 0.7570861678004535, 0.7569175730562978)
	nearAverages(t, "weighted", r.Weighted, 0.7572150814420525, 0.7569367369589345, 0.75696308732506)
}

func TestCurveVectors(t *testing.T) {
	z, noise, w := vectorData(1)
	var m Binary
	if err := m.Add(z, outcomesOf(z, noise), w); err != nil {
		t.Fatal(err)
	}
	thresholds := []Number{5, 4.75, 4.5, 4.25}
	recall := []float64{0.04565217391304348, 0.09130434782608696, 0.15, 0.20652173913043478}
	roc, pr := m.ROC(), m.PrecisionRecall()
	if len(roc) != 42 || len(pr) != 41 {
		t.Fatalf("%d and %d points", len(roc), len(pr))
	}
	if first := (ROCPoint{Number(math.Inf(1)), 0, 0}); roc[0] != first {
		t.Errorf("ROC begins at %v", roc[0])
	}
	if last := (ROCPoint{-5, 1, 1}); roc[41] != last {
		t.Errorf("ROC ends at %v", roc[41])
	}
	for i, want := range thresholds {
		if roc[i+1].Threshold != want || pr[i].Threshold != want {
			t.Errorf("point %d: thresholds %v and %v", i, roc[i+1].Threshold, pr[i].Threshold)
		}
		near(t, "false positive rate", roc[i+1].FalsePositiveRate, 0)
		near(t, "true positive rate", roc[i+1].TruePositiveRate, recall[i])
		near(t, "recall", pr[i].Recall, recall[i])
		near(t, "precision", pr[i].Precision, 1)
	}
}

func TestMulticlassVectors(t *testing.T) {
	z, noise, w := vectorData(3)
	var m Multiclass
	if err := m.Add(z, labelsOf(z, noise), w); err != nil {
		t.Fatal(err)
	}
	r := m.Report()
	near(t, "accuracy", r.Accuracy, 0.6736958934517203)
	near(t, "log-loss", r.LogLoss, 0.989954491371035)
	near(t, "loglik", r.LogLik, -445.9744983626513)
	near(t, "Brier", r.Brier, 0.5109921250517119)
	near(t, "ECE", r.ECE, 0.1684016849330975)
	near(t, "AUC", r.ROCAUC, 0.8197515248929615)
	near(t, "average precision", r.AveragePrecision, 0.6917406413534427)
	nearMatrix(t, r.Confusion, [][]float64{{108.5, 16.5, 18}, {20.5, 72, 31.5}, {39.5, 21, 123}})
	nearClass(t, "class 0", r.Classes[0], 143, 0.6439169139465876, 0.7587412587412588, 0.6966292134831461,
		0.8351014838819716, 0.7192434171010256)
	nearClass(t, "class 1", r.Classes[1], 124, 0.6575342465753424, 0.5806451612903226, 0.6167023554603855,
		0.8223768710171417, 0.6455644297751312)
	nearClass(t, "class 2", r.Classes[2], 183.5, 0.7130434782608696, 0.670299727520436, 0.6910112359550562,
		0.8017762197797711, 0.7104140771841717)
	nearAverages(t, "macro", r.Macro, 0.6714982129275998, 0.669895382517339, 0.6681142682995294)
	nearAverages(t, "weighted", r.Weighted, 0.6758220722099313, 0.6736958934517203, 0.6723410242018435)
}

func TestMultilabelVectors(t *testing.T) {
	z, noise, w := vectorData(3)
	var m Multilabel
	if err := m.Add(z, outcomesOf(z, noise), w); err != nil {
		t.Fatal(err)
	}
	r := m.Report()
	near(t, "accuracy", r.Accuracy, 0.3607103218645949)
	near(t, "subset accuracy", r.SubsetAccuracy, 0.3607103218645949)
	near(t, "Hamming loss", r.HammingLoss, 0.2763596004439512)
	near(t, "log-loss", r.LogLoss, 0.6806052286859248)
	near(t, "Brier", r.Brier, 0.21145893949251438)
	near(t, "ECE", r.ECE, 0.15658324841375507)
	near(t, "AUC", r.ROCAUC, 0.7960695472444037)
	near(t, "average precision", r.AveragePrecision, 0.802717670758995)
	nearAverages(t, "macro", r.Macro, 0.732320018023579, 0.7157071577493336, 0.7239129697697996)
	nearAverages(t, "weighted", r.Weighted, 0.7324883428503011, 0.7158509861212564, 0.724068811973374)
	nearAverages(t, "micro", r.Micro, 0.7324364723467862, 0.7158509861212564, 0.7240487624676764)
	label := r.Labels[2]
	near(t, "label 2 loglik", label.LogLik, -315.14113068662215)
	near(t, "label 2 accuracy", label.Accuracy, 0.7103218645948945)
	near(t, "label 2 ECE", label.ECE, 0.16461578247003406)
	nearMatrix(t, label.Confusion, [][]float64{{160, 62}, {68.5, 160}})
	nearClass(t, "label 2", label.Classes[1], 228.5, 0.7207207207207207, 0.700218818380744, 0.7103218645948945,
		0.788894474343052, 0.7856151610020963)
}
