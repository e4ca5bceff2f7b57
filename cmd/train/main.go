// Command train fits classifiers to tables, applies them and measures how good
// they are, and reproduces what is claimed about likelihood and cross-entropy. A
// network without hidden layers is logistic regression; see docs/cli.md.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

type commands struct {
	Fit       fitCmd       `cmd:"" help:"Fit a model to a table."`
	Predict   predictCmd   `cmd:"" help:"Predict classes and probabilities for the rows of a table."`
	Evaluate  evaluateCmd  `cmd:"" help:"Measure how good the predictions for a labelled table are."`
	Inspect   inspectCmd   `cmd:"" help:"Show what a model file contains."`
	Reproduce reproduceCmd `cmd:"" help:"Try the claims about maximum likelihood and cross-entropy, and write a report."`
	Datasets  datasetsCmd  `cmd:"" help:"List the data sets that are part of the program."`

	Quiet   bool        `short:"q" help:"No progress on standard error."`
	Version versionFlag `help:"Print the version."`
}

// versionFlag is kong.VersionFlag, which does not look whether it could write.
type versionFlag bool

// BeforeReset is called by kong.
func (versionFlag) BeforeReset(app *kong.Kong) error {
	if _, err := fmt.Fprintln(app.Stdout, version()); err != nil {
		return err
	}
	app.Exit(statusDone)
	return nil
}

// program is what a command needs of the world around it.
type program struct {
	args           []string // as typed, without the name of the program
	stdout, stderr io.Writer
	quiet          bool
	// interruptible returns a context that is cancelled when the user asks the
	// program to stop, until stop is called.
	interruptible func() (ctx context.Context, stop context.CancelFunc)
}

func main() {
	signal.Ignore(syscall.SIGPIPE) // a closed pipe is an error of the write: see status
	p := &program{args: os.Args[1:], stdout: os.Stdout, stderr: os.Stderr, interruptible: onSignal}
	os.Exit(p.run())
}

// onSignal is interruptible by Ctrl-C and by SIGTERM. After the first of them
// the second ends the process at once.
func onSignal() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// run does what the arguments say and returns the exit status.
func (p *program) run() (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			code = p.status(&internalError{fault, debug.Stack()})
		}
	}()
	var c commands
	parser := kong.Must(&c,
		kong.Name("train"),
		kong.Description(description),
		kong.Writers(standardOutput{p.stdout}, p.stderr),
		kong.WithHyphenPrefixedParameters(true),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 90}),
		kong.ExplicitGroups(flagGroups),
	)
	command, err := parser.Parse(p.args)
	if err != nil {
		return p.status(parseError(err))
	}
	p.quiet = c.Quiet
	return p.status(command.Run(p))
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return "train " + info.Main.Version
	}
	return "train"
}

const description = `Train classifiers whose answer can be trusted. DATA is a CSV file, - for standard input, or the name of an embedded data set.

Examples:

    train fit iris
    train fit patients.csv --target outcome --held-out 0.2
    train fit digits --hidden 64,32 --model digits.model
    train predict digits.model new.csv > predictions.csv
    train evaluate digits.model labelled.csv --json quality.json
    train reproduce

Exit status: 0 done; 1 input that cannot be read or used, or output that cannot be written; 2 wrong usage; 3 fit --strict without an estimate, or a claim that reproduce saw fail; 130 interrupted (fit: with a checkpoint to resume from).`
