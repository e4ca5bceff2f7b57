package metrics

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

var inf = math.Inf(1)

func vector(v ...float64) *mat.Dense { return mat.NewDense(len(v), 1, v) }

func binaryOf(t *testing.T, z, y *mat.Dense, w []float64) *Binary {
	t.Helper()
	var m Binary
	if err := m.Add(z, y, w); err != nil {
		t.Fatal(err)
	}
	return &m
}

func multiclassOf(t *testing.T, z *mat.Dense, labels ...int) *Multiclass {
	t.Helper()
	var m Multiclass
	if err := m.Add(z, labels, nil); err != nil {
		t.Fatal(err)
	}
	return &m
}

// The tails of the log-loss, from 50-digit arithmetic: log(1+e⁻⁴⁰) and
// (1+e⁴⁰)⁻².
func TestTails(t *testing.T) {
	for _, c := range []struct{ z, y, loss, brier float64 }{
		{40, 1, 4.248354255291589e-18, 1.8048513878454153e-35},
		{-40, 0, 4.248354255291589e-18, 1.8048513878454153e-35},
		{-1000, 1, 1000, 1},
		{1000, 0, 1000, 1},
		{1e307, 0, 1e307, 1},
		{inf, 1, 0, 0},
		{-inf, 0, 0, 0},
		{-inf, 1, inf, 1},
		{inf, 0, inf, 1},
	} {
		close := func(name string, got Number, want float64) {
			t.Helper()
			if float64(got) != want && !(math.Abs(float64(got)/want-1) <= 1e-15) {
				t.Errorf("%s of logit %g, outcome %g: %v, want %v", name, c.z, c.y, got, want)
			}
		}
		r := binaryOf(t, vector(c.z, c.z), vector(c.y, c.y), nil).Report()
		close("log-loss", r.LogLoss, c.loss)
		close("Brier", r.Brier, c.brier)
		if math.IsInf(c.z, 1) {
			continue // a softmax has no such logit
		}
		r = multiclassOf(t, mat.NewDense(1, 2, []float64{0, c.z}), int(c.y)).Report()
		close("softmax log-loss", r.LogLoss, c.loss)
		close("softmax Brier", r.Brier, 2*c.brier)
	}
}

// All the probabilities of class 1 round to 1, or to 0; the logits still rank.
func TestRankingInTheTails(t *testing.T) {
	for _, offset := range []float64{-5000, -800, 40, 800, 5000} {
		z, two := vector(3, 2, 1, 0), mat.NewDense(4, 3, nil)
		for i := range 4 {
			z.Set(i, 0, z.At(i, 0)+offset)
			two.SetRow(i, []float64{0, z.At(i, 0), -inf})
		}
		b := binaryOf(t, z, vector(1, 1, 0, 0), nil).Report()
		m := multiclassOf(t, two, 1, 1, 0, 0).Report()
		if b.ROCAUC != 1 || m.Classes[0].ROCAUC != 1 || m.Classes[1].ROCAUC != 1 {
			t.Errorf("offset %g: AUC %v, %v", offset, b.ROCAUC, m.Classes)
		}
	}
	certain := multiclassOf(t, mat.NewDense(4, 3, []float64{
		5, -inf, -inf,
		3, 1, -inf,
		1, 2, -inf,
		-inf, 4, -inf,
	}), 0, 0, 1, 1)
	if first := certain.ROC(0)[1]; first != (ROCPoint{Number(inf), 0, 0.5}) || certain.Report().ROCAUC != 1 {
		t.Errorf("certain rows rank at %v, AUC %v", first, certain.Report().ROCAUC)
	}
}

func TestTiedLogits(t *testing.T) {
	b := binaryOf(t, vector(0, 0), vector(0, 1), nil).Report()
	nearMatrix(t, b.Confusion, [][]float64{{1, 0}, {1, 0}})
	near(t, "AUC", b.ROCAUC, 0.5)
	m := multiclassOf(t, mat.NewDense(2, 3, []float64{1, 2, 2, 5, 5, 5}), 2, 2).Report()
	nearMatrix(t, m.Confusion, [][]float64{{0, 0, 0}, {0, 0, 0}, {1, 1, 0}})
	near(t, "confidence", multiclassOf(t, mat.NewDense(1, 3, nil), 0).Reliability()[4].Confidence, 1./3)
}

func TestUndefined(t *testing.T) {
	one := binaryOf(t, vector(1, -2), vector(1, 1), nil)
	r := one.Report()
	if one.ROC() != nil || len(one.PrecisionRecall()) != 2 {
		t.Errorf("curves of one class: %v, %v", one.ROC(), one.PrecisionRecall())
	}
	if r.ROCAUC.Defined() || r.Classes[0].ROCAUC.Defined() || r.Classes[0].AveragePrecision.Defined() {
		t.Errorf("AUC of one class: %v", r)
	}
	if r.AveragePrecision != 1 || r.Classes[0].Recall.Defined() || r.Classes[0].Precision != 0 {
		t.Errorf("%v", r)
	}
	// Class 2 neither occurs nor is predicted: it is no part of the averages.
	m := multiclassOf(t, mat.NewDense(2, 3, []float64{1, 0, -1, 0, 1, -1}), 0, 1).Report()
	if m.Macro != (Averages{1, 1, 1}) || m.ROCAUC != 1 || m.Classes[2].F1.Defined() {
		t.Errorf("%v", m)
	}
	var none Multilabel
	if r := none.Report(); r.LogLoss.Defined() || r.Weight != 0 {
		t.Errorf("no rows: %v", r)
	}
	zero := binaryOf(t, vector(3), vector(1), []float64{0}).Report()
	if zero.LogLoss.Defined() || zero.Rows != 1 || zero.Weight != 0 {
		t.Errorf("no weight: %v", zero)
	}
}

func TestSkipRanking(t *testing.T) {
	s := newRowSet(100, 1)
	skip := evaluators{Binary{SkipRanking: true}, Multiclass{SkipRanking: true}, Multilabel{SkipRanking: true}}
	var keep evaluators
	skip.add(t, s, 100)
	keep.add(t, s, 100)
	for i, r := range []Report{skip.binary.Report(), skip.multiclass.Report(), skip.multilabel.Report()} {
		want := []Report{keep.binary.Report(), keep.multiclass.Report(), keep.multilabel.Report()}[i]
		if r.ROCAUC.Defined() || r.AveragePrecision.Defined() || r.LogLoss != want.LogLoss || r.Macro != want.Macro {
			t.Errorf("%v, want %v without ranking", r, want)
		}
	}
	if skip.binary.ROC() != nil || skip.multiclass.PrecisionRecall(0) != nil {
		t.Error("a curve without scores")
	}
	allocs := testing.AllocsPerRun(10, func() { skip.add(t, s, 100) })
	if views := 4.; allocs > views { // of the matrices, made by the test
		t.Errorf("%v allocations", allocs)
	}
}

// A score of 8 bytes per row and class is kept, and a weight once one is not 1.
func TestRankingMemory(t *testing.T) {
	s := newRowSet(100, 1)
	w := s.w
	s.w = nil
	var e evaluators
	kept := func() (values, weights int) {
		for _, r := range append(e.multiclass.ranking, e.binary.ranking) {
			values += len(r.pos.value) + len(r.neg.value)
			weights += len(r.pos.weight) + len(r.neg.weight)
		}
		return values, weights
	}
	e.add(t, s, 100)
	if values, weights := kept(); values != 100*(setColumns+1) || weights != 0 {
		t.Errorf("%d scores and %d weights", values, weights)
	}
	s.w = w
	e.add(t, s, 100)
	if values, weights := kept(); values > 200*(setColumns+1) || weights != values {
		t.Errorf("%d scores and %d weights", values, weights)
	}
}

func TestManyClasses(t *testing.T) {
	const classes = MaxConfusion + 1
	z := mat.NewDense(1, classes, nil)
	z.Set(0, 7, 100)
	m := Multiclass{SkipRanking: true}
	if err := m.Add(z, []int{7}, nil); err != nil {
		t.Fatal(err)
	}
	if r := m.Report(); r.Confusion != nil || r.Classes[7].F1 != 1 || r.Accuracy != 1 {
		t.Errorf("accuracy %v, class %v", r.Accuracy, r.Classes[7])
	}
}

// Ten million rows lose no digit, in any order of sizes.
func TestSum(t *testing.T) {
	var s tensor.Sum
	const n = 10_000_000
	for range n {
		s.AddProduct(3, 0.1)
	}
	// 0.1 is 3602879701896397/2⁵⁵, and 3e7 of it rounds to 3e6.
	if got := s.Value(); got != 3e6 {
		t.Errorf("sum %v", got)
	}
	s = tensor.Sum{}
	for _, v := range []float64{1, 1e100, 1, -1e100} {
		s.Add(v)
	}
	if s.Value() != 2 {
		t.Errorf("sum %v", s.Value())
	}
}

func TestJSON(t *testing.T) {
	text := func(r Report) string {
		t.Helper()
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	got := text(binaryOf(t, vector(-inf), vector(1), nil).Report())
	want := `{"rows":1,"weight":1,"accuracy":0,"log_loss":"inf","log_loss_bits":"inf","perplexity":"inf","loglik":"-inf",` +
		`"brier":1,"ece":1,"average_precision":1,"macro":{"precision":0,"recall":0,"f1":0},` +
		`"weighted":{"precision":0,"recall":0,"f1":0},"confusion":[[0,0],[1,0]],"per_class":[` +
		`{"support":0,"precision":0,"f1":0},{"support":1,"recall":0,"f1":0,"average_precision":1}]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	tenth := Number(0.1)
	if got := text(Report{Weight: tenth + 2*tenth}); !strings.Contains(got, `"weight":0.30000000000000004`) {
		t.Errorf("digits: %s", got)
	}
	var empty Multiclass
	if got := text(empty.Report()); got != `{"rows":0,"weight":0,"loglik":0}` {
		t.Errorf("no rows: %s", got)
	}
}

func TestRowErrors(t *testing.T) {
	nan := math.NaN()
	bad := func(name string, row int, err error) {
		t.Helper()
		var e *RowError
		if !errors.As(err, &e) || e.Row != row {
			t.Errorf("%s: %v, want row %d", name, err, row)
		}
	}
	b := binaryOf(t, vector(1, 2), vector(1, 0), nil)
	before := b.Report()
	bad("NaN", 3, b.Add(vector(1, nan), vector(1, 1), nil))
	bad("NaN of weight 0", 2, b.Add(vector(nan), vector(1), []float64{0}))
	for _, w := range []float64{-1, nan, inf, 1e101} {
		bad("weight", 2, b.Add(vector(1), vector(1), []float64{w}))
	}
	if after := b.Report(); after.Rows != 2 || after.LogLik != before.LogLik {
		t.Errorf("an error added rows: %v", after)
	}
	var m Multiclass
	for _, z := range [][]float64{{1, nan, 0}, {nan, 1, 0}, {inf, 1, 0}, {-inf, -inf, -inf}} {
		bad("softmax", 1, m.Add(mat.NewDense(2, 3, append([]float64{0, 1, 2}, z...)), []int{0, 0}, nil))
	}
	var l Multilabel
	bad("label", 0, l.Add(mat.NewDense(1, 2, []float64{1, nan}), mat.NewDense(1, 2, nil), nil))
	if m.Report().Rows != 0 || l.Report().Rows != 0 {
		t.Error("an error added rows")
	}
}

func TestMisuse(t *testing.T) {
	panics := func(want string, f func()) {
		t.Helper()
		defer func() {
			t.Helper()
			e, ok := recover().(*tensor.UsageError)
			if !ok || !strings.Contains(e.Error(), want) {
				t.Errorf("panic %v, want one with %q", e, want)
			}
		}()
		f()
	}
	var b Binary
	panics("3×1 logits with 2×1 outcomes", func() { b.Add(vector(1, 2, 3), vector(1, 0), nil) })
	panics("2×1 logits with 2×2 outcomes", func() { b.Add(vector(1, 2), mat.NewDense(2, 2, nil), nil) })
	panics("2×3 logits, 1 wide expected", func() { b.Add(mat.NewDense(2, 3, nil), mat.NewDense(2, 3, nil), nil) })
	panics("2×1 logits with 1 weights", func() { b.Add(vector(1, 2), vector(1, 0), []float64{1}) })
	panics("row 1: outcome 1.5", func() { b.Add(vector(1, 2), vector(1, 1.5), nil) })
	panics("outcome NaN", func() { b.Add(vector(1), vector(math.NaN()), nil) })
	m := multiclassOf(t, mat.NewDense(1, 3, nil), 0)
	panics("1×2 logits, 3 wide expected", func() { m.Add(mat.NewDense(1, 2, nil), []int{0}, nil) })
	panics("row 0: class 3 of 3", func() { m.Add(mat.NewDense(1, 3, nil), []int{3}, nil) })
	panics("2×3 logits with 1 labels", func() { m.Add(mat.NewDense(2, 3, nil), []int{0}, nil) })
	panics("two classes are the least", func() { new(Multiclass).Add(vector(1), []int{0}, nil) })
	panics("Multiclass.ROC: index 3 of 3", func() { m.ROC(3) })
	panics("label 1: outcome 0.5", func() {
		new(Multilabel).Add(mat.NewDense(1, 2, nil), mat.NewDense(1, 2, []float64{0, 0.5}), nil)
	})
}
