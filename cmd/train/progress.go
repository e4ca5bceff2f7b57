package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/surprisal-ml/surprisal/trainer"
)

// newProgress returns an observer that shows a run on a terminal as a bar, and
// elsewhere as a line every few seconds.
func newProgress(w io.Writer, t *task) *progress {
	p := &progress{task: t, w: w, interval: 5 * time.Second, shown: time.Now(), began: time.Now()}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.interval = 100 * time.Millisecond
		p.bar = progressbar.NewOptions64(1,
			progressbar.OptionSetWriter(w),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionShowIts(),
			progressbar.OptionSetItsString("steps"),
			progressbar.OptionSetWidth(12),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionUseANSICodes(true),
		)
	}
	return p
}

// progress shows how a run is going. Most events cost it a look at the clock.
type progress struct {
	task     *task
	w        io.Writer
	bar      *progressbar.ProgressBar // nil: lines
	interval time.Duration
	began    time.Time
	shown    time.Time
	first    int64 // steps done before this process
	steps    int64 // steps done, those before included
	accuracy accuracy
}

// Observe implements trainer.Observer.
func (p *progress) Observe(e trainer.Event) {
	now := time.Now()
	done := int64(e.Epoch)*int64(e.Batches) + int64(e.Batch) + 1
	if p.steps == 0 {
		p.first = done - 1
	}
	p.steps = done
	if e.Summary != nil {
		p.accuracy.update(p.task, e.Summary, now)
	}
	if now.Sub(p.shown) < p.interval {
		return
	}
	p.shown = now
	total := int64(e.Epochs) * int64(e.Batches)
	status := fmt.Sprintf("epoch %d/%d loss %.4g%s", e.Epoch+1, e.Epochs, e.Loss, p.accuracy.text)
	if p.bar != nil {
		p.bar.ChangeMax64(total)
		p.bar.Describe(status)
		p.bar.Set64(done) // what it returns is about the terminal
		return
	}
	rate := float64(done-p.first) / now.Sub(p.began).Seconds()
	left := time.Duration(float64(total-done) / rate * float64(time.Second)).Round(time.Second)
	fmt.Fprintf(p.w, "%s, %.3g steps/s, %v left\n", status, rate, left)
}

// close takes the bar off the terminal.
func (p *progress) close() {
	if p.bar != nil {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", 79))
	}
}

// accuracy is the accuracy to show: that on the held-out rows, which the
// trainer measures every epoch, or else on the rows trained on, measured here
// as seldom as is needed to slow nothing down.
type accuracy struct {
	text     string
	measured time.Time
	took     time.Duration
}

func (a *accuracy) update(t *task, e *trainer.Epoch, now time.Time) {
	if e.HeldLoss != nil {
		if now.Sub(a.measured) > 50*time.Millisecond {
			a.text = fmt.Sprintf(", held-out loss %.4g accuracy %.4f", *e.HeldLoss, *e.HeldAccuracy)
			a.measured = now
		}
		return
	}
	if now.Sub(a.measured) < max(time.Second, 50*a.took) {
		return
	}
	report, err := t.model.Evaluate(t.train, false)
	if err != nil {
		return // the trainer will say what is wrong with the numbers
	}
	a.text = fmt.Sprintf(" accuracy %.4f", float64(report.Accuracy))
	a.measured = time.Now()
	a.took = a.measured.Sub(now)
}
