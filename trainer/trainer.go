package trainer

import (
	"context"
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
	at       progress
	best     []float64 // parameters of the best epoch, with Patience
	previous []float64 // parameters before the last step, with Restart
	data     string    // what digest returns, once it is known
}

// progress is where a run stands, apart from its vectors.
type progress struct {
	Epoch         int           `json:"epoch"`  // epochs done
	Batch         int           `json:"batch"`  // batches done of the next epoch
	LossSum       float64       `json:"loss"`   // weight × loss of those batches
	WeightSum     float64       `json:"weight"` // weight of those batches
	SinceRestart  int           `json:"since_restart"`
	EarlyStopping EarlyStopping `json:"early_stopping"`
	History       []Epoch       `json:"history"`
}

// Result is how a run ended.
type Result struct {
	Reason  Reason
	History []Epoch
	// BestEpoch is the epoch whose parameters the classifier has, counted from
	// 1, if early stopping chose it; otherwise 0.
	BestEpoch int
	// MaxGradient is the largest entry of the gradient of the mean loss at the
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
	target, err := newTarget(c, train, cfg.Loss)
	if err != nil {
		return nil, err
	}
	t := &Trainer{
		c: c, cfg: cfg, train: train, target: target, held: held,
		batches: datasets.NewBatches(train.Len(), cfg.BatchSize, cfg.Seed),
		shards:  newShards(c),
	}
	t.params = t.shards.params
	t.opt = optim.New(cfg.Method, t.params.Len())
	t.at.EarlyStopping.Patience = cfg.Patience
	if cfg.Restart {
		t.previous = slices.Clone(t.params.Vector())
	}
	return t, nil
}

// Run trains until there is a reason to stop. When ctx is cancelled it finishes
// the step it is at; Run then goes on from there, in this process or, by way of
// a [Checkpoint], in another.
func (t *Trainer) Run(ctx context.Context, observers ...Observer) (Result, error) {
	defer t.shards.close()
	result := Result{MaxGradient: math.NaN()}
	for t.at.Epoch < t.cfg.Epochs {
		var e Event
		for k, rows := range t.batchesFromHere() {
			if ctx.Err() != nil {
				return t.end(result, Interrupted), nil
			}
			var gradient []float64
			var err error
			if e, gradient, err = t.gradient(k, rows); err != nil {
				return t.end(result, Failed), err
			}
			if t.fullBatch() {
				result.MaxGradient = maxAbs(gradient)
			}
			notify(observers, e)
			if result.MaxGradient <= t.cfg.Tolerance {
				t.endEpoch(e, observers)
				return t.end(result, Converged), nil
			}
			t.update(gradient)
		}
		stop, err := t.endEpoch(e, observers)
		if err != nil {
			return t.end(result, Failed), err
		}
		if stop {
			return t.end(result, EarlyStopped), nil
		}
	}
	return t.end(result, Completed), nil
}

// end completes the result. Unless the run is to go on, the parameters become
// those of the best epoch, if early stopping watched for it.
func (t *Trainer) end(r Result, why Reason) Result {
	r.Reason, r.History = why, slices.Clone(t.at.History)
	if t.best != nil && why != Interrupted && why != Failed {
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
