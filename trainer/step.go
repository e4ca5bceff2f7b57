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

// gradient computes the mean loss of batch k and its gradient, clipped.
func (t *Trainer) gradient(k int, rows []int) (Event, []float64, error) {
	n := len(rows)
	if rows == nil {
		n = t.train.Len()
	}
	weight := t.target.total(rows, n) * float64(labels(t.c))
	loss, g := t.shards.gradient(job{
		x: t.train.X, target: t.target, rows: rows, n: n, scale: 1 / weight,
		seed: t.cfg.Seed, epoch: t.at.Epoch, step: k,
	})
	e := Event{
		Epoch: t.at.Epoch, Epochs: t.cfg.Epochs, Batch: k, Batches: t.batches.Len(), Rows: n,
		Loss: loss, LearningRate: t.rates().LR,
	}
	bound := math.Inf(1)
	if t.cfg.ClipNorm > 0 {
		bound = t.cfg.ClipNorm
	}
	e.GradientNorm = optim.ClipNorm(g, bound)
	if math.IsNaN(loss) || math.IsInf(loss, 0) || math.IsNaN(e.GradientNorm) || math.IsInf(e.GradientNorm, 0) {
		return e, nil, t.nonFinite(k, rows, loss, g)
	}
	t.at.LossSum += weight * loss
	t.at.WeightSum += weight
	return e, g, nil
}

func (t *Trainer) nonFinite(k int, rows []int, loss float64, gradient []float64) error {
	err := &NonFiniteError{Epoch: t.at.Epoch, Batch: k, Rows: rows, Loss: loss}
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
		var uphill float64
		for i, g := range gradient {
			uphill += g * (theta[i] - t.previous[i])
		}
		if uphill > 0 {
			t.at.SinceRestart = 0
			t.opt = optim.New(t.cfg.Method, t.params.Len())
		}
		copy(t.previous, theta)
	}
	t.opt.StepAt(t.rates(), theta, gradient)
	t.at.SinceRestart++
	t.at.Batch++
}

func maxAbs(x []float64) float64 {
	var m float64
	for _, v := range x {
		m = max(m, math.Abs(v))
	}
	return m
}
