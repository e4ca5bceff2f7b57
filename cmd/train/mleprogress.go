package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/surprisal-ml/surprisal/mle"
)

// iterations shows how a fit by likelihood is going, if it takes long: on a
// terminal as a line that changes, elsewhere as a line every few seconds.
type iterations struct {
	w        io.Writer // nil: nothing is to be shown
	terminal bool
	interval time.Duration
	shown    time.Time
	open     bool // a line on the terminal
	last     mle.Progress
	doing    string // what comes after the iterations
}

func newIterations(p *program) *iterations {
	i := &iterations{interval: 5 * time.Second, shown: time.Now()}
	if p.quiet {
		return i
	}
	i.w = p.stderr
	if f, ok := p.stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		i.terminal, i.interval = true, 200*time.Millisecond
	}
	return i
}

// observe takes up the state after an iteration.
func (i *iterations) observe(p mle.Progress) {
	if p.Tests > 0 {
		i.phase(fmt.Sprintf("likelihood-ratio test %d of %d", p.Test, p.Tests))
		return
	}
	i.last, i.doing = p, ""
	text := fmt.Sprintf("iteration %d: objective %.8g nats", p.Iteration, p.Objective)
	if !math.IsNaN(p.Decrement) {
		text += fmt.Sprintf(", about %.2g standard errors from the optimum", p.Decrement)
	}
	i.show(text)
}

// phase says what is done when there are no iterations.
func (i *iterations) phase(name string) {
	i.doing = name
	i.show(name)
}

func (i *iterations) show(text string) {
	now := time.Now()
	if i.w == nil || now.Sub(i.shown) < i.interval {
		return
	}
	i.shown = now
	if i.terminal {
		fmt.Fprintf(i.w, "\r\x1b[K%s", text)
		i.open = true
		return
	}
	fmt.Fprintln(i.w, text)
}

// close takes the line off the terminal.
func (i *iterations) close() {
	if i.open {
		fmt.Fprint(i.w, "\r\x1b[K")
		i.open = false
	}
}

// interrupted says what an interrupted fit leaves behind.
func (i *iterations) interrupted() string {
	where := fmt.Sprintf("after iteration %d", i.last.Iteration)
	if i.doing != "" {
		where = "while computing " + i.doing
	}
	return fmt.Sprintf("interrupted %s. A fit by maximum likelihood has no checkpoint: nothing was written; the same command starts again.", where)
}
