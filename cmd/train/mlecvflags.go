package main

import (
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/surprisal-ml/surprisal/mle"
)

// strengthFlag is the flag --C: a number, or cv for one chosen by cross-validation.
type strengthFlag struct {
	value float64
	cv    bool
}

// crossValidated is what --C is instead of a number.
const crossValidated = "cv"

// UnmarshalText implements encoding.TextUnmarshaler, for the command line.
func (f *strengthFlag) UnmarshalText(text []byte) (err error) {
	*f = strengthFlag{}
	if f.cv = string(text) == crossValidated; f.cv {
		return nil
	}
	if f.value, err = strconv.ParseFloat(string(text), 64); err != nil {
		return usagef("%q is neither a number nor cv", text)
	}
	return nil
}

// UnmarshalJSON reads a number or "cv".
func (f *strengthFlag) UnmarshalJSON(text []byte) error {
	var word string
	switch {
	case json.Unmarshal(text, &f.value) == nil:
		return nil
	case json.Unmarshal(text, &word) == nil && word == crossValidated:
		f.cv = true
		return nil
	}
	return &json.UnmarshalTypeError{Value: "that", Type: reflect.TypeFor[strengthFlag]()}
}

// MarshalJSON writes what UnmarshalJSON reads.
func (f strengthFlag) MarshalJSON() ([]byte, error) {
	if f.cv {
		return json.Marshal(crossValidated)
	}
	return json.Marshal(f.value)
}

// crossValidates reports whether C is to be chosen by cross-validation.
func (s *settings) crossValidates() bool { return s.C != nil && s.C.cv }

// strength returns C, 0 if it was not given or is to be chosen.
func (s *settings) strength() float64 {
	if s.C == nil {
		return 0
	}
	return s.C.value
}

// checkStrength refuses what makes no sense of --C and the flags about choosing
// it.
func (s *settings) checkStrength() error {
	cv := s.crossValidates()
	for _, flag := range []struct {
		name  string
		given bool
	}{{"folds", s.Folds != nil}, {"cv-rule", s.CVRule != ""}, {"cv-grid", len(s.CVGrid) > 0}} {
		if flag.given && !cv {
			return usagef("--%s is about choosing C by cross-validation: add --C cv", flag.name)
		}
	}
	switch {
	case cv && s.Penalty == mle.LogF.String():
		return usagef("--penalty logf has no strength to choose: leave out --C cv, or choose that of l2, l1 or elasticnet")
	case cv && !s.penalised():
		return usagef("--C cv chooses the strength of a penalty, and there is none: add --penalty l2, l1 or elasticnet")
	case s.C != nil && !s.penalised():
		return usagef("--C weighs the likelihood beside a penalty: add --penalty l2")
	case s.C != nil && !cv && !(s.C.value > 0):
		return usagef("--C %g: needs a positive number, or cv", s.C.value)
	case s.Folds != nil && *s.Folds < 2:
		return usagef("--folds %d: needs at least 2", *s.Folds)
	}
	if s.CVRule != "" {
		if _, err := mle.ParseRule(s.CVRule); err != nil {
			return usagef("--cv-rule %s: use min, for the least loss, or 1se, for the strongest penalty within a standard error of it", s.CVRule)
		}
	}
	for _, c := range s.CVGrid {
		if !(c > 0) {
			return usagef("--cv-grid %g: needs positive numbers", c)
		}
	}
	return nil
}

// crossValidation returns how C is to be chosen.
func (s *settings) crossValidation() (mle.CVOptions, mle.Rule, error) {
	v := mle.CVOptions{Folds: plain(s.Folds), Seed: s.Seed, Standardize: s.Standardize}
	if len(s.CVGrid) > 0 {
		v.Grid = s.CVGrid
	}
	if s.CVRule == "" {
		return v, mle.Least, nil
	}
	rule, err := mle.ParseRule(s.CVRule)
	return v, rule, err
}
