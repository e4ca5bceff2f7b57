package optim_test

import (
	"math"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/optim"
)

func TestSchedules(t *testing.T) {
	type at struct {
		k            int
		lr, momentum float64
	}
	base := optim.Rates{LR: 0.5, Momentum: 0.9}
	for _, test := range []struct {
		schedule optim.Schedule
		rates    []at
	}{
		{optim.Constant{}, []at{{0, 0.5, 0.9}, {1000, 0.5, 0.9}}},
		{optim.StepLR{StepSize: 3}, []at{{0, 0.5, 0.9}, {2, 0.5, 0.9}, {3, 0.05, 0.9}, {6, 0.005, 0.9}}},
		{optim.StepLR{StepSize: 1, Gamma: 2}, []at{{0, 0.5, 0.9}, {3, 4, 0.9}}},
		{optim.StepLR{StepSize: 2, Gamma: optim.Zero}, []at{{1, 0.5, 0.9}, {2, 0, 0.9}}},
		{optim.ExponentialLR{Gamma: 0.5}, []at{{0, 0.5, 0.9}, {1, 0.25, 0.9}, {10, 0x1p-11, 0.9}}},
		{optim.CosineAnnealingLR{TMax: 6, EtaMin: 0.1}, []at{
			{0, 0.5, 0.9}, {2, 0.4, 0.9}, {3, 0.3, 0.9}, {4, 0.2, 0.9}, {6, 0.1, 0.9}, {8, 0.2, 0.9}, {12, 0.5, 0.9}, {18, 0.1, 0.9},
		}},
		{optim.OneCycleLR{TotalSteps: 20, PctStart: 0.25, DivFactor: 10, FinalDivFactor: 100, Linear: true}, []at{
			{0, 0.05, 0.95}, {1, 0.1625, 0.925}, {2, 0.275, 0.9}, {4, 0.5, 0.85},
			{9, 0.5 + (0.0005-0.5)/3, 0.85 + 0.1/3}, {19, 0.0005, 0.95}, {20, 0.0005, 0.95}, {99, 0.0005, 0.95},
		}},
		{optim.OneCycleLR{MaxLR: 1, TotalSteps: 20, PctStart: 0.25, DivFactor: 10, FinalDivFactor: 100, ThreePhase: true, Linear: true}, []at{
			{0, 0.1, 0.95}, {2, 0.55, 0.9}, {4, 1, 0.85}, {6, 0.55, 0.9}, {8, 0.1, 0.95},
			{13, 0.1 + (0.001-0.1)*5/11, 0.95}, {19, 0.001, 0.95},
		}},
		{optim.OneCycleLR{MaxLR: 1, TotalSteps: 13, PctStart: 7.0 / 13}, []at{
			{0, 0.04, 0.95}, {2, 1 - 0.96*0.75, 0.85 + 0.1*0.75}, {3, 0.52, 0.9}, {6, 1, 0.85}, {12, 4e-6, 0.95},
		}},
		{optim.OneCycleLR{MaxLR: 1, TotalSteps: 11, BaseMomentum: 0.1, MaxMomentum: 0.2, KeepMomentum: true}, []at{
			{0, 0.04, 0.9}, {10, 4e-6, 0.9},
		}},
		// No room to rise: the first step is the summit, or behind it.
		{optim.OneCycleLR{MaxLR: 1, TotalSteps: 4, PctStart: 0.25, Linear: true}, []at{{0, 1, 0.85}, {3, 4e-6, 0.95}}},
		{optim.OneCycleLR{MaxLR: 1, TotalSteps: 3, PctStart: optim.Zero, FinalDivFactor: 1, Linear: true}, []at{
			{0, 1 - 0.96/3, 0.85 + 0.1/3}, {2, 0.04, 0.95},
		}},
		{optim.OneCycleLR{MaxLR: 1, TotalSteps: 1}, []at{{0, 4e-6, 0.95}}},
		{optim.OneCycleLR{MaxLR: 1, TotalSteps: 5, PctStart: 1, Linear: true}, []at{{0, 0.04, 0.95}, {4, 1, 0.85}}},
	} {
		for _, want := range test.rates {
			got := test.schedule.At(want.k, base)
			if !(math.Abs(got.LR-want.lr) <= 1e-15 && math.Abs(got.Momentum-want.momentum) <= 1e-15) {
				t.Errorf("%T%+v at %d: %+v, want LR %v and momentum %v",
					test.schedule, test.schedule, want.k, got, want.lr, want.momentum)
			}
		}
	}
}

// PyTorch's schedulers walk by recurrence; the closed forms are the same.
func TestClosedFormsFollowPyTorchsRecurrences(t *testing.T) {
	base := optim.Rates{LR: 0.1}
	exponential, step := optim.ExponentialLR{Gamma: 0.95}, optim.StepLR{StepSize: 7, Gamma: 0.5}
	cosine := optim.CosineAnnealingLR{TMax: 30, EtaMin: 0.003}
	e, s, c := base.LR, base.LR, base.LR
	for k := 1; k <= 100; k++ {
		e *= 0.95
		if k%7 == 0 {
			s *= 0.5
		}
		turn := func(k int) float64 { return 1 + math.Cos(math.Pi*float64(k)/30) }
		if (k-1-30)%60 == 0 {
			c += (base.LR - 0.003) * (1 - math.Cos(math.Pi/30)) / 2 // 0/0 below
		} else {
			c = turn(k)/turn(k-1)*(c-0.003) + 0.003
		}
		for _, test := range []struct {
			name      string
			got, want float64
		}{
			{"exponential", exponential.At(k, base).LR, e},
			{"step", step.At(k, base).LR, s},
			{"cosine", cosine.At(k, base).LR, c},
		} {
			if !(math.Abs(test.got-test.want) <= 1e-13*base.LR) {
				t.Errorf("%s at %d: %v, the recurrence has %v", test.name, k, test.got, test.want)
			}
		}
	}
}

func TestScheduleValidate(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		schedule optim.Schedule
		option   string
	}{
		{optim.StepLR{}, "StepSize"}, {optim.StepLR{StepSize: 1, Gamma: -1}, "Gamma"},
		{optim.ExponentialLR{}, "Gamma"}, {optim.ExponentialLR{Gamma: nan}, "Gamma"},
		{optim.CosineAnnealingLR{}, "TMax"}, {optim.CosineAnnealingLR{TMax: 5, EtaMin: -1}, "EtaMin"},
		{optim.OneCycleLR{}, "TotalSteps"}, {optim.OneCycleLR{TotalSteps: 9, MaxLR: -1}, "MaxLR"},
		{optim.OneCycleLR{TotalSteps: 9, PctStart: 1.1}, "PctStart"},
		{optim.OneCycleLR{TotalSteps: 9, PctStart: 0.6, ThreePhase: true}, "PctStart"},
		{optim.OneCycleLR{TotalSteps: 9, BaseMomentum: 1}, "BaseMomentum"},
		{optim.OneCycleLR{TotalSteps: 9, MaxMomentum: nan}, "MaxMomentum"},
		{optim.OneCycleLR{TotalSteps: 9, DivFactor: optim.Zero}, "DivFactor"},
		{optim.OneCycleLR{TotalSteps: 9, FinalDivFactor: -1}, "FinalDivFactor"},
	} {
		err := test.schedule.Validate()
		if err == nil || !strings.Contains(err.Error(), test.option) {
			t.Errorf("%T%+v: error %v does not name %s", test.schedule, test.schedule, err, test.option)
		}
		wantMisuse(t, test.option, func() { test.schedule.At(0, optim.Rates{LR: 1}) })
	}
	wantMisuse(t, "-1", func() { optim.StepLR{StepSize: 1}.At(-1, optim.Rates{}) })
}
