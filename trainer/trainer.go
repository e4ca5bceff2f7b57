package trainer

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/optim"
)

// Trainer trains a classifier. Everything that decides how a run goes on is in
// its [Checkpoint].
type Trainer struct {
	c        *Classifier
	cfg      Config
	train    *datasets.Dataset
	target   *target
	held     *datasets.Dataset
	batches  *datasets.Batches
	shards   *shards
	params   *autograd.Params
	opt      *optim.Optimizer
	at       Progress
	best     []float64 // parameters of the best epoch, with Patience
	last     []float64 // those that training goes on from, while the classifier has the best
	previous []float64 // parameters before the last step, with Restart
	data     string    // what digest returns, once it is known

	separation float64 // with StopSeparated, the sum of losses that proves it
}

// Progress is where a run stands, apart from its vectors.
type Progress struct {
	Epoch         int           `json:"epoch"`         // epochs done
	Batch         int           `json:"batch"`         // batches done of the next epoch
	LossSum       float64       `json:"loss"`          // weight × loss of those batches
	WeightSum     float64       `json:"weight"`        // weight of those batches
	SinceRestart  int           `json:"since_restart"` // steps since the momentum was dropped
	EarlyStopping EarlyStopping `json:"early_stopping"`
	Stop          Reason        `json:"stop"` // Converged or Separated, once that is so
	History       []Epoch       `json:"history"`
}

// Result is how a run ended.
type Result struct {
	Reason  Reason
	History []Epoch
	// BestEpoch is the epoch whose parameters the classifier has, counted from
	// 1, if early stopping chose it; otherwise 0.
	BestEpoch int
	// MaxGradient is the largest entry of the gradient of the mean loss, and of
	// the penalty ½λ‖θ‖² that weight decay stands for, at the
	// parameters before the last step; NaN if that step was not on all rows.
	MaxGradient float64
}

// New prepares the training of c on the rows of train. Held-out data may be
// nil.
func New(c *Classifier, train, held *datasets.Dataset, cfg Config) (*Trainer, error) {
	if cfg.Method == nil {
		cfg.Method = optim.SGD{}
	}
	if cfg.Schedule == nil {
		cfg.Schedule = optim.Constant{}
	}
	if err := cfg.validate(held != nil); err != nil {
		return nil, err
	}
	if cfg.BatchSize == 0 || cfg.BatchSize > train.Len() {
		cfg.BatchSize = train.Len()
	}
	for _, d := range []*datasets.Dataset{train, held} {
		if d == nil {
			continue
		}
		if _, terms := d.X.Dims(); terms != c.Schema.Width() {
			return nil, fmt.Errorf("%s has %d terms, the model %d", d.Name, terms, c.Schema.Width())
		}
	}
	target, err := newTarget(c, train, cfg.Loss)
	if err != nil {
		return nil, err
	}
	if target.total(nil, train.Len()) == 0 {
		return nil, fmt.Errorf("all weights are 0")
	}
	t := &Trainer{
		c: c, cfg: cfg, train: train, target: target, held: held,
		batches: datasets.NewBatches(train.Len(), cfg.BatchSize, cfg.Seed),
		shards:  newShards(c),
	}
	t.params = t.shards.params
	if lambda, _ := WeightDecay(cfg.Method); cfg.StopSeparated && lambda == 0 && t.measurable() {
		t.separation = target.separation()
	}
	t.opt = optim.New(cfg.Method, t.params.Len())
	t.at.EarlyStopping.Patience = cfg.Patience
	if cfg.Restart {
		t.previous = slices.Clone(t.params.Vector())
	}
	return t, nil
}

// Run trains until there is a reason to stop. When ctx is cancelled it finishes
// the step it is at; Run then goes on from there, in this process or, by way of
// a [Checkpoint], in another. A run that has stopped for another reason stays
// where it is, unless all its epochs were done and there are more now.
func (t *Trainer) Run(ctx context.Context, observers ...Observer) (Result, error) {
	if t.last != nil {
		copy(t.params.Vector(), t.last)
		t.last = nil
	}
	result := Result{MaxGradient: math.NaN()}
	if t.at.EarlyStopping.exhausted() {
		return t.end(result, EarlyStopped), nil
	}
	for t.at.Epoch < t.cfg.Epochs || t.at.Stop != Completed {
		var s step
		for k, rows := range t.batchesFromHere() {
			if ctx.Err() != nil {
				return t.end(result, Interrupted), nil
			}
			var err error
			if s, err = t.gradient(k, rows); err != nil {
				return t.end(result, Failed), err
			}
			result.MaxGradient = s.largest
			if t.at.Stop != Completed {
				return t.end(result, t.at.Stop), nil
			}
			notify(observers, s.Event)
			t.account(s)
			if t.at.Stop = t.finished(s); t.at.Stop == Completed && s.weight > 0 {
				t.update(s.gradient)
			}
		}
		stop, err := t.endEpoch(s.Event, observers)
		switch {
		case err != nil:
			return t.end(result, Failed), err
		case t.at.Stop != Completed:
			return t.end(result, t.at.Stop), nil
		case stop:
			return t.end(result, EarlyStopped), nil
		}
	}
	return t.end(result, Completed), nil
}

// nearInfimum is a mean loss of separated classes, in nats, that is as good as
// 0, which it never reaches.
const nearInfimum = 1e-3

// finished returns why a step ends the run, or Completed if it does not.
func (t *Trainer) finished(s step) Reason {
	switch {
	case s.largest <= t.cfg.Tolerance:
		return Converged
	case t.cfg.StopSeparated && s.Loss*s.weight < t.separation && s.Loss < nearInfimum:
		return Separated
	}
	return Completed
}

// end completes the result. Unless the run is to go on, the parameters become
// those of the best epoch, if early stopping watched for it.
func (t *Trainer) end(r Result, why Reason) Result {
	r.Reason, r.History = why, slices.Clone(t.at.History)
	if t.best != nil && why != Interrupted && why != Failed {
		t.last = slices.Clone(t.params.Vector())
		copy(t.params.Vector(), t.best)
		r.BestEpoch = t.at.EarlyStopping.Epoch
	}
	return r
}

// endEpoch closes the books of an epoch and reports whether to stop early.
func (t *Trainer) endEpoch(last Event, observers []Observer) (stop bool, err error) {
	t.at.Epoch++
	h := Epoch{
		Epoch: t.at.Epoch, Loss: t.at.LossSum / t.at.WeightSum,
		LearningRate: last.LearningRate, GradientNorm: last.GradientNorm,
	}
	t.at.Batch, t.at.LossSum, t.at.WeightSum = 0, 0, 0
	if t.held != nil {
		quality, err := t.c.Evaluate(t.held, false)
		if err != nil {
			return false, err
		}
		loss, accuracy := float64(quality.LogLoss), float64(quality.Accuracy)
		if math.IsInf(loss, 0) || math.IsNaN(loss) {
			return false, &NonFiniteError{Epoch: last.Epoch, Batch: last.Batch, Loss: loss, Held: true, Scaled: t.c.Scaling != nil}
		}
		h.HeldLoss, h.HeldAccuracy = &loss, &accuracy
		var best bool
		if best, stop = t.at.EarlyStopping.Update(t.at.Epoch, loss); best && t.cfg.Patience > 0 {
			t.best = append(t.best[:0], t.params.Vector()...)
		}
	}
	t.at.History = append(t.at.History, h)
	last.Summary = &h
	notify(observers, last)
	return stop, nil
}

func notify(observers []Observer, e Event) {
	for _, o := range observers {
		o.Observe(e)
	}
}
