package optim

import (
	"cmp"
	"fmt"
	"math"
)

// OneCycleLR raises the learning rate to MaxLR and then lowers it far below its
// beginning, while the momentum does the opposite
// (torch.optim.lr_scheduler.OneCycleLR; Smith and Topin 2019, Super-convergence:
// very fast training of neural networks using large learning rates):
//
//	k                                    LR                       momentum
//	0                                    MaxLR/DivFactor          MaxMomentum
//	PctStart·TotalSteps - 1              MaxLR                    BaseMomentum
//	2·PctStart·TotalSteps - 2            MaxLR/DivFactor          MaxMomentum   (ThreePhase only)
//	TotalSteps - 1                       first LR/FinalDivFactor  MaxMomentum
//
// From there on the last rates stay. It is meant to be advanced every batch;
// TotalSteps is the number of batches of the whole training. As in PyTorch the
// momentum replaces that of the method's options, SGD's 0 included; KeepMomentum
// leaves it alone.
type OneCycleLR struct {
	MaxLR          float64 // zero means the method's learning rate (PyTorch has no default)
	TotalSteps     int     // required
	PctStart       float64 // the rising part of the cycle; zero means 0.3
	Linear         bool    // straight lines between the rates, not half cosines (anneal_strategy)
	KeepMomentum   bool    // the opposite of PyTorch's cycle_momentum
	BaseMomentum   float64 // zero means 0.85
	MaxMomentum    float64 // zero means 0.95
	DivFactor      float64 // zero means 25
	FinalDivFactor float64 // zero means 1e4
	ThreePhase     bool
}

// At implements [Schedule].
func (s OneCycleLR) At(k int, base Rates) Rates {
	mustSchedule("optim.OneCycleLR", s.Validate(), k)
	var (
		top   = Rates{cmp.Or(s.MaxLR, base.LR), option(s.BaseMomentum, 0.85)}
		start = Rates{top.LR / cmp.Or(s.DivFactor, 25), option(s.MaxMomentum, 0.95)}
		end   = Rates{start.LR / cmp.Or(s.FinalDivFactor, 1e4), start.Momentum}

		total  = float64(s.TotalSteps)
		summit = option(s.PctStart, 0.3)*total - 1
		step   = min(float64(k), total-1)
		r      Rates
	)
	switch {
	case step <= summit:
		r = s.between(start, top, step/summit)
	case !s.ThreePhase:
		r = s.between(top, end, (step-summit)/(total-1-summit))
	case step <= 2*summit:
		r = s.between(top, start, (step-summit)/summit)
	default:
		r = s.between(start, end, (step-2*summit)/(total-1-2*summit))
	}
	if s.KeepMomentum {
		r.Momentum = base.Momentum
	}
	return r
}

// between returns the rates at the fraction p of the way from a to b. A way of
// no length, 0/0, is at its end.
func (s OneCycleLR) between(a, b Rates, p float64) Rates {
	if math.IsNaN(p) {
		return b
	}
	if s.Linear {
		return Rates{a.LR + (b.LR-a.LR)*p, a.Momentum + (b.Momentum-a.Momentum)*p}
	}
	w := (1 + math.Cos(math.Pi*p)) / 2
	return Rates{b.LR + (a.LR-b.LR)*w, b.Momentum + (a.Momentum-b.Momentum)*w}
}

// Validate implements [Schedule].
func (s OneCycleLR) Validate() error {
	most := 1.0
	if s.ThreePhase {
		most = 0.5 // two ways of this length, and a third
	}
	if p := s.PctStart; !(p >= 0 && p <= most) {
		return fmt.Errorf("optim.OneCycleLR: PctStart is %v; give a number in [0, %v]", p, most)
	}
	return first(
		atLeastOne("OneCycleLR", "TotalSteps", s.TotalSteps),
		aboveZero("OneCycleLR", "MaxLR", s.MaxLR),
		belowOne("OneCycleLR", "BaseMomentum", s.BaseMomentum),
		belowOne("OneCycleLR", "MaxMomentum", s.MaxMomentum),
		aboveZero("OneCycleLR", "DivFactor", s.DivFactor),
		aboveZero("OneCycleLR", "FinalDivFactor", s.FinalDivFactor),
	)
}
