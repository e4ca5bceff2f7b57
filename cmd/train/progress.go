package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/surprisal-ml/surprisal/trainer"
)

// progress shows how a run is going: on a terminal as a bar, elsewhere as a line
// every few seconds. Most events cost it a look at the clock.
type progress struct {
	task     *task
	w        io.Writer
	terminal bool
	bar      *progressbar.ProgressBar // on a terminal, from the first event
	began    time.Time
	shown    time.Time
	first    int64 // steps done before this process
	seen     bool  // the first event
	accuracy accuracy
}

func newProgress(w io.Writer, t *task) *progress {
	f, ok := w.(*os.File)
	now := time.Now()
	return &progress{task: t, w: w, terminal: ok && term.IsTerminal(int(f.Fd())), began: now, shown: now}
}

// Observe implements trainer.Observer.
func (p *progress) Observe(e trainer.Event) {
	now := time.Now()
	done := int64(e.Epoch)*int64(e.Batches) + int64(e.Batch) + 1
	total := int64(e.Epochs) * int64(e.Batches)
	if !p.seen {
		p.first, p.seen = done-1, true
		if p.terminal {
			p.bar = newBar(p.w, total-p.first)
		}
	}
	if e.Summary != nil {
		p.accuracy.update(p.task, e.Summary, now)
	}
	interval := 5 * time.Second
	if p.terminal {
		interval = 100 * time.Millisecond
	}
	if now.Sub(p.shown) < interval {
		return
	}
	p.shown = now
	status := fmt.Sprintf("epoch %d/%d loss %.3g%s", e.Epoch+1, e.Epochs, e.Loss, p.accuracy.text)
	if p.bar != nil { // what its methods return is about the terminal
		p.bar.Describe(status)
		p.bar.Set64(done - p.first)
		return
	}
	rate := float64(done-p.first) / now.Sub(p.began).Seconds()
	left := time.Duration(float64(total-done) / rate * float64(time.Second)).Round(time.Second)
	fmt.Fprintf(p.w, "%s, %.3g steps/s, %v left\n", status, rate, left)
}

// newBar returns a bar for a number of steps, which it counts from now on.
func newBar(w io.Writer, steps int64) *progressbar.ProgressBar {
	bar := progressbar.NewOptions64(steps,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("steps"),
		progressbar.OptionFullWidth(),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionUseANSICodes(true),
	)
	bar.StartWithoutRender()
	return bar
}

// close takes the bar off the terminal.
func (p *progress) close() {
	if p.bar != nil {
		p.bar.Clear()
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
			a.text = fmt.Sprintf(" held out %.3g (%.1f%%)", *e.HeldLoss, 100**e.HeldAccuracy)
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
	a.text = fmt.Sprintf(" accuracy %.1f%%", 100*float64(report.Accuracy))
	a.measured = time.Now()
	a.took = a.measured.Sub(now)
}
