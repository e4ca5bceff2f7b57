package tensor

import (
	"sync"

	"github.com/surprisal-ml/surprisal/tensor/internal/vmath"
)

// The steps of optimisers, in one pass over a flat vector of parameters θ, on
// all processors if it is long. All vectors of a call have the same length.

// MomentumRates are the numbers of [MomentumStep].
type MomentumRates struct {
	Rate     float64 // how far to go
	Decay    float64 // how much of θ is added to the gradient
	Keep     float64 // how much of the buffer stays
	Add      float64 // how much of the gradient is added to it
	Nesterov bool
}

// AdamRates are the numbers of [AdamStep].
type AdamRates struct {
	Shrink     float64 // by what θ is multiplied first
	Decay      float64 // how much of θ is added to the gradient
	KeepMean   float64 // how much of the mean stays
	AddMean    float64 // how much of the gradient is added to it
	KeepSquare float64
	AddSquare  float64
	Rate       float64 // how far to go
	Unbias     float64 // by what the root of the square is multiplied
	Epsilon    float64 // what is added to that
}

// SGDStep sets θ = θ − rate·(g + decay·θ).
func SGDStep(theta, grad []float64, rate, decay float64) {
	update(updates{theta: theta, grad: grad, rate: rate, decay: decay})
}

// MomentumStep sets g = grad + Decay·θ, buffer = Keep·buffer + Add·g, and
// θ = θ − Rate·buffer or, with Nesterov, θ = θ − Rate·(g + Keep·buffer).
func MomentumStep(theta, buffer, grad []float64, r MomentumRates) {
	update(updates{kind: byMomentum, theta: theta, first: buffer, grad: grad, momentum: vmath.MomentumRates(r)})
}

// AdamStep sets θ = Shrink·θ, g = grad + Decay·θ, mean = KeepMean·mean + AddMean·g,
// square = KeepSquare·square + AddSquare·g² and
// θ = θ − Rate·mean/(√square·Unbias + Epsilon). If largest is not nil it becomes
// the greater of itself and square, NaN if either is, and is used in place of
// square (AMSGrad).
func AdamStep(theta, mean, square, largest, grad []float64, r AdamRates) {
	update(updates{kind: byAdam, theta: theta, first: mean, second: square, largest: largest, grad: grad, adam: vmath.AdamRates(r)})
}

const (
	updatePart     = 1 << 15 // elements of a part
	parallelUpdate = 1 << 18 // elements from which several processors pay
)

// updates is a step as a job in parts.
type updates struct {
	kind                                updateKind
	theta, first, second, largest, grad []float64
	rate, decay                         float64
	momentum                            vmath.MomentumRates
	adam                                vmath.AdamRates
}

type updateKind int

const (
	bySGD updateKind = iota
	byMomentum
	byAdam
)

var idleUpdates = sync.Pool{New: func() any { return new(updates) }}

func update(u updates) {
	n := len(u.grad)
	if n < parallelUpdate {
		u.part(0, n)
		return
	}
	job := idleUpdates.Get().(*updates)
	*job = u
	Parallel(job, (n+updatePart-1)/updatePart)
	*job = updates{}
	idleUpdates.Put(job)
}

// Part implements [Job].
func (u *updates) Part(i int) { u.part(i*updatePart, min((i+1)*updatePart, len(u.grad))) }

func (u *updates) part(from, to int) {
	switch theta, grad := u.theta[from:to], u.grad[from:to]; u.kind {
	case bySGD:
		vmath.SGD(theta, grad, u.rate, u.decay)
	case byMomentum:
		vmath.Momentum(theta, u.first[from:to], grad, u.momentum)
	case byAdam:
		largest := u.largest
		if largest != nil {
			largest = largest[from:to]
		}
		vmath.Adam(theta, u.first[from:to], u.second[from:to], largest, grad, u.adam)
	}
}
