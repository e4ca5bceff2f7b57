package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/surprisal-ml/surprisal/trainer"
)

// logFormat returns the format of a log, "csv" or "jsonl", by its name.
func logFormat(path string) (string, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); {
	case path == "":
		return "", nil
	case ext == ".csv", ext == ".jsonl":
		return ext[1:], nil
	}
	return "", usagef("--log %s: the name says the format; end it with .csv or .jsonl", path)
}

// epochLog writes a line per epoch.
type epochLog struct {
	path   string
	file   *os.File
	w      *bufio.Writer
	format string
	shown  time.Time // when the lines so far went to the file
}

// openLog begins a log with the epochs that were done before.
func openLog(path string, done []trainer.Epoch) (*epochLog, error) {
	format, err := logFormat(path)
	if err != nil {
		return nil, err
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("--log %s: %s", path, reason(err))
	}
	l := &epochLog{path: path, file: f, w: bufio.NewWriter(f), format: format}
	if format == "csv" {
		fmt.Fprintln(l.w, "epoch,loss,learning_rate,gradient_norm,held_loss,held_accuracy")
	}
	for _, e := range done {
		l.write(e)
	}
	return l, nil
}

// Observe writes the line of a finished epoch. The first error stays with the
// writer until close.
func (l *epochLog) Observe(e trainer.Event) {
	if e.Summary != nil {
		l.write(*e.Summary)
		if time.Since(l.shown) > time.Second {
			l.w.Flush()
			l.shown = time.Now()
		}
	}
}

func (l *epochLog) write(e trainer.Epoch) {
	if l.format == "jsonl" {
		line, _ := json.Marshal(epochJSON(e)) // cannot fail: numbers only
		l.w.Write(append(line, '\n'))
		return
	}
	cells := []string{strconv.Itoa(e.Epoch), text(e.Loss), text(e.LearningRate), text(e.GradientNorm), "", ""}
	if e.HeldLoss != nil {
		cells[4], cells[5] = text(*e.HeldLoss), text(*e.HeldAccuracy)
	}
	fmt.Fprintln(l.w, strings.Join(cells, ","))
}

// text is the shortest that reads back to x.
func text(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// close returns the first error of the log. A nil log has none.
func (l *epochLog) close() error {
	if l == nil {
		return nil
	}
	err := l.w.Flush()
	if closing := l.file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("the log %s is incomplete: %s", l.path, reason(err))
	}
	return nil
}
