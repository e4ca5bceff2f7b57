package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/surprisal-ml/surprisal/experiments"
)

// course shows how far experiments are: on a terminal as a bar, elsewhere as a
// line every few seconds.
type course struct {
	w        io.Writer
	bar      *bar // nil where there is no terminal
	interval time.Duration
	shown    time.Time
}

// parts of an experiment that the bar tells apart.
const parts = 1000

func newCourse(w io.Writer, count int) *course {
	c := &course{w: w, interval: 5 * time.Second, shown: time.Now()}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		c.bar, c.interval = newBar(w, int64(count)*parts), 100*time.Millisecond
	}
	return c
}

// observe takes up how far the experiments are.
func (c *course) observe(e experiments.Event) {
	now := time.Now()
	if now.Sub(c.shown) < c.interval {
		return
	}
	c.shown = now
	if c.bar != nil {
		c.bar.show(int64((float64(e.Index)+e.Share)*parts), fmt.Sprintf("%d/%d %s", e.Index+1, e.Count, e.Name))
		return
	}
	fmt.Fprintf(c.w, "experiment %d/%d: %s, %.0f%%\n", e.Index+1, e.Count, e.Name, 100*e.Share)
}

// close takes the bar off the terminal.
func (c *course) close() {
	if c.bar != nil {
		c.bar.clear()
	}
}
