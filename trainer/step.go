package trainer

import (
	"iter"
	"math"

	"github.com/surprisal-ml/surprisal/optim"
)

// fullBatch reports whether every step uses all rows.
func (t *Trainer) fullBatch() bool { return t.cfg.BatchSize == t.train.Len() }

// batchesFromHere yields the batches that are left of the current epoch: the
// number and the rows, nil for all rows in order.
func (t *Trainer) batchesFromHere() iter.Seq2[int, []int] {
	if t.fullBatch() {
		return func(yield func(int, []int) bool) { yield(0, nil) }
	}
	return t.batches.Epoch(uint64(t.at.Epoch), t.at.Batch)
}

// rates returns the rates of the next step.
func (t *Trainer) rates() optim.Rates {
	base := t.opt.Base()
	if t.cfg.Restart {
		k := float64(t.at.SinceRestart)
		base.Momentum = k / (k + 3)
		return base
	}
	count := t.at.Epoch
	if t.cfg.PerBatch {
		count = t.opt.Steps()
	}
	return t.cfg.Schedule.At(count, base)
}

// step is a batch whose gradient is known.
type step struct {
	Event
	gradient []float64 // of the mean loss, clipped; valid until the next
	largest  float64   // see maxGradient
	weight   float64   // what the loss is a mean over
}

// gradient computes the mean loss of batch k and its gradient.
func (t *Trainer) gradient(k int, rows []int) (step, error) {
	n := len(rows)
	if rows == nil {
		n = t.train.Len()
	}
	weight := t.target.total(rows, n) * float64(labels(t.c))
	if weight == 0 { // nothing counts: no step
		return step{Event: t.event(k, n, 0), largest: math.NaN()}, nil
	}
	loss, g := t.shards.gradient(job{
		x: t.train.X, target: t.target, rows: rows, n: n, scale: 1 / weight,
		seed: t.cfg.Seed, epoch: t.at.Epoch, step: k,
	})
	e, largest := t.event(k, n, loss), t.maxGradient(g)
	bound := math.Inf(1)
	if t.cfg.ClipNorm > 0 {
		bound = t.cfg.ClipNorm
	}
	e.GradientNorm = optim.ClipNorm(g, bound)
	if math.IsNaN(loss) || math.IsInf(loss, 0) || math.IsNaN(e.GradientNorm) || math.IsInf(e.GradientNorm, 0) {
		return step{}, t.nonFinite(k, rows, loss, g)
	}
	return step{e, g, largest, weight}, nil
}

func (t *Trainer) event(k, rows int, loss float64) Event {
	return Event{
		Epoch: t.at.Epoch, Epochs: t.cfg.Epochs, Batch: k, Batches: t.batches.Len(), Rows: rows,
		Loss: loss, LearningRate: t.rates().LR,
	}
}

// account counts a batch as done.
func (t *Trainer) account(s step) {
	t.at.LossSum += s.weight * s.Loss
	t.at.WeightSum += s.weight
	t.at.Batch++
}

func (t *Trainer) nonFinite(k int, rows []int, loss float64, gradient []float64) error {
	err := &NonFiniteError{Epoch: t.at.Epoch, Batch: k, Rows: rows, Loss: loss, Scaled: t.c.Scaling != nil}
	for i, g := range gradient {
		if math.IsNaN(g) || math.IsInf(g, 0) {
			err.Param = t.params.At(i)
			break
		}
	}
	return err
}

// update moves the parameters by one step.
func (t *Trainer) update(gradient []float64) {
	theta := t.params.Vector()
	if t.cfg.Restart {
		lambda, _ := WeightDecay(t.cfg.Method)
		var uphill float64
		for i, g := range gradient {
			uphill += (g + lambda*theta[i]) * (theta[i] - t.previous[i])
		}
		if uphill > 0 {
			t.at.SinceRestart = 0
			t.opt = optim.New(t.cfg.Method, t.params.Len())
		}
		copy(t.previous, theta)
	}
	t.opt.StepAt(t.rates(), theta, gradient)
	t.at.SinceRestart++
}
