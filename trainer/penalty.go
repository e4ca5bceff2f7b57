package trainer

import (
	"math"

	"github.com/surprisal-ml/surprisal/optim"
)

// WeightDecay returns what a method's option of that name does. Coupled decay
// adds λθ to the gradient, so that the method minimises the mean loss plus
// ½λ‖θ‖². Decoupled decay (AdamW) shrinks the parameters beside the step, which
// minimises nothing that could be measured.
func WeightDecay(m optim.Method) (lambda float64, decoupled bool) {
	switch m := m.(type) {
	case optim.SGD:
		lambda = m.WeightDecay
	case optim.Adam:
		lambda = m.WeightDecay
	case optim.RMSprop:
		lambda = m.WeightDecay
	case optim.Adagrad:
		lambda = m.WeightDecay
	case optim.AdamW:
		switch m.WeightDecay {
		case 0: // its default
			return 0.01, true
		case optim.Zero:
			return 0, false
		}
		return m.WeightDecay, true
	}
	return lambda, false
}

// measurable reports whether the gradient of a step is that of the objective:
// the step uses all rows, and the objective is a function of the parameters
// alone, which neither dropout nor decoupled weight decay leave it.
func (t *Trainer) measurable() bool {
	_, decoupled := WeightDecay(t.cfg.Method)
	return t.fullBatch() && !decoupled && t.c.Net.Dropout == 0
}

// maxGradient returns the largest entry, by magnitude, of the gradient of the
// objective, given that of the mean loss: g + λθ. It is NaN if that cannot be
// measured.
func (t *Trainer) maxGradient(g []float64) float64 {
	if !t.measurable() {
		return math.NaN()
	}
	lambda, _ := WeightDecay(t.cfg.Method)
	theta := t.params.Vector()
	var largest float64
	for i, v := range g {
		largest = max(largest, math.Abs(v+lambda*theta[i]))
	}
	return largest
}
