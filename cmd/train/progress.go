package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/trainer"
)

// progress shows how a run is going: on a terminal as a bar, elsewhere as a line
// every few seconds. Most events cost it a look at the clock.
type progress struct {
	w        io.Writer
	terminal bool
	bar      *bar // on a terminal, from the first event
	began    time.Time
	shown    time.Time
	first    int64          // steps done before this process
	seen     bool           // the first event
	held     *trainer.Epoch // the last epoch, if rows are held out
	accuracy accuracy
	name     string // of the accuracy
}

func newProgress(w io.Writer, t *task) *progress {
	f, ok := w.(*os.File)
	now := time.Now()
	p := &progress{w: w, terminal: ok && term.IsTerminal(int(f.Fd())), began: now, shown: now, name: "accuracy"}
	if t.model.Kind == trainer.Multilabel {
		p.name = "subset accuracy"
	}
	if t.held == nil {
		p.accuracy = accuracy{model: t.model, rows: sample(t.train, 2000)}
	}
	return p
}

// Observe implements trainer.Observer.
func (p *progress) Observe(e trainer.Event) {
	now := time.Now()
	done := int64(e.Epoch)*int64(e.Batches) + int64(e.Batch) + 1
	total := int64(e.Epochs) * int64(e.Batches)
	if !p.seen {
		p.first, p.seen = done-1, true
		if p.terminal {
			p.bar = newBar(p.w, total-p.first, progressbar.OptionShowIts(), progressbar.OptionSetItsString("step"))
		}
	}
	if e.Summary != nil && e.Summary.HeldLoss != nil {
		p.held = e.Summary
	}
	interval := 5 * time.Second
	if p.terminal {
		interval = 100 * time.Millisecond
	}
	if now.Sub(p.shown) < interval {
		return
	}
	p.shown = now
	if p.bar != nil {
		p.bar.show(done-p.first, p.short(e))
		return
	}
	rate := float64(done-p.first) / now.Sub(p.began).Seconds()
	left := time.Duration(float64(total-done) / rate * float64(time.Second)).Round(time.Second)
	fmt.Fprintf(p.w, "%s; %.3g steps/s, %v left\n", p.long(e), rate, left)
}

// short is a status that leaves room for a bar in 80 columns.
func (p *progress) short(e trainer.Event) string {
	text := fmt.Sprintf("%d/%d loss %.3g", e.Epoch+1, e.Epochs, e.Loss)
	if p.held != nil {
		return text + fmt.Sprintf(" held-out %.3g %.1f%%", *p.held.HeldLoss, 100**p.held.HeldAccuracy)
	}
	if a, ok := p.accuracy.measure(); ok {
		text += fmt.Sprintf(" %s %.1f%%", p.name, 100*a)
	}
	return text
}

func (p *progress) long(e trainer.Event) string {
	text := fmt.Sprintf("epoch %d/%d: loss %.3g", e.Epoch+1, e.Epochs, e.Loss)
	if p.held != nil {
		return text + fmt.Sprintf("; held out: loss %.3g, %s %.1f%%", *p.held.HeldLoss, p.name, 100**p.held.HeldAccuracy)
	}
	if a, ok := p.accuracy.measure(); ok {
		text += fmt.Sprintf(", %s %.1f%%", p.name, 100*a)
	}
	return text
}

// close takes the bar off the terminal.
func (p *progress) close() {
	if p.bar != nil {
		p.bar.clear()
	}
}

// accuracy is that of the model as it is, on rows that it is trained on, measured
// whenever it is shown unless that would slow the training down.
type accuracy struct {
	model *trainer.Classifier
	rows  *datasets.Dataset // nil: there is none to show

	value    float64
	measured time.Time
	took     time.Duration
}

// measure returns the accuracy. It reports false if there is none, or it cannot
// be measured: the trainer will say what is wrong with the numbers.
func (a *accuracy) measure() (value float64, ok bool) {
	if a.rows == nil {
		return 0, false
	}
	began := time.Now()
	if began.Sub(a.measured) < 20*a.took {
		return a.value, true
	}
	report, err := a.model.Evaluate(a.rows, false)
	if err != nil {
		return 0, false
	}
	a.value, a.measured = float64(report.Accuracy), time.Now()
	a.took = a.measured.Sub(began)
	return a.value, true
}

// sample returns d, or of a larger one so many rows from all over it.
func sample(d *datasets.Dataset, most int) *datasets.Dataset {
	if d.Len() <= most {
		return d
	}
	rows := make([]int, most)
	for i := range rows {
		rows[i] = int(int64(i) * int64(d.Len()) / int64(most))
	}
	return d.Rows(rows)
}
