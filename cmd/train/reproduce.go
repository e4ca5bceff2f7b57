package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/surprisal-ml/surprisal/experiments"
	"github.com/surprisal-ml/surprisal/experiments/report"
	"github.com/surprisal-ml/surprisal/internal/atomicfile"
)

type reproduceCmd struct {
	Names []string `arg:"" optional:"" name:"name" help:"Experiments to run; default: all. --list names them."`

	List  bool    `help:"Say what there is to reproduce, and run nothing."`
	Quick bool    `help:"Less data and fewer replicates: a few seconds for all."`
	Seed  *uint64 `placeholder:"0" help:"Of all random numbers. The same seed gives the same files, byte for byte."`
	Out   string  `placeholder:"DIR" help:"Folder for the report and its figures; default: reproduction."`
	JSON  string  `name:"json" placeholder:"FILE" help:"Write verdicts, numbers and tables as JSON; with --list, the list."`
}

func (*reproduceCmd) Help() string {
	return `Each claim about maximum likelihood, cross-entropy and logistic regression is tried on data, and decided by numbers with the limits they have to keep. The report, one page that needs no network, explains them in the order of a course.

DIR gets report.html, results.json and figures/*.svg and *.png. They take the place of an earlier report there, with all its figures; other files are left alone.

Examples:

    train reproduce
    train reproduce --quick --out report
    train reproduce separation implementations
    train reproduce --list

Exit status: 0 every claim holds, if need be with the correction that is printed; 1 the report cannot be written, or an experiment cannot be carried out; 2 wrong usage; 3 a claim fails; 130 interrupted: what is finished is in the report, which names what is missing.`
}

// Run is called by kong.
func (c *reproduceCmd) Run(p *program) error {
	list, err := experiments.Select(c.Names...)
	if err != nil {
		return &usageError{err}
	}
	if c.List {
		return c.list(p, list)
	}
	return c.reproduce(p, list)
}

// list says what the experiments are about.
func (c *reproduceCmd) list(p *program, all []experiments.Experiment) error {
	if c.Quick || c.Seed != nil || c.Out != "" {
		return usagef("--list runs nothing: leave out --quick, --seed and --out")
	}
	if c.JSON != "" {
		if err := writeJSON(c.JSON, all); err != nil {
			return err
		}
	}
	return p.print(func(w *page) {
		for i, e := range all {
			if i > 0 {
				w.line("")
			}
			w.line("%s: %s", e.Name, e.Title)
			w.item("%s", e.Claim)
		}
	})
}

// reproduce runs the experiments and writes what came out.
func (c *reproduceCmd) reproduce(p *program, list []experiments.Experiment) error {
	if c.Out == "" {
		c.Out = "reproduction"
	}
	options := experiments.Options{Quick: c.Quick}
	if c.Seed != nil {
		options.Seed = *c.Seed
	}
	_, err := os.Stat(c.Out)
	made := errors.Is(err, fs.ErrNotExist)
	if err := c.checkOutputs(); err != nil {
		return err
	}
	ctx, stop := p.interruptible()
	defer stop()
	outcomes := runExperiments(ctx, p, list, options)
	t := tallyOf(outcomes)
	if t.finished() == 0 && t.interrupted {
		if made {
			os.Remove(c.Out) // unless something is in it by now
		}
		return &interruptedError{"interrupted before an experiment was finished: nothing was written"}
	}
	files, err := report.Write(c.Out, outcomes, options)
	if err != nil {
		return err
	}
	if c.JSON != "" {
		if err := atomicfile.Write(c.JSON, func(w io.Writer) error { return report.JSON(w, outcomes, options) }); err != nil {
			return err
		}
	}
	if err := p.print(func(w *page) {
		t.print(w, outcomes)
		w.line("")
		c.printFiles(w, files)
	}); err != nil {
		return err
	}
	return t.err(c.again(t.missing))
}

// checkOutputs finds out whether the files can be written.
func (c *reproduceCmd) checkOutputs() error {
	in := func(name string) string { return filepath.Join(c.Out, name) }
	if err := checkClashes(nil, []role{{"the report", in("report.html")}, {"the numbers beside the report", in("results.json")}, {"--json", c.JSON}}); err != nil {
		return err
	}
	if err := report.Prepare(c.Out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	if c.JSON == "" {
		return nil
	}
	if err := writable(c.JSON); err != nil {
		return fmt.Errorf("--json %s cannot be written: %w", c.JSON, err)
	}
	return nil
}

// printFiles names the files, the pictures by their number.
func (c *reproduceCmd) printFiles(w *page, files []string) {
	pictures := 0
	for _, f := range files {
		if filepath.Ext(f) == ".svg" { // each is there as .png too
			pictures++
		}
	}
	w.entry("Written", "%s, to be opened in a browser", filepath.Join(c.Out, "report.html"))
	w.entry("", "%s", filepath.Join(c.Out, "results.json"))
	w.entry("", "%s: %s, each as SVG and PNG", filepath.Join(c.Out, "figures"), plural(pictures, "picture"))
	if c.JSON != "" {
		w.entry("", "%s", c.JSON)
	}
}

// again is the command that runs what is missing.
func (c *reproduceCmd) again(missing []string) string {
	args := append([]string{"train", "reproduce"}, missing...)
	if c.Quick {
		args = append(args, "--quick")
	}
	if c.Seed != nil {
		args = append(args, fmt.Sprintf("--seed %d", *c.Seed))
	}
	return strings.Join(args, " ")
}

// runExperiments runs the experiments and shows how far they are.
func runExperiments(ctx context.Context, p *program, list []experiments.Experiment, o experiments.Options) []experiments.Outcome {
	if p.quiet {
		return experiments.Run(ctx, list, o, nil)
	}
	progress := newCourse(p.stderr, len(list))
	defer progress.close()
	return experiments.Run(ctx, list, o, progress.observe)
}
