package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/trainer"
)

type fitCmd struct {
	Data     string   `arg:"" optional:"" help:"CSV file, - for standard input, or the name of an embedded data set."`
	Settings settings `embed:""`

	Config          configFlag `placeholder:"FILE" group:"output" help:"Take flags from a JSON file; those typed go before. Every fit writes such a file beside its model."`
	Model           string     `placeholder:"FILE" group:"output" help:"Where to save the model; default: NAME.model in the current folder."`
	JSON            string     `name:"json" placeholder:"FILE" group:"output" help:"Write the complete result as JSON."`
	Log             string     `placeholder:"FILE" group:"output" help:"Write a line per epoch: .csv or .jsonl."`
	Plot            string     `placeholder:"DIR" group:"output" help:"Draw pictures of training, boundary, coefficients and quality, as SVG and PNG."`
	Checkpoint      string     `placeholder:"FILE" group:"output" help:"Where to save the state of the run now and then, and when it is interrupted; default: only then, beside the model."`
	CheckpointEvery int        `placeholder:"N" group:"output" help:"Epochs between checkpoints; default: as many as take half a minute."`
	Resume          string     `placeholder:"FILE" group:"output" help:"Go on from a checkpoint, with the same data and flags."`

	gallery gallery // of --plot
}

func (*fitCmd) Help() string {
	return `The kind of model follows from the target: two classes, logistic regression; more, multinomial; several target columns, one yes-no label each. --hidden makes it a network, trained by gradient descent; without, the fit is by maximum likelihood, with a proof of the optimum or of why there is none.

Examples:

    train fit iris
    train fit patients.csv --target outcome --features age,dose --held-out 0.2
    train fit doses.csv --successes died --failures survived --odds-ratio --profile
    train fit wine --penalty l2 --C cv --standardize
    train fit digits --hidden 64,32 --held-out 0.2 --patience 10 --plot pictures
    train fit moons --hidden 16 --solver sgd --lr 0.1 --momentum 0.9 --nesterov
    train fit --config iris.model.config.json

Exit status: 0 done, also when the data show that there is nothing to fit; 1 input that cannot be read or used, or output that cannot be written; 2 wrong usage; 3 with --strict, no estimate or no proof of it; 130 interrupted, of gradient descent with a checkpoint and the command that goes on from it.`
}

// Run is called by kong.
func (f *fitCmd) Run(p *program) error {
	if err := f.complete(); err != nil {
		return err
	}
	if err := f.checkOutputs(); err != nil {
		return err
	}
	t, err := newTask(f.Settings)
	if err != nil {
		return err
	}
	if class, ok := t.onlyClass(); ok {
		return f.reportOneClass(p, t, class)
	}
	if err := t.checkKind(); err != nil {
		return err
	}
	if err := t.split(); err != nil {
		return err
	}
	if f.Settings.byLikelihood() {
		return f.runLikelihood(p, t)
	}
	if err := t.prepare(); err != nil {
		return err
	}
	o, err := f.train(p, t)
	if err != nil {
		return err
	}
	if err := o.assess(); err != nil {
		return err
	}
	if linear(o.model) {
		if err := o.certify(p); err != nil {
			return err
		}
	}
	if err := f.save(o.model, o.json(), o.pictures); err != nil {
		return err
	}
	if f.madeByItself() {
		if err := os.Remove(f.Resume); err != nil {
			o.incomplete = fmt.Errorf("the checkpoint, which is not needed any more, cannot be removed: %w", err)
		}
	}
	if err := p.print(func(w *page) { o.print(w); f.printFiles(w, true) }); err != nil {
		return err
	}
	if o.incomplete != nil {
		return o.incomplete
	}
	return o.strictly()
}

// save writes the files of the result. A model that is nil is not written. What is
// wrong with a picture does not keep the rest from being written.
func (f *fitCmd) save(model *trainer.Classifier, result *fitJSON, pictures func() []picture) error {
	if model != nil {
		if err := model.Save(f.Model); err != nil {
			return err
		}
		if path := f.configFile(); path != "" {
			if err := f.Settings.save(path); err != nil {
				return err
			}
		}
	}
	var err error
	if f.Plot != "" {
		f.gallery.folder = f.Plot
		err = f.gallery.save(pictures())
		result.Plots = f.gallery.json()
	}
	if f.JSON != "" {
		err = errors.Join(err, writeJSON(f.JSON, result))
	}
	return err
}

// complete settles the data and the model file, and refuses wrong usage.
func (f *fitCmd) complete() error {
	if f.Data == "" && f.Config.configuration != nil {
		f.Data = f.Config.settings.Data
	}
	if f.Data == "" {
		return usagef("which table is the model to be fitted to? Name a file or a data set, as in: train fit iris")
	}
	f.Settings.Data = f.Data
	if f.Model == "" {
		f.Model = modelName(f.Data)
	}
	if f.CheckpointEvery < 0 {
		return usagef("--checkpoint-every %d: needs at least 1", f.CheckpointEvery)
	}
	if f.CheckpointEvery > 0 && f.Checkpoint == "" {
		return usagef("--checkpoint-every needs --checkpoint FILE")
	}
	if f.Checkpoint == "" {
		f.Checkpoint = f.Model + ".checkpoint"
		f.CheckpointEvery = never
	}
	if _, err := logFormat(f.Log); err != nil {
		return err
	}
	if err := f.Settings.check(); err != nil {
		return err
	}
	return f.checkRun()
}

// modelName names the model of a table: data/iris.csv.gz gives iris.model.
func modelName(data string) string {
	if data == "-" {
		return "stdin.model"
	}
	name := strings.TrimSuffix(filepath.Base(data), ".gz")
	return strings.TrimSuffix(name, filepath.Ext(name)) + ".model"
}

// train runs the training; the outcome is not assessed yet.
func (f *fitCmd) train(p *program, t *task) (*outcome, error) {
	tr, err := trainer.New(t.model, t.train, t.held, t.config)
	if err != nil {
		return nil, err
	}
	if f.Resume != "" {
		if err := t.resume(tr, f.Resume); err != nil {
			return nil, err
		}
	}
	ctx, stop := p.interruptible()
	defer stop()
	var observers []trainer.Observer
	if !p.quiet {
		progress := newProgress(p.stderr, t)
		defer progress.close()
		observers = append(observers, progress)
	}
	keeper, err := f.newCheckpointer(p, t, tr)
	if err != nil {
		return nil, err
	}
	observers = append(observers, keeper)
	var log *epochLog
	if f.Log != "" {
		if log, err = openLog(f.Log, tr.Checkpoint().Progress.History); err != nil {
			return nil, err
		}
		observers = append(observers, log)
	}
	result, err := tr.Run(ctx, observers...)
	logErr := log.close()
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", t.data.Name, err)
	case result.Reason == trainer.Interrupted:
		return nil, f.interrupted(p, keeper, result)
	}
	keeper.finish()
	o := &outcome{task: t, result: result, incomplete: keeper.err}
	if logErr != nil {
		o.incomplete = logErr
	}
	return o, nil
}

// outcome is a finished fit and what is known about it.
type outcome struct {
	*task
	result     trainer.Result
	incomplete error // an output beside the model that could not be written

	training     metrics.Report
	held         *metrics.Report
	objective    float64 // the sum that training minimised the mean of
	weight       float64 // what that mean divides by
	null         float64 // log-likelihood of the frequencies
	coefficients *trainer.Coefficients
	distance     *distance // from the optimum; nil with hidden layers
}

// measure finds out how good the predictions of the model are.
func (o *outcome) measure() error {
	var err error
	if o.training, err = o.model.Evaluate(o.train, true); err != nil {
		return err
	}
	if o.task.held != nil {
		held, err := o.model.Evaluate(o.task.held, true)
		if err != nil {
			return err
		}
		o.held = &held
	}
	o.null = o.nullLogLik()
	return nil
}

// assess finds out what there is to say of a trained model.
func (o *outcome) assess() error {
	err := o.measure()
	if err != nil {
		return err
	}
	if o.objective, o.weight, err = o.model.Objective(o.train, o.config.Loss); err != nil {
		return err
	}
	if !linear(o.model) {
		return nil
	}
	b, err := o.model.Coefficients(o.settings.Standardize)
	if err != nil {
		return err
	}
	o.coefficients = &b
	if o.unpenalized() {
		o.objective = -float64(o.training.LogLik) // the same, with compensated sums
	}
	return nil
}

// unpenalized reports whether training minimised the negative log-likelihood
// and nothing else.
func (o *outcome) unpenalized() bool {
	l := o.config.Loss
	return l.ClassWeight == nil && l.PosWeight == nil && l.LabelSmoothing == 0
}
