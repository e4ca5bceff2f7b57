package metrics

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/random"
)

// rowSet are rows for all three kinds. Half of the logits are on a coarse grid,
// so that there are ties; the others are not, so that sums round.
type rowSet struct {
	z, y   *mat.Dense
	labels []int
	w      []float64
}

const setColumns = 4

func newRowSet(n int, seed uint64) *rowSet {
	r := rand.New(random.New(seed, 0))
	s := &rowSet{mat.NewDense(n, setColumns, nil), mat.NewDense(n, setColumns, nil), make([]int, n), make([]float64, n)}
	for i := range n {
		s.labels[i] = r.IntN(setColumns)
		s.w[i] = float64(r.IntN(4))
		for k := range setColumns {
			s.y.Set(i, k, float64(r.IntN(2)))
			v := 2 * r.NormFloat64()
			if i%2 == 0 {
				v = math.Round(v)
			}
			s.z.Set(i, k, v+s.y.At(i, k))
		}
		s.z.Set(i, s.labels[i], s.z.At(i, s.labels[i])+1)
	}
	return s
}

// take returns the given rows, without weights.
func (s *rowSet) take(rows []int) *rowSet {
	n := len(rows)
	d := &rowSet{mat.NewDense(n, setColumns, nil), mat.NewDense(n, setColumns, nil), make([]int, n), nil}
	for i, row := range rows {
		d.z.SetRow(i, s.z.RawRowView(row))
		d.y.SetRow(i, s.y.RawRowView(row))
		d.labels[i] = s.labels[row]
	}
	return d
}

func column(m *mat.Dense, k int) *mat.Dense {
	n, _ := m.Dims()
	return m.Slice(0, n, k, k+1).(*mat.Dense)
}

// evaluators are the three kinds, fed in blocks.
type evaluators struct {
	binary     Binary
	multiclass Multiclass
	multilabel Multilabel
}

func (e *evaluators) add(t *testing.T, s *rowSet, block int) {
	t.Helper()
	n := len(s.labels)
	for from := 0; from < n; from += block {
		to := min(from+block, n)
		z := s.z.Slice(from, to, 0, setColumns).(*mat.Dense)
		y := s.y.Slice(from, to, 0, setColumns).(*mat.Dense)
		var w []float64
		if s.w != nil {
			w = s.w[from:to]
		}
		for _, err := range []error{
			e.binary.Add(column(z, 0), column(y, 0), w),
			e.multiclass.Add(z, s.labels[from:to], w),
			e.multilabel.Add(z, y, w),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// reports returns the reports with every digit, but without the number of rows.
func (e *evaluators) reports(t *testing.T) string {
	t.Helper()
	var all []Report
	for _, r := range []Report{e.binary.Report(), e.multiclass.Report(), e.multilabel.Report()} {
		r.Rows = 0
		for i := range r.Labels {
			r.Labels[i].Rows = 0
		}
		all = append(all, r)
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + fmt.Sprint(
		e.binary.ROC(), e.binary.Reliability(), e.multiclass.PrecisionRecall(1), e.multiclass.Reliability(), e.multilabel.ROC(2))
}

func reportsOf(t *testing.T, s *rowSet, block int) string {
	t.Helper()
	var e evaluators
	e.add(t, s, block)
	return e.reports(t)
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got\n%.3000s\nwant\n%.3000s", what, got, want)
	}
}

func TestWeightsAreRepetitions(t *testing.T) {
	for seed := range uint64(5) {
		s := newRowSet(500, seed)
		var repeated []int
		for i, w := range s.w {
			repeated = append(repeated, slices.Repeat([]int{i}, int(w))...)
		}
		same(t, "weights", reportsOf(t, s, 500), reportsOf(t, s.take(repeated), 500))
	}
}

func TestBlocksAndOrderDoNotMatter(t *testing.T) {
	s := newRowSet(500, 7)
	want := reportsOf(t, s, 500)
	for _, block := range []int{1, 3, 499} {
		same(t, "blocks", reportsOf(t, s, block), want)
	}
	order := rand.New(random.New(1, 0)).Perm(500)
	shuffled := s.take(order)
	shuffled.w = make([]float64, 500)
	for i, row := range order {
		shuffled.w[i] = s.w[row]
	}
	same(t, "order", reportsOf(t, shuffled, 500), want)
}

// A report in between, which sorts, changes nothing.
func TestReportInBetween(t *testing.T) {
	a, b := newRowSet(100, 8), newRowSet(100, 9)
	var once, twice evaluators
	once.add(t, a, 100)
	once.add(t, b, 100)
	twice.add(t, a, 100)
	twice.reports(t)
	twice.add(t, b, 100)
	same(t, "after a report", twice.reports(t), once.reports(t))
	same(t, "report again", twice.reports(t), once.reports(t))
}

// The definitions of ROC AUC and average precision, in quadratic time.
func TestRankingByDefinition(t *testing.T) {
	for seed := range uint64(5) {
		s := newRowSet(300, seed)
		var m Binary
		z, y := column(s.z, 0), column(s.y, 0)
		if err := m.Add(z, y, s.w); err != nil {
			t.Fatal(err)
		}
		var wins, pairs, ap, positives float64
		for i, wi := range s.w {
			if y.At(i, 0) == 0 {
				continue
			}
			var taken, hits float64 // at the threshold z[i]
			for j, wj := range s.w {
				if z.At(j, 0) >= z.At(i, 0) {
					taken += wj
					hits += wj * y.At(j, 0)
				}
				if y.At(j, 0) == 1 {
					continue
				}
				pairs += wi * wj
				switch d := z.At(i, 0) - z.At(j, 0); {
				case d > 0:
					wins += wi * wj
				case d == 0:
					wins += wi * wj / 2
				}
			}
			positives += wi
			if wi > 0 {
				ap += wi * hits / taken
			}
		}
		r := m.Report()
		if float64(r.ROCAUC) != wins/pairs {
			t.Errorf("AUC %v, by pairs %v", r.ROCAUC, wins/pairs)
		}
		near(t, "average precision", r.AveragePrecision, ap/positives)

		var area, steps float64
		roc := m.ROC()
		for i, p := range roc[1:] {
			area += float64((p.FalsePositiveRate - roc[i].FalsePositiveRate) * (p.TruePositiveRate + roc[i].TruePositiveRate) / 2)
		}
		previous := Number(0)
		for _, p := range m.PrecisionRecall() {
			steps += float64((p.Recall - previous) * p.Precision)
			previous = p.Recall
		}
		near(t, "AUC", r.ROCAUC, area)
		near(t, "average precision", r.AveragePrecision, steps)
	}
}

// The expected calibration error is that of the bins of the diagram.
func TestReliability(t *testing.T) {
	s := newRowSet(300, 3)
	var m Multiclass
	if err := m.Add(s.z, s.labels, s.w); err != nil {
		t.Fatal(err)
	}
	var ece, weight, right float64
	for _, b := range m.Reliability() {
		if b.Weight == 0 {
			continue
		}
		if b.Confidence <= Number(b.Lower) || b.Confidence > Number(b.Upper) {
			t.Errorf("confidence %v in (%v, %v]", b.Confidence, b.Lower, b.Upper)
		}
		ece += float64(b.Weight) * math.Abs(float64(b.Accuracy-b.Confidence))
		right += float64(b.Weight * b.Accuracy)
		weight += float64(b.Weight)
	}
	r := m.Report()
	near(t, "weight", r.Weight, weight)
	near(t, "accuracy", r.Accuracy, right/weight)
	near(t, "ECE", r.ECE, ece/weight)
}

// Bins of P(1) keep the weight, the mean of P(1) and that of the outcomes, and every
// mean lies in its bin.
func TestOutcomeReliability(t *testing.T) {
	var b Binary
	z := mat.NewDense(6, 1, []float64{math.Inf(-1), -800, -1, 0.5, 3, math.Inf(1)})
	y := mat.NewDense(6, 1, []float64{0, 1, 0.25, 1, 0, 1})
	w := []float64{1, 2, 4, 1, 0, 3}
	if err := b.Add(z, y, w); err != nil {
		t.Fatal(err)
	}
	var weight, probability, yes float64
	for i, k := range b.OutcomeReliability() {
		if k.Weight == 0 {
			continue
		}
		if k.Confidence < Number(k.Lower) || k.Confidence == Number(k.Lower) && i > 0 || k.Confidence > Number(k.Upper) {
			t.Errorf("mean %v in (%v, %v]", k.Confidence, k.Lower, k.Upper)
		}
		weight += float64(k.Weight)
		probability += float64(k.Weight * k.Confidence)
		yes += float64(k.Weight * k.Accuracy)
	}
	sigma := func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
	near(t, "weight", Number(weight), 11)
	near(t, "probability", Number(probability), 4*sigma(-1)+sigma(0.5)+3)
	near(t, "outcomes", Number(yes), 2+1+1+3)
}

// One logit is two with the first 0: all agrees to the last bits, Brier is half.
func TestBinaryIsMulticlass(t *testing.T) {
	s := newRowSet(500, 11)
	two := mat.NewDense(500, 2, nil)
	labels := make([]int, 500)
	for i := range labels {
		two.Set(i, 1, s.z.At(i, 0))
		labels[i] = int(s.y.At(i, 0))
	}
	var b Binary
	var m Multiclass
	if err := b.Add(column(s.z, 0), column(s.y, 0), s.w); err != nil {
		t.Fatal(err)
	}
	if err := m.Add(two, labels, s.w); err != nil {
		t.Fatal(err)
	}
	one, both := b.Report(), m.Report()
	near(t, "log-loss", both.LogLoss, float64(one.LogLoss))
	near(t, "Brier", both.Brier, 2*float64(one.Brier))
	near(t, "ECE", both.ECE, float64(one.ECE))
	if both.Accuracy != one.Accuracy || both.Macro != one.Macro || both.Weighted != one.Weighted {
		t.Errorf("%+v\n%+v", both, one)
	}
	if !slices.Equal(both.Classes, one.Classes) {
		t.Errorf("%v\n%v", both.Classes, one.Classes)
	}
	nearMatrix(t, both.Confusion, one.Confusion)
	if !slices.Equal(b.ROC(), m.ROC(1)) {
		t.Error("ROC curves differ")
	}
}

func TestMultilabelIsBinaries(t *testing.T) {
	s := newRowSet(500, 12)
	var all Multilabel
	if err := all.Add(s.z, s.y, s.w); err != nil {
		t.Fatal(err)
	}
	r := all.Report()
	for k := range setColumns {
		var b Binary
		var one Multilabel
		if err := b.Add(column(s.z, k), column(s.y, k), s.w); err != nil {
			t.Fatal(err)
		}
		if err := one.Add(column(s.z, k), column(s.y, k), s.w); err != nil {
			t.Fatal(err)
		}
		want, single := b.Report(), one.Report()
		if fmt.Sprint(r.Labels[k]) != fmt.Sprint(want) || fmt.Sprint(single.Labels[0]) != fmt.Sprint(want) {
			t.Errorf("label %d: %v, want %v", k, r.Labels[k], want)
		}
		if single.LogLoss != want.LogLoss || single.LogLik != want.LogLik || single.Accuracy != want.Accuracy ||
			single.Brier != want.Brier || single.ECE != want.ECE ||
			single.ROCAUC != want.ROCAUC || single.AveragePrecision != want.AveragePrecision ||
			single.Micro.F1 != want.Classes[1].F1 {
			t.Errorf("label %d alone: %v, want %v", k, single, want)
		}
		near(t, "Hamming loss", single.HammingLoss, 1-float64(want.Accuracy))
	}
}

// A row that stands for 49 trials is 49 rows, also where 49·(k/49) is not k.
func TestGroupedCounts(t *testing.T) {
	const trials = 49
	var grouped, single Binary
	for k := range trials + 1 {
		z := []float64{math.Sin(float64(k)) * 3}
		one := []float64{float64(k) / trials}
		if err := grouped.Add(mat.NewDense(1, 1, z), mat.NewDense(1, 1, one), []float64{trials}); err != nil {
			t.Fatal(err)
		}
		if got := share(trials, one[0]); got != float64(k) {
			t.Errorf("%d of %d trials became %v", k, trials, got)
		}
		y := append(slices.Repeat([]float64{1}, k), slices.Repeat([]float64{0}, trials-k)...)
		if err := single.Add(mat.NewDense(trials, 1, slices.Repeat(z, trials)), mat.NewDense(trials, 1, y), nil); err != nil {
			t.Fatal(err)
		}
	}
	g, s := grouped.Report(), single.Report()
	g.Rows = s.Rows
	same(t, "grouped", fmt.Sprint(g, grouped.ROC(), grouped.Reliability()), fmt.Sprint(s, single.ROC(), single.Reliability()))
}
