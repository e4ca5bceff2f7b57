package optim_test

import (
	"maps"
	"math"
	"testing"

	"github.com/surprisal-ml/surprisal/optim"
)

// torchOptions are the keyword arguments of a constructor in torch.optim.
type torchOptions map[string]any

// number takes out an option; one that is given as 0 means the number 0.
func (o torchOptions) number(name string) float64 {
	v, ok := o[name].(float64)
	if delete(o, name); ok && v == 0 {
		return optim.Zero
	}
	return v
}

// plain is number for options whose default is 0.
func (o torchOptions) plain(name string) float64 {
	v, _ := o[name].(float64)
	delete(o, name)
	return v
}

func (o torchOptions) flag(name string, byDefault bool) bool {
	v, ok := o[name].(bool)
	if delete(o, name); ok {
		return v
	}
	return byDefault
}

func (o torchOptions) pair(name string) (a, b float64) {
	list, _ := o[name].([]any)
	if delete(o, name); len(list) != 2 {
		return 0, 0
	}
	two := torchOptions{"a": list[0], "b": list[1]}
	return two.number("a"), two.number("b")
}

func (o torchOptions) used(t *testing.T, of string) {
	t.Helper()
	for name, v := range o {
		t.Fatalf("option %s=%v of %s is not understood", name, v, of)
	}
}

func (run trajectory) method(t *testing.T) optim.Method {
	t.Helper()
	o := maps.Clone(run.Optimizer.Options)
	defer o.used(t, run.Optimizer.Name)
	switch run.Optimizer.Name {
	case "SGD":
		return optim.SGD{
			LR: o.number("lr"), Momentum: o.plain("momentum"), Dampening: o.plain("dampening"),
			WeightDecay: o.plain("weight_decay"), Nesterov: o.flag("nesterov", false),
		}
	case "Adam":
		beta1, beta2 := o.pair("betas")
		return optim.Adam{
			LR: o.number("lr"), Beta1: beta1, Beta2: beta2, Eps: o.number("eps"),
			WeightDecay: o.plain("weight_decay"), AMSGrad: o.flag("amsgrad", false),
		}
	case "AdamW":
		beta1, beta2 := o.pair("betas")
		return optim.AdamW{
			LR: o.number("lr"), Beta1: beta1, Beta2: beta2, Eps: o.number("eps"),
			WeightDecay: o.number("weight_decay"), AMSGrad: o.flag("amsgrad", false),
		}
	case "RMSprop":
		return optim.RMSprop{
			LR: o.number("lr"), Alpha: o.number("alpha"), Eps: o.number("eps"),
			WeightDecay: o.plain("weight_decay"), Momentum: o.plain("momentum"), Centered: o.flag("centered", false),
		}
	case "Adagrad":
		return optim.Adagrad{
			LR: o.number("lr"), LRDecay: o.plain("lr_decay"), WeightDecay: o.plain("weight_decay"),
			InitialAccumulator: o.plain("initial_accumulator_value"), Eps: o.number("eps"),
		}
	}
	t.Fatalf("unknown optimiser %q", run.Optimizer.Name)
	return nil
}

// rates returns the rates of step k.
func (run trajectory) rates(t *testing.T, k int, base optim.Rates) optim.Rates {
	t.Helper()
	if run.Scheduler == nil {
		return base
	}
	var (
		o        = maps.Clone(run.Scheduler.Options)
		schedule optim.Schedule
	)
	switch run.Scheduler.Name {
	case "StepLR":
		schedule = optim.StepLR{StepSize: int(o.plain("step_size")), Gamma: o.number("gamma")}
	case "ExponentialLR":
		schedule = optim.ExponentialLR{Gamma: o.number("gamma")}
	case "CosineAnnealingLR":
		schedule = optim.CosineAnnealingLR{TMax: int(o.plain("T_max")), EtaMin: o.plain("eta_min")}
	case "OneCycleLR":
		strategy, _ := o["anneal_strategy"].(string)
		delete(o, "anneal_strategy")
		schedule = optim.OneCycleLR{
			MaxLR: o.plain("max_lr"), TotalSteps: int(o.plain("total_steps")), PctStart: o.number("pct_start"),
			Linear: strategy == "linear", KeepMomentum: !o.flag("cycle_momentum", true),
			BaseMomentum: o.number("base_momentum"), MaxMomentum: o.number("max_momentum"),
			DivFactor: o.plain("div_factor"), FinalDivFactor: o.plain("final_div_factor"),
			ThreePhase: o.flag("three_phase", false),
		}
	default:
		t.Fatalf("unknown scheduler %q", run.Scheduler.Name)
	}
	o.used(t, run.Scheduler.Name)
	return schedule.At(k/run.Scheduler.Every, base)
}

// maxNorm is the norm to clip to, if any.
func (run trajectory) maxNorm() float64 {
	if run.ClipNorm == nil {
		return math.Inf(1)
	}
	return *run.ClipNorm
}
