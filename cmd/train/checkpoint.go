package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/surprisal-ml/surprisal/trainer"
)

// never is a number of epochs that no run has.
const never = math.MaxInt

// checkpointer saves the state of a run every few epochs.
type checkpointer struct {
	trainer *trainer.Trainer
	path    string
	every   int // epochs; 0: as many as take half a minute
	warn    io.Writer
	last    time.Time
	err     error // the first that could not be written
}

// Observe saves a checkpoint when one is due.
func (c *checkpointer) Observe(e trainer.Event) {
	if e.Summary == nil || c.err != nil {
		return
	}
	if c.every > 0 {
		if e.Summary.Epoch%c.every != 0 {
			return
		}
	} else {
		now := time.Now()
		if c.last.IsZero() {
			c.last = now
		}
		if now.Sub(c.last) < 30*time.Second {
			return
		}
		c.last = now
	}
	if c.err = c.trainer.Checkpoint().Save(c.path); c.err != nil {
		fmt.Fprintf(c.warn, "train: %v; training goes on without checkpoints\n", c.err)
	}
}

// resume brings a run to where a checkpoint file says.
func resume(t *trainer.Trainer, path string) error {
	c, err := trainer.LoadCheckpoint(path)
	if err != nil {
		return err
	}
	if err := t.Resume(c); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// interrupted writes the checkpoint and returns the error that says how to go
// on.
func (f *fitCmd) interrupted(p *program, t *trainer.Trainer, r trainer.Result) error {
	if err := t.Checkpoint().Save(f.Checkpoint); err != nil {
		return &interruptedError{fmt.Sprintf("interrupted after epoch %d, and the run is lost: %v", len(r.History), err)}
	}
	return &interruptedError{fmt.Sprintf("interrupted after epoch %d; the state of the run is in %s. Go on with\n\n    %s\n",
		len(r.History), f.Checkpoint, resumeCommand(p.args, f.Checkpoint))}
}

// resumeCommand is the command line that was typed, to go on from a checkpoint.
func resumeCommand(args []string, checkpoint string) string {
	words := []string{"train"}
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--resume":
			i++
		case strings.HasPrefix(args[i], "--resume="):
		default:
			words = append(words, shellQuote(args[i]))
		}
	}
	return strings.Join(append(words, "--resume", shellQuote(checkpoint)), " ")
}

// shellQuote quotes a word for a POSIX shell, if it needs it.
func shellQuote(word string) string {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%"
	if word != "" && strings.Trim(word, safe) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
