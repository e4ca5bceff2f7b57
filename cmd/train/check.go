package main

import (
	"strings"
	"unicode/utf8"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/datasets"
)

// check refuses settings that make no sense whatever the data are. Flags that
// would do nothing are refused as well: who gives them expects something.
func (s *settings) check() error {
	if err := s.checkFinite(); err != nil {
		return err
	}
	switch {
	case s.HeldOut < 0 || s.HeldOut >= 1:
		return usagef("--held-out %g: a share of the rows is at least 0 and below 1", s.HeldOut)
	case s.Patience != nil && s.HeldOut == 0:
		return usagef("--patience watches the held-out loss: add --held-out 0.2")
	case s.Patience != nil && *s.Patience < 1:
		return usagef("--patience %d: needs at least 1 epoch", *s.Patience)
	case s.Epochs != nil && *s.Epochs < 1:
		return usagef("--epochs %d: needs at least 1", *s.Epochs)
	case s.Batch != nil && *s.Batch < 0:
		return usagef("--batch %d: needs 0, for all rows, or more", *s.Batch)
	case s.ClipNorm != nil && !(*s.ClipNorm > 0):
		return usagef("--clip-norm %g: needs a positive norm", *s.ClipNorm)
	case s.Tolerance != nil && !(*s.Tolerance > 0):
		return usagef("--tolerance %g: needs a positive number", *s.Tolerance)
	case s.ClassWeight != "" && s.ClassWeight != "balanced":
		return usagef("--class-weight %s: the only choice is balanced", s.ClassWeight)
	case !(s.LabelSmoothing >= 0 && s.LabelSmoothing < 1):
		return usagef("--label-smoothing %g: at least 0 and below 1", s.LabelSmoothing)
	}
	for _, w := range s.PosWeight {
		if !(w > 0) {
			return usagef("--pos-weight %g: needs a positive number", w)
		}
	}
	for _, check := range []func() error{s.checkColumns, s.checkNetwork, s.checkSolver, s.checkSchedule, s.checkLikelihood} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (s *settings) checkColumns() error {
	counts := s.Successes != "" || s.Failures != ""
	switch {
	case counts && (s.Successes == "" || s.Failures == ""):
		return usagef("--successes and --failures go together")
	case counts && len(s.Target) > 0:
		return usagef("--target and --successes exclude each other")
	case len(s.Features) > 0 && len(s.Exclude) > 0:
		return usagef("--features names the columns to take and --exclude those to leave out; give one of them")
	case counts && s.Weights != "":
		return usagef("--weights: the counts of --successes and --failures are weights already")
	case s.Reference != "" && (counts || len(s.Target) > 1):
		return usagef("--reference needs a single target column")
	case s.ClassWeight != "" && (counts || len(s.Target) > 1):
		return usagef("--class-weight needs a single target column")
	}
	_, err := s.options()
	return err
}

func (s *settings) checkNetwork() error {
	for _, width := range s.Hidden {
		if width < 1 {
			return usagef("--hidden %d: a layer has at least one unit", width)
		}
	}
	if !(s.Dropout >= 0 && s.Dropout < 1) {
		return usagef("--dropout %g: at least 0 and below 1", s.Dropout)
	}
	if len(s.Hidden) == 0 {
		switch {
		case s.Activation != "":
			return usagef("--activation needs hidden layers: add --hidden 64,32")
		case s.Dropout != 0:
			return usagef("--dropout needs hidden layers: add --hidden 64,32")
		}
		return nil
	}
	if s.NoIntercept {
		return usagef("--no-intercept is for models without hidden layers")
	}
	if s.Standardize {
		return usagef("--standardize is about coefficients, which a network with hidden layers does not have")
	}
	if _, err := s.activation(); err != nil {
		return &usageError{err}
	}
	return s.checkSize(1, 1) // at least; the data may make it larger
}

// activation returns the activation of the hidden layers, nil without any.
func (s *settings) activation() (activation.Func, error) {
	switch {
	case len(s.Hidden) == 0:
		return nil, nil
	case s.Activation == "":
		return activation.ReLU{}, nil
	}
	return activation.Parse(s.Activation)
}

// options returns how to read the data.
func (s *settings) options() (datasets.Options, error) {
	o := datasets.Options{
		Target: s.Target, Features: s.Features, Weights: s.Weights, Successes: s.Successes, Failures: s.Failures,
		Exclude: s.Exclude, Categorical: s.Categorical, Reference: s.Reference, Missing: s.Missing,
	}
	if len(o.Features) == 0 {
		o.Features = nil // --features "" takes back what a configuration file says
	}
	if len(o.Exclude) == 0 {
		o.Exclude = nil
	}
	var err error
	o.Separator, o.Decimal, err = dialect(s.Separator, s.Decimal)
	return o, err
}

// dialect reads the flags of how a table is written; 0 stands for no flag.
func dialect(separator, decimal string) (between, point rune, err error) {
	if strings.EqualFold(separator, "tab") || separator == `\t` {
		separator = "\t"
	}
	if utf8.RuneCountInString(separator) > 1 {
		return 0, 0, usagef("--separator %q: needs a single character, or tab", separator)
	}
	if decimal != "" && decimal != "." && decimal != "," {
		return 0, 0, usagef("--decimal %q: needs a point or a comma", decimal)
	}
	if separator != "" {
		between, _ = utf8.DecodeRuneInString(separator)
	}
	if decimal != "" {
		point, _ = utf8.DecodeRuneInString(decimal)
	}
	if between != 0 && between == point {
		return 0, 0, usagef("--separator and --decimal are both %q", separator)
	}
	return between, point, nil
}
