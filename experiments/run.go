package experiments

import (
	"context"
	"fmt"
)

// Outcome is an experiment with its result.
type Outcome struct {
	Experiment
	// Result is nil if there is none: Err says why, which is the context's error
	// for an experiment that was interrupted or not begun.
	Result *Result
	Err    error
}

// Verdict returns that of the result, or Missing.
func (o *Outcome) Verdict() Verdict {
	if o.Result == nil {
		return Missing
	}
	return o.Result.Verdict()
}

// Event tells how far a Run has come.
type Event struct {
	Experiment
	Index, Count int     // of this experiment, counted from 0, and of all
	Share        float64 // of this experiment that is done
	// Outcome is set when the experiment has ended.
	Outcome *Outcome
}

// Run runs experiments one after the other and returns an outcome for each. It
// tells observe, unless that is nil, of their progress, from the goroutine that
// called Run. When ctx is cancelled, experiments that are finished keep their
// results. What an experiment cannot do keeps the others from nothing.
func Run(ctx context.Context, list []Experiment, o Options, observe func(Event)) []Outcome {
	outcomes := make([]Outcome, len(list))
	for i, e := range list {
		tell := func(share float64, outcome *Outcome) {
			if observe != nil {
				observe(Event{e, i, len(list), share, outcome})
			}
		}
		outcomes[i].Experiment = e
		if outcomes[i].Err = ctx.Err(); outcomes[i].Err != nil {
			continue
		}
		tell(0, nil)
		o.Progress = func(share float64) { tell(share, nil) }
		result, err := e.Run(ctx, o)
		switch {
		case ctx.Err() != nil && err != nil:
			outcomes[i].Err = ctx.Err()
		case err != nil:
			outcomes[i].Err = fmt.Errorf("experiment %s: %w", e.Name, err)
		default:
			outcomes[i].Result = &result
		}
		tell(1, &outcomes[i])
	}
	return outcomes
}
