package main

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/alecthomas/kong"
)

// The exit status of the program.
const (
	statusDone        = 0
	statusFailed      = 1
	statusUsage       = 2
	statusFinding     = 3   // fit --strict: no estimate exists, or it is not certified; reproduce: a claim fails
	statusInterrupted = 130 // as shells report a death by Ctrl-C
)

// usageError is a call that makes no sense whatever the data are.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// interruptedError says what an interrupted command leaves behind.
type interruptedError struct{ message string }

func (e *interruptedError) Error() string { return e.message }

// strictError is a finding that --strict takes for a failure.
type strictError struct{ message string }

func (e *strictError) Error() string { return e.message }

// claimError is a claim that reproduce saw fail.
type claimError struct{ message string }

func (e *claimError) Error() string { return e.message }

// internalError is a bug.
type internalError struct {
	fault any
	stack []byte
}

func (e *internalError) Error() string {
	return fmt.Sprintf("internal error: %v\nThis is a bug in train; please report it with the lines below.\n%s", e.fault, e.stack)
}

// outputError is a standard output that cannot be written.
type outputError struct{ err error }

func (e *outputError) Error() string { return fmt.Sprintf("writing to standard output: %v", e.err) }
func (e *outputError) Unwrap() error { return e.err }

// parseError tells wrong usage from a configuration file that cannot be used, and
// from help that cannot be written.
func parseError(err error) error {
	var config *configError
	var output *outputError
	switch {
	case errors.As(err, &config):
		return config
	case errors.As(err, &output):
		return output
	case errors.Is(err, errClosedPipe):
		return errClosedPipe
	}
	return &usageError{fmt.Errorf("%w; see train --help", err)}
}

// status reports err and returns the exit status for it.
func (p *program) status(err error) int {
	code := statusFailed
	var usage *usageError
	var interrupted *interruptedError
	var strict *strictError
	var claim *claimError
	var parse *kong.ParseError
	switch {
	case err == nil, errors.Is(err, errClosedPipe):
		return statusDone
	case errors.As(err, &usage), errors.As(err, &parse):
		code = statusUsage
	case errors.As(err, &strict), errors.As(err, &claim):
		code = statusFinding
	case errors.As(err, &interrupted):
		code = statusInterrupted
	}
	fmt.Fprintf(p.stderr, "train: %v\n", err)
	return code
}

// errClosedPipe is a reader of the standard output that has seen enough.
var errClosedPipe = errors.New("standard output: closed by its reader")

// written returns the error of writing to standard output in words.
func written(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EPIPE):
		return errClosedPipe
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		err = errno
	}
	return &outputError{err}
}
