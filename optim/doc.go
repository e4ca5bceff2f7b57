// Package optim updates a model's flat parameter vector theta from its flat
// gradient: SGD, Adam, AdamW, RMSprop and Adagrad, learning-rate schedules, and
// clipping by global norm. Names, defaults and semantics are those of
// torch.optim.
//
// Three kinds of value make up a training step:
//
//   - A [Method] is an update rule with its options: immutable plain data.
//   - A [State] is all that a method remembers: the number of steps done and its
//     moment vectors. It can be copied, compared and saved; every bit of it
//     survives JSON.
//   - A [Schedule] is a pure function of a count of scheduler steps. It has no
//     state, so a checkpoint of it is that count.
//
// An [Optimizer] is the pair of a method and its state:
//
//	opt := optim.New(optim.SGD{LR: 0.1, Momentum: 0.9}, len(theta))
//	schedule := optim.CosineAnnealingLR{TMax: epochs}
//	for epoch := range epochs {
//		rates := schedule.At(epoch, opt.Base())
//		for range batches {
//			... // write the gradient of the batch's loss to grad
//			optim.ClipNorm(grad, 1)
//			opt.StepAt(rates, theta, grad)
//		}
//	}
//
// # Defaults
//
// The zero value of an option means PyTorch's default: Adam{} has LR 0.001,
// Beta1 0.9, Beta2 0.999 and Eps 1e-8. Where that default is not zero, [Zero]
// asks for the number 0: AdamW{WeightDecay: optim.Zero}.
//
// # Guarantees
//
// A step reads and writes every vector once, in order, allocates nothing after
// the first step, and depends on nothing but its arguments. Training that is
// stopped, saved and resumed therefore gives, bit for bit, what it would have
// given without the stop.
package optim
