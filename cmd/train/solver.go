package main

import (
	"slices"
	"strings"

	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/trainer"
)

const accelerated = "accelerated"

// resolveSolver replaces auto, and puts the solver's defaults where no flag was
// given, so that the settings say what is done. Defaults that depend on the
// data follow in resolveEpochs.
func (s *settings) resolveSolver() {
	if s.byLikelihood() {
		return
	}
	if s.Solver == "auto" {
		s.Solver = "adam"
	}
	if s.Solver == accelerated {
		setDefault(&s.Tolerance, 1e-12)
		return
	}
	setDefault(&s.Batch, 32)
	setDefault(&s.Epochs, 100)
	setDefault(&s.LR, defaultLR(s.Solver))
	if s.Solver == "adamw" {
		setDefault(&s.WeightDecay, 0.01)
	}
}

// decays reports whether weight decay keeps the parameters from growing without
// bound. It is called when the solver is settled.
func (s *settings) decays() bool { return plain(s.WeightDecay) > 0 }

// defaultLR is a learning rate with which scaled features are learned within
// 100 epochs. PyTorch's, 0.001 for SGD and Adam, take several times as many.
func defaultLR(solver string) float64 {
	switch solver {
	case "sgd":
		return 0.1
	case "rmsprop", "adagrad":
		return 0.01
	}
	return 0.003
}

// resolveEpochs bounds the work of the accelerated method, whose steps each use
// all rows: it is enough for well-posed problems, and for data without a
// maximum of the likelihood the run ends.
func (s *settings) resolveEpochs(rows, parameters int) {
	const most, least, work = 20000, 500, 5e9
	setDefault(&s.Epochs, max(least, min(most, int(work/(float64(rows)*float64(parameters))))))
}

func setDefault[T any](p **T, value T) {
	if *p == nil {
		*p = &value
	}
}

// value returns *p for an option of optim, whose zero value means its default.
func value(p *float64) float64 {
	switch {
	case p == nil:
		return 0
	case *p == 0:
		return optim.Zero
	}
	return *p
}

// method returns the update rule of the settings; it is not called for
// accelerated.
func (s *settings) method() optim.Method {
	adam := optim.Adam{LR: value(s.LR), Beta1: value(s.Beta1), Beta2: value(s.Beta2), Eps: value(s.Eps), WeightDecay: value(s.WeightDecay)}
	switch s.Solver {
	case "sgd":
		return optim.SGD{LR: value(s.LR), Momentum: plain(s.Momentum), Dampening: plain(s.Dampening), WeightDecay: plain(s.WeightDecay), Nesterov: s.Nesterov}
	case "rmsprop":
		return optim.RMSprop{LR: value(s.LR), Alpha: value(s.Alpha), Eps: value(s.Eps), WeightDecay: plain(s.WeightDecay), Momentum: plain(s.Momentum)}
	case "adagrad":
		return optim.Adagrad{LR: value(s.LR), WeightDecay: plain(s.WeightDecay), Eps: value(s.Eps)}
	case "adamw":
		return optim.AdamW(adam)
	case "amsgrad":
		adam.AMSGrad = true
	}
	adam.WeightDecay = plain(s.WeightDecay)
	return adam
}

// plain returns *p for an option whose default is 0.
func plain[T int | float64](p *T) T {
	if p == nil {
		return 0
	}
	return *p
}

// schedule returns the learning-rate schedule and whether it counts batches. It
// is called when Epochs is settled.
func (s *settings) schedule(batches int) (schedule optim.Schedule, perBatch bool) {
	switch s.Schedule {
	case "step":
		return optim.StepLR{StepSize: *s.StepSize, Gamma: value(s.Gamma)}, false
	case "exponential":
		return optim.ExponentialLR{Gamma: *s.Gamma}, false
	case "cosine":
		setDefault(&s.TMax, *s.Epochs)
		return optim.CosineAnnealingLR{TMax: *s.TMax, EtaMin: plain(s.EtaMin)}, false
	case "onecycle":
		cycle := optim.OneCycleLR{MaxLR: value(s.MaxLR), PctStart: value(s.PctStart), TotalSteps: *s.Epochs * batches}
		if s.MaxLR == nil {
			cycle.MaxLR = *s.LR
		}
		return cycle, true
	}
	return optim.Constant{}, false
}

// config returns how to train c. It settles what depends on the data.
func (s *settings) config(t *task) (trainer.Config, error) {
	loss := trainer.Loss{LabelSmoothing: s.LabelSmoothing, PosWeight: s.PosWeight}
	if s.ClassWeight == "balanced" {
		loss.ClassWeight = t.model.Balanced(t.train)
	}
	if s.Solver == accelerated {
		s.resolveEpochs(t.train.Len(), parameters(t.model))
		c, err := trainer.Accelerated(t.model, t.train, loss, *s.Tolerance, *s.Epochs)
		c.Patience, c.Seed, c.StopSeparated = plain(s.Patience), s.Seed, true
		return c, err
	}
	c := trainer.Config{
		Loss: loss, Method: s.method(), BatchSize: *s.Batch, Epochs: *s.Epochs,
		ClipNorm: plain(s.ClipNorm), Tolerance: plain(s.Tolerance), Patience: plain(s.Patience), Seed: s.Seed,
	}
	batches := 1
	if c.BatchSize > 0 {
		batches = (t.train.Len() + c.BatchSize - 1) / c.BatchSize
	}
	c.Schedule, c.PerBatch = s.schedule(batches)
	return c, nil
}

// An option is a flag that only some choices of another flag give a meaning.
type option struct {
	flag  string
	given bool
	of    string // those choices
}

func (o option) unless(flag, choice string) error {
	if !o.given || slices.Contains(strings.Fields(o.of), choice) {
		return nil
	}
	if choice == "auto" {
		return usagef("--%s does nothing with maximum likelihood, the default without hidden layers; add --solver %s",
			o.flag, suggestedSolver(o.of))
	}
	return usagef("--%s does nothing with --%s %s; it belongs to --%s %s", o.flag, flag, choice, flag, strings.Join(strings.Fields(o.of), ", "))
}

// suggestedSolver is accelerated, adam, or the first of those that have the
// option.
func suggestedSolver(of string) string {
	names := strings.Fields(of)
	for _, name := range []string{accelerated, "adam"} {
		if slices.Contains(names, name) {
			return name
		}
	}
	return names[0]
}

func (s *settings) checkSolver() error {
	resolved := *s
	resolved.resolveSolver()
	switch {
	case resolved.Solver == accelerated && len(s.Hidden) > 0:
		return usagef("--solver accelerated is for models without hidden layers; use adam")
	case resolved.Solver == accelerated || resolved.byLikelihood() || s.Tolerance == nil:
	case *resolved.Batch != 0:
		return usagef("--tolerance needs --batch 0: the gradient of a batch does not vanish")
	case s.Dropout > 0:
		return usagef("--tolerance and --dropout exclude each other: the gradient is another at every step")
	case resolved.Solver == "adamw" && resolved.decays():
		return usagef("--tolerance needs a gradient that vanishes; the decoupled --weight-decay of adamw has none: use adam")
	}
	const adams = "adam amsgrad adamw"
	const all = "sgd rmsprop adagrad " + adams
	const descent = accelerated + " " + all
	for _, o := range []option{
		{"epochs", s.Epochs != nil, descent}, {"tolerance", s.Tolerance != nil, descent}, {"patience", s.Patience != nil, descent},
		{"lr", s.LR != nil, all}, {"batch", s.Batch != nil, all}, {"weight-decay", s.WeightDecay != nil, all},
		{"clip-norm", s.ClipNorm != nil, all}, {"schedule " + s.Schedule, s.Schedule != "constant", all},
		{"momentum", s.Momentum != nil, "sgd rmsprop"}, {"dampening", s.Dampening != nil, "sgd"}, {"nesterov", s.Nesterov, "sgd"},
		{"beta1", s.Beta1 != nil, adams}, {"beta2", s.Beta2 != nil, adams},
		{"alpha", s.Alpha != nil, "rmsprop"}, {"eps", s.Eps != nil, "rmsprop adagrad " + adams},
	} {
		if err := o.unless("solver", resolved.Solver); err != nil {
			return err
		}
	}
	if resolved.Solver == accelerated || resolved.byLikelihood() {
		return nil
	}
	if err := resolved.method().Validate(); err != nil {
		return &usageError{err}
	}
	return nil
}

func (s *settings) checkSchedule() error {
	for _, o := range []option{
		{"step-size", s.StepSize != nil, "step"}, {"gamma", s.Gamma != nil, "step exponential"},
		{"t-max", s.TMax != nil, "cosine"}, {"eta-min", s.EtaMin != nil, "cosine"},
		{"max-lr", s.MaxLR != nil, "onecycle"}, {"pct-start", s.PctStart != nil, "onecycle"},
	} {
		if err := o.unless("schedule", s.Schedule); err != nil {
			return err
		}
	}
	switch {
	case s.Schedule == "constant":
		return nil
	case s.Schedule == "step" && s.StepSize == nil:
		return usagef("--schedule step needs --step-size")
	case s.Schedule == "exponential" && s.Gamma == nil:
		return usagef("--schedule exponential needs --gamma")
	}
	resolved := *s
	resolved.resolveSolver()
	schedule, _ := resolved.schedule(100)
	if err := schedule.Validate(); err != nil {
		return &usageError{err}
	}
	return nil
}
