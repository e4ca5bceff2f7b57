package optim

import (
	"fmt"
	"math"
)

// Schedule gives the rates of a step. It is a pure function: k counts the
// scheduler's steps (PyTorch's last_epoch), which the caller may advance every
// batch or every epoch, and base are the rates of the method's options. What
// has to be remembered in a checkpoint is k.
//
// [Constant], [StepLR], [ExponentialLR], [CosineAnnealingLR] and [OneCycleLR]
// are the schedules of this package. Their At panics with *tensor.UsageError if
// Validate reports an error or k is negative.
type Schedule interface {
	// At returns the rates after k steps of the scheduler; At(0) is for the
	// first steps of training.
	At(k int, base Rates) Rates

	// Validate reports the first option that makes no sense, by name.
	Validate() error
}

// Constant keeps the base rates.
type Constant struct{}

// At implements [Schedule].
func (Constant) At(_ int, base Rates) Rates { return base }

// Validate implements [Schedule].
func (Constant) Validate() error { return nil }

// StepLR multiplies the learning rate by Gamma after every StepSize steps
// (torch.optim.lr_scheduler.StepLR):
//
//	LR(k) = LR · Gamma^⌊k/StepSize⌋
type StepLR struct {
	StepSize int
	Gamma    float64 // zero means 0.1
}

// At implements [Schedule].
func (s StepLR) At(k int, base Rates) Rates {
	mustSchedule("optim.StepLR", s.Validate(), k)
	base.LR *= math.Pow(option(s.Gamma, 0.1), float64(k/s.StepSize))
	return base
}

// Validate implements [Schedule].
func (s StepLR) Validate() error {
	return first(atLeastOne("StepLR", "StepSize", s.StepSize), atLeastZero("StepLR", "Gamma", s.Gamma))
}

// ExponentialLR multiplies the learning rate by Gamma after every step
// (torch.optim.lr_scheduler.ExponentialLR):
//
//	LR(k) = LR · Gamma^k
type ExponentialLR struct {
	Gamma float64 // required
}

// At implements [Schedule].
func (s ExponentialLR) At(k int, base Rates) Rates {
	mustSchedule("optim.ExponentialLR", s.Validate(), k)
	base.LR *= math.Pow(s.Gamma, float64(k))
	return base
}

// Validate implements [Schedule].
func (s ExponentialLR) Validate() error {
	if s.Gamma == 0 {
		return fmt.Errorf("optim.ExponentialLR: Gamma is 0; give the factor of a step, such as 0.95")
	}
	return atLeastZero("ExponentialLR", "Gamma", s.Gamma)
}

// CosineAnnealingLR lowers the learning rate along half a cosine, to EtaMin
// after TMax steps (torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov and
// Hutter 2017, SGDR: stochastic gradient descent with warm restarts, without
// the restarts):
//
//	LR(k) = EtaMin + (LR-EtaMin) (1 + cos(π k/TMax)) / 2
//
// After TMax it rises again, as PyTorch's does: the period is 2 TMax.
type CosineAnnealingLR struct {
	TMax   int
	EtaMin float64
}

// At implements [Schedule].
func (s CosineAnnealingLR) At(k int, base Rates) Rates {
	mustSchedule("optim.CosineAnnealingLR", s.Validate(), k)
	phase := float64(k%(2*s.TMax)) / float64(s.TMax)
	base.LR = s.EtaMin + (base.LR-s.EtaMin)*(1+math.Cos(math.Pi*phase))/2
	return base
}

// Validate implements [Schedule].
func (s CosineAnnealingLR) Validate() error {
	return first(
		atLeastOne("CosineAnnealingLR", "TMax", s.TMax),
		atLeastZero("CosineAnnealingLR", "EtaMin", s.EtaMin),
	)
}

// mustSchedule panics if a schedule is invalid or k is not a count.
func mustSchedule(op string, invalid error, k int) {
	if invalid != nil {
		misuse(op, "%v", invalid)
	}
	if k < 0 {
		misuse(op, "the count of scheduler steps is %d", k)
	}
}

// atLeastOne reports a count that is not positive.
func atLeastOne(of, name string, n int) error {
	if n >= 1 {
		return nil
	}
	return fmt.Errorf("optim.%s: %s is %d; give a number of steps, at least 1", of, name, n)
}
