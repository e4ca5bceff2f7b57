package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/atomicfile"
	"github.com/surprisal-ml/surprisal/trainer"
)

// tableFlags say how a table to predict from is written.
type tableFlags struct {
	Missing   datasets.Missing `default:"error" help:"Missing cells: error, but for numbers whose mean the model remembers, which is put there; drop (the row); or mean, which refuses models that remember none."`
	Separator string           `placeholder:"CHAR" help:"Between cells: a character or tab; default: as in the first line."`
	Decimal   string           `placeholder:"CHAR" help:"Decimal point: . or a comma."`
}

func (f *tableFlags) options() (datasets.StreamOptions, error) {
	between, point, err := dialect(f.Separator, f.Decimal)
	return datasets.StreamOptions{Missing: f.Missing, Separator: between, Decimal: point}, err
}

type predictCmd struct {
	Model string `arg:"" help:"Model file."`
	Data  string `arg:"" help:"CSV file, - for standard input, or the name of an embedded data set."`

	Keep   list[string] `placeholder:"A,B" help:"Columns of DATA to copy before the predictions, which tell whose they are."`
	Output string       `short:"o" placeholder:"FILE" help:"Write to a file, which appears whole or not at all; default: standard output."`
	Format string       `enum:"csv,jsonl" default:"csv" help:"csv or jsonl."`
	Table  tableFlags   `embed:""`
}

func (*predictCmd) Help() string {
	return `Writes a line per row, in the order of the rows: the predicted class and the probability of each, or for several labels each label and its probability. Columns of DATA are found by name; further ones, the target too, are ignored. --keep copies columns, to join predictions to rows by a key even where --missing drop leaves rows out. Memory does not grow with the number of rows.

Examples:

    train predict iris.model new.csv
    train predict patients.model new.csv --keep patient_id --missing drop
    train predict iris.model - < new.csv | head
    train predict digits.model digits --format jsonl --output digits.jsonl`
}

// Run is called by kong.
func (c *predictCmd) Run(p *program) error {
	options, err := c.Table.options()
	if err != nil {
		return err
	}
	options.Keep = c.Keep
	if err := checkClashes([]role{dataRole(c.Data), {"the model", c.Model}}, []role{{"--output", c.Output}}); err != nil {
		return err
	}
	model, err := loadModel(c.Model)
	if err != nil {
		return err
	}
	if err := c.checkKeep(model); err != nil {
		return err
	}
	ctx, stop := p.interruptible()
	defer stop()
	dropped := 0
	write := func(w io.Writer) error {
		f := newFormat(c.Format, w, model, c.Keep)
		return eachBlock(ctx, model, c.Data, options, func(b *datasets.Block, name string) error {
			dropped += b.Dropped
			predictions := model.PredictRows(b.X)
			for i, p := range predictions {
				if math.IsNaN(p.Probabilities[0]) {
					return &datasets.Error{File: name, Line: b.Lines[i], Problem: "the numbers are so large that the prediction is not a number"}
				}
			}
			return f.write(predictions, b.Kept)
		})
	}
	if c.Output != "" {
		err = atomicfile.Write(c.Output, write)
		var data *datasets.Error
		if errors.As(err, &data) {
			err = data // what is wrong is not the output
		}
	} else {
		err = write(standardOutput{p.stdout})
	}
	if err == nil && dropped > 0 && !p.quiet {
		fmt.Fprintf(p.stderr, "train: %s with missing cells left out\n", plural(dropped, "row"))
	}
	return err
}

// checkKeep refuses columns that the predictions have already.
func (c *predictCmd) checkKeep(model *trainer.Classifier) error {
	if c.Format != "csv" {
		return nil
	}
	header := csvHeader(outcomeNames(model), model.Kind == trainer.Multilabel)
	for _, name := range c.Keep {
		if slices.Contains(header, name) {
			return usagef("--keep %s: the predictions have a column of that name; use --format jsonl, or rename it", name)
		}
	}
	return nil
}

// standardOutput gives errors of writing their words.
type standardOutput struct{ w io.Writer }

func (s standardOutput) Write(b []byte) (int, error) {
	n, err := s.w.Write(b)
	return n, written(err)
}

// eachBlock calls f with the rows of a table, block by block, until ctx is
// cancelled. It tells f what errors call the table.
func eachBlock(ctx context.Context, model *trainer.Classifier, data string, o datasets.StreamOptions, f func(b *datasets.Block, name string) error) error {
	r, err := datasets.Open(data)
	if err != nil {
		return err
	}
	defer r.Close()
	name := tableName(data)
	for b, err := range datasets.Stream(r, name, model.Schema, o) {
		if err != nil {
			return err
		}
		if err := f(b, name); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return &interruptedError{"interrupted"}
		}
	}
	return nil
}

// loadModel reads a model file.
func loadModel(path string) (*trainer.Classifier, error) {
	model, err := trainer.Load(path)
	var file *fs.PathError
	if !errors.As(err, &file) {
		return model, err
	}
	err = fmt.Errorf("%s: the model cannot be read: %w", path, file.Err)
	if beside := modelName(path); isFile(beside) {
		err = fmt.Errorf("%w; did you mean %s?", err, beside)
	} else if _, known := datasets.Lookup(path); known {
		err = fmt.Errorf("%w; for a model of this data set: train fit %s", err, path)
	}
	return nil, err
}
