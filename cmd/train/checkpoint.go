package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"time"

	"github.com/surprisal-ml/surprisal/trainer"
)

// never is a number of epochs that no run has.
const never = math.MaxInt

// checkpointer saves the state of a run every few epochs.
type checkpointer struct {
	trainer  *trainer.Trainer
	settings json.RawMessage // of the run, to tell how another differs
	path     string
	every    int // epochs; 0: as many as take half a minute
	warn     io.Writer
	last     time.Time
	err      error // the first that could not be written
}

func (f *fitCmd) newCheckpointer(p *program, t *task, tr *trainer.Trainer) (*checkpointer, error) {
	text, err := json.Marshal(t.settings)
	return &checkpointer{trainer: tr, settings: text, path: f.Checkpoint, every: f.CheckpointEvery, warn: p.stderr}, err
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
	if c.err = c.save(); c.err != nil {
		fmt.Fprintf(c.warn, "train: %v; training goes on without checkpoints\n", c.err)
	}
}

// finish saves the state that a run ended in, from which it could be extended,
// if a checkpoint was asked for.
func (c *checkpointer) finish() {
	if c.every != never && c.err == nil {
		c.err = c.save()
	}
}

func (c *checkpointer) save() error {
	checkpoint := c.trainer.Checkpoint()
	checkpoint.Settings = c.settings
	return checkpoint.Save(c.path)
}

// interrupted writes the checkpoint and the configuration, and returns the error
// that says how to go on.
func (f *fitCmd) interrupted(p *program, c *checkpointer, r trainer.Result) error {
	if err := c.save(); err != nil {
		return &interruptedError{fmt.Sprintf("interrupted after epoch %d, and the run is lost: %v", len(r.History), err)}
	}
	text := fmt.Sprintf("interrupted after epoch %d; the state of the run is in %s.", len(r.History), f.Checkpoint)
	if path := f.configFile(); path != "" {
		if err := f.Settings.save(path); err != nil {
			return &interruptedError{fmt.Sprintf("%s Its settings are lost: %v", text, err)}
		}
	}
	return &interruptedError{fmt.Sprintf("%s Go on with\n\n    %s\n", text, resumeCommand(p.args, f.Checkpoint))}
}

// madeByItself reports whether the checkpoint that the run resumed from is one
// that an interrupted run left beside its model without being asked to.
func (f *fitCmd) madeByItself() bool {
	return f.Resume != "" && f.CheckpointEvery == never && filepath.Clean(f.Resume) == filepath.Clean(f.Checkpoint)
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
