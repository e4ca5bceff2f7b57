package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/trainer"
)

// drawn fails the test unless f draws as well-formed SVG and PNG without NaN, the
// same each time, and returns the texts of the SVG.
func drawn(t *testing.T, f *figure.Figure, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var once, again, picture bytes.Buffer
	if err := errors.Join(f.SVG(&once), f.SVG(&again), f.PNG(&picture)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(once.Bytes(), again.Bytes()) {
		t.Error("two drawings differ")
	}
	if _, err := png.Decode(&picture); err != nil {
		t.Error(err)
	}
	images := regexp.MustCompile(`href="[^"]*"`)
	if s := images.ReplaceAllString(once.String(), ""); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
		t.Errorf("coordinates that are not numbers: %s", s)
	}
	var texts strings.Builder
	d := xml.NewDecoder(&once)
	inside := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			inside = e.Name.Local == "text"
		case xml.CharData:
			if inside {
				texts.Write(e)
				texts.WriteByte('\n')
			}
		case xml.EndElement:
			inside = false
		}
	}
}

func has(t *testing.T, texts string, want ...string) {
	t.Helper()
	lines := strings.Split(texts, "\n")
	for _, w := range want {
		if !slices.Contains(lines, w) {
			t.Errorf("no text %q in\n%s", w, texts)
		}
	}
}

// refused fails the test unless err says that there is nothing to draw, and why.
func refused(t *testing.T, err error, why string) {
	t.Helper()
	var no *InapplicableError
	if !errors.As(err, &no) || !strings.Contains(no.Why, why) {
		t.Errorf("error %v, want inapplicable: %s", err, why)
	}
}

func TestSaveReplacesItsOwnFilesOnly(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "pictures")
	f := &figure.Figure{Name: ROCName}
	if err := Save(folder, f); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(folder, "other.svg")
	if err := os.WriteFile(other, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	f.Title = "second"
	if err := Save(folder, f); err != nil {
		t.Fatal(err)
	}
	for _, path := range Files(folder, ROCName) {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(folder, "roc_curve.svg")); err != nil || !strings.Contains(string(text), "second") {
		t.Errorf("not replaced: %v", err)
	}
	if file, err := Foreign(folder, ROCName); file != "" || err != nil {
		t.Errorf("%s is taken for foreign, %v", file, err)
	}
	for _, file := range Files(folder, ConfusionName) {
		if err := os.WriteFile(file, []byte("mine"), 0o666); err != nil {
			t.Fatal(err)
		}
		if got, err := Foreign(folder, ConfusionName); got != file || err != nil {
			t.Errorf("foreign is %q, not %q, %v", got, file, err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(other); err != nil || string(text) != "mine" {
		t.Errorf("another file became %q, %v", text, err)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 3 {
		t.Errorf("%v, %v", entries, err)
	}
}

func epochs(n int, loss func(i int) float64) []trainer.Epoch {
	h := make([]trainer.Epoch, n)
	for i := range h {
		held, accuracy := 0.5+loss(i), 0.9
		h[i] = trainer.Epoch{Epoch: i + 1, Loss: loss(i), HeldLoss: &held, HeldAccuracy: &accuracy}
	}
	return h
}

func TestTrainingCurve(t *testing.T) {
	valley := epochs(50, func(i int) float64 { return math.Abs(float64(i)-19) / 10 })
	f, err := TrainingCurve(valley, 0, "epoch")
	has(t, drawn(t, f, err), "epoch →", "↑ mean loss (nats)", "smallest held-out loss: epoch 20")
	f, err = TrainingCurve(valley, 33, "epoch")
	has(t, drawn(t, f, err), "smallest held-out loss: epoch 33, which was kept")
	f, err = AccuracyCurve(valley, 20, "epoch")
	has(t, drawn(t, f, err), "↑ accuracy (share of rows)")

	// Losses that cannot be drawn, and a single epoch.
	wild := epochs(30, func(i int) float64 { return []float64{1, math.NaN(), math.Inf(1), 1e300}[i%4] })
	for _, h := range [][]trainer.Epoch{wild, wild[:1], wild[1:2], epochs(1, func(int) float64 { return 0 })} {
		f, err = TrainingCurve(h, 0, "epoch")
		drawn(t, f, err)
	}
	_, err = TrainingCurve(nil, 0, "step")
	refused(t, err, "no step")
	_, err = AccuracyCurve([]trainer.Epoch{{Epoch: 1}}, 0, "epoch")
	refused(t, err, "held out")
}

// A thinned curve keeps the ends, the extremes and the order.
func TestEnvelope(t *testing.T) {
	const n = 100_000
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = float64(i+1), math.Sin(float64(i)/1000)
	}
	y[77_777], y[3] = 5, math.NaN()
	xs, ys := envelope(x, y, 600)
	if len(xs) > 1200 || len(xs) != len(ys) || !slices.IsSorted(xs) {
		t.Errorf("%d places, %d values", len(xs), len(ys))
	}
	if !slices.Contains(ys, 5) || xs[0] != 1 || xs[len(xs)-1] < 0.98*n {
		t.Errorf("from %v to %v", xs[0], xs[len(xs)-1])
	}
}

func report(n int, name func(k int) string) *metrics.Report {
	r := &metrics.Report{Classes: make([]metrics.Class, n)}
	for k := range n {
		r.Classes[k] = metrics.Class{Name: name(k), Support: metrics.Number(100 * (k % 3))}
		row := make([]float64, n)
		row[k] = float64(100 * (k % 3))
		r.Confusion = append(r.Confusion, row)
	}
	return r
}

func TestConfusion(t *testing.T) {
	r := report(3, func(k int) string { return []string{"cat", "dog", "owl"}[k] })
	r.Confusion[1] = []float64{3, 97, 0}
	r.Confusion[2] = []float64{0, 1, 199}
	f, err := Confusion(r, "rows of zoo")
	has(t, drawn(t, f, err), "Confusion matrix, rows of zoo", "true class", "predicted class", "cat", "97", "97 %", "3 %", "0.5 %", "99.5 %")

	for _, n := range []int{12, 20, 100} {
		f, err := Confusion(report(n, func(int) string { return "a rather long name of a class" }), "")
		drawn(t, f, err)
	}
	_, err = Confusion(&metrics.Report{Classes: make([]metrics.Class, 10_000)}, "")
	refused(t, err, "10000 classes are too many for a picture; the most is 100")
	_, err = Confusion(&metrics.Report{}, "")
	refused(t, err, "no rows")

	labels := &metrics.Report{Labels: []metrics.Report{{Name: "sport", Confusion: [][]float64{{6, 2}, {1, 3}}}}}
	f, err = Confusion(labels, "")
	has(t, drawn(t, f, err), "sport", "yes, missed", "25 %", "75 %")
}

func TestCompactNumbers(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 9999: "9999", 0.25: "0.25", 12_345: "12.3\u202fk", 999_499: "999\u202fk", 999_501: "1\u202fM",
		999_501e3: "1\u202fG", 999_501e6: "1e+12", 2.5e6: "2.5\u202fM", 1e100: "1e+100",
	} {
		if got := compact(x); got != want {
			t.Errorf("%v is %q, want %q", x, got, want)
		}
	}
	for x, want := range map[float64]string{0: "0 %", 1: "100 %", 1e-9: "0.1 %", 1 - 1e-9: "99.9 %", 0.5: "50 %"} {
		if got := percent(x); got != want {
			t.Errorf("%v is %q, want %q", x, got, want)
		}
	}
}
