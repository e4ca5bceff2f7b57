package main

import (
	"slices"

	"github.com/surprisal-ml/surprisal/mle"
)

// byLikelihood reports whether the solver is one of package mle.
func (s *settings) byLikelihood() bool {
	switch s.Solver {
	case "newton", "lbfgs", "newton-cg":
		return true
	case "auto", "":
		return len(s.Hidden) == 0
	}
	return false
}

// penalised reports whether there is a penalty on the likelihood.
func (s *settings) penalised() bool { return s.Penalty != "" && s.Penalty != mle.None.String() }

// likelihood returns what package mle minimises and how.
func (s *settings) likelihood() (mle.Options, error) {
	o := mle.Options{NoIntercept: s.NoIntercept, Balanced: s.ClassWeight != "", C: s.strength(), L1Ratio: plain(s.L1Ratio)}
	if len(s.PosWeight) > 0 {
		o.ClassWeight = []float64{1, s.PosWeight[0]}
	}
	var err error
	if s.penalised() {
		if o.Penalty, err = mle.ParsePenalty(s.Penalty); err != nil {
			return o, err
		}
	}
	if s.byLikelihood() && s.Solver != "" {
		o.Solver, err = mle.ParseSolver(s.Solver)
	}
	return o, err
}

// wald returns which standard errors and intervals are asked for.
func (s *settings) wald() mle.WaldOptions {
	o := mle.WaldOptions{Level: plain(s.Level)}
	if s.Robust {
		o.Robust = mle.HC0
	}
	return o
}

// checkLikelihood refuses what does not go with fitting by likelihood, or with
// doing without.
func (s *settings) checkLikelihood() error {
	if err := s.checkStrength(); err != nil {
		return err
	}
	switch {
	case len(s.Hidden) > 0 && s.Solver != "auto" && s.byLikelihood():
		return usagef("--solver %s is for models without hidden layers, whose likelihood has one maximum; use adam", s.Solver)
	case s.L1Ratio != nil && s.Penalty != mle.ElasticNet.String():
		return usagef("--l1-ratio belongs to --penalty elasticnet")
	case s.L1Ratio == nil && s.Penalty == mle.ElasticNet.String():
		return usagef("--penalty elasticnet needs --l1-ratio, the share of L1")
	case s.L1Ratio != nil && !(*s.L1Ratio >= 0 && *s.L1Ratio <= 1):
		return usagef("--l1-ratio %g: a share is from 0 to 1", *s.L1Ratio)
	case s.Level != nil && !(*s.Level > 0 && *s.Level < 1):
		return usagef("--level %g: a level is between 0 and 1, such as 0.95", *s.Level)
	case !s.byLikelihood():
		return s.checkDescent()
	case s.LabelSmoothing > 0:
		return usagef("with --label-smoothing the objective is not the likelihood: add --solver accelerated")
	case len(s.PosWeight) > 1:
		return usagef("--pos-weight with a weight per label needs --solver accelerated")
	case s.PosWeight != nil && s.ClassWeight != "":
		return usagef("--pos-weight and --class-weight exclude each other: both weigh the classes")
	case s.Profile && s.Robust:
		return usagef("--profile and --robust exclude each other: the profile likelihood is that of the model")
	}
	return s.checkInference()
}

// checkInference refuses inference where the likelihood gives none.
func (s *settings) checkInference() error {
	weighted := s.ClassWeight != "" || s.PosWeight != nil
	for _, flag := range []struct {
		name     string
		given    bool
		weighted bool // goes with class weights
	}{{"robust", s.Robust, true}, {"level", s.Level != nil, s.Robust}, {"profile", s.Profile, false}, {"tests", s.Tests, false}} {
		switch {
		case flag.given && s.penalised():
			return usagef("--%s does nothing with --penalty: a penalised fit has no standard errors, intervals or tests", flag.name)
		case flag.given && weighted && !flag.weighted:
			return usagef("--%s does not go with class weights, with which the objective is not the likelihood of the data; --robust does", flag.name)
		}
	}
	return nil
}

const likelihoodSolvers = "fits by maximum likelihood, without --solver or with newton, lbfgs or newton-cg"

// checkDescent refuses for models trained by gradient descent what only a fit by
// likelihood gives.
func (s *settings) checkDescent() error {
	for _, flag := range []struct {
		name  string
		given bool
	}{
		{"penalty", s.penalised()}, {"level", s.Level != nil}, {"robust", s.Robust}, {"profile", s.Profile},
		{"odds-ratio", s.OddsRatio}, {"tests", s.Tests}, {"strict", s.Strict && len(s.Hidden) > 0},
	} {
		switch {
		case !flag.given:
		case len(s.Hidden) > 0:
			return usagef("--%s is for models without hidden layers", flag.name)
		case flag.name == "penalty":
			decay := "; " + s.Solver + " has --weight-decay"
			if s.Solver == accelerated {
				decay = ""
			}
			return usagef("--penalty is for %s%s", likelihoodSolvers, decay)
		default:
			return usagef("--%s is for %s", flag.name, likelihoodSolvers)
		}
	}
	return nil
}

// checkRun refuses the flags of a run in epochs, which a fit by likelihood is not.
func (f *fitCmd) checkRun() error {
	if !f.Settings.byLikelihood() {
		return nil
	}
	flags := []string{}
	for name, given := range map[string]bool{
		"log": f.Log != "", "checkpoint": f.CheckpointEvery != never, "resume": f.Resume != "",
	} {
		if given {
			flags = append(flags, name)
		}
	}
	if len(flags) == 0 {
		return nil
	}
	slices.Sort(flags)
	return usagef("--%s is about epochs, and a fit by maximum likelihood has none; add --solver accelerated for gradient descent", flags[0])
}
