package main

import (
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/trainer"
)

// streamWeights is the stream of random numbers that initial weights are from.
const streamWeights uint64 = 0x696e6974_00000000

// task is a model to train and what to train it on.
type task struct {
	settings settings // completed by prepare with what was not given
	data     *datasets.Dataset
	train    *datasets.Dataset
	held     *datasets.Dataset // nil: none
	model    *trainer.Classifier
	config   trainer.Config
}

// newTask reads the data.
func newTask(s settings) (*task, error) {
	o, err := s.options()
	if err != nil {
		return nil, err
	}
	t := &task{settings: s}
	if t.data, err = load(s.Data, o); err != nil {
		return nil, err
	}
	boundGarbage(t.data.X.Dims())
	return t, nil
}

// onlyClass returns the class that all rows are of, if there is only one: there
// is nothing to fit then.
func (t *task) onlyClass() (class string, ok bool) {
	s := t.data.Schema
	classes := s.Classes
	switch {
	case s.Labels != nil, s.Successes != "" && t.settings.NoIntercept:
		return "", false // without an intercept there are probabilities of 1/2
	case s.Successes != "":
		classes = []string{s.Failures, s.Successes}
	}
	for k, total := range trainer.ClassTotals(t.data) {
		if total == 0 {
			continue
		}
		if ok {
			return "", false
		}
		class, ok = classes[k], true
	}
	return class, ok
}

// split divides the data into rows to train on and rows held out.
func (t *task) split() error {
	s := &t.settings
	t.train = t.data
	if s.HeldOut > 0 {
		t.train, t.held = t.data.SplitInPlace(s.HeldOut, s.Seed)
		if t.held.Len() == 0 || t.train.Len() == 0 {
			return usagef("--held-out %g of %d rows leaves %d to train on and %d to hold out; both need one",
				s.HeldOut, t.data.Len(), t.train.Len(), t.held.Len())
		}
	}
	return nil
}

// scaling returns what gives the features of the training rows mean 0 and
// standard deviation 1.
func (t *task) scaling() *datasets.Scaling {
	scaling := datasets.MeasureScaling(t.train.X, t.train.Weights)
	if t.settings.NoIntercept {
		clear(scaling.Mean)
	}
	return scaling
}

// prepare builds the untrained model.
func (t *task) prepare() error {
	s := &t.settings
	f, err := s.activation()
	if err != nil {
		return err
	}
	if t.model, err = trainer.NewClassifier(t.data.Schema, t.scaling(), s.Hidden, f, random.New(s.Seed, streamWeights)); err != nil {
		return err
	}
	t.model.Net.Dropout = s.Dropout
	if s.NoIntercept {
		t.model.Net.Layers[0].Bias.Frozen = true
	}
	s.resolveSolver()
	t.config, err = s.config(t)
	return err
}

// checkKind refuses settings that do not go with the kind of target.
func (t *task) checkKind() error {
	kind, logits, err := trainer.KindOf(t.data.Schema)
	switch s := &t.settings; {
	case err != nil:
		return err
	case s.LabelSmoothing > 0 && kind != trainer.Multiclass:
		return usagef("--label-smoothing is for three classes or more; the target has two")
	case s.PosWeight != nil && kind == trainer.Multiclass:
		return usagef("--pos-weight is for two classes or labels; the target has %d classes; use --class-weight balanced", logits)
	case len(s.PosWeight) > 1 && len(s.PosWeight) != logits:
		return usagef("--pos-weight: %d weights for %d outcomes", len(s.PosWeight), logits)
	}
	return t.settings.checkSize(t.data.Schema.Width(), logits)
}

// parameters is the number of parameters of a model that training can change.
func parameters(c *trainer.Classifier) int {
	n := 0
	for _, p := range c.Net.Params() {
		if !p.Frozen {
			rows, columns := p.Value.Dims()
			n += rows * columns
		}
	}
	return n
}

// constant names the features, or columns of their levels, that have the same
// value in every row.
func constant(d *datasets.Dataset) []string {
	var names []string
	terms := d.Schema.Terms()
	for _, f := range d.Schema.Features {
		if len(f.Levels) == 1 {
			names = append(names, f.Name) // without a column
			continue
		}
		for range max(1, len(f.Levels)-1) {
			j := d.Schema.Width() - len(terms)
			if isConstant(d, j) {
				names = append(names, terms[0])
			}
			terms = terms[1:]
		}
	}
	return names
}

func isConstant(d *datasets.Dataset, column int) bool {
	for i := range d.Len() {
		if d.X.At(i, column) != d.X.At(0, column) {
			return false
		}
	}
	return true
}
