// Package losses has the objectives of training, as negative log-likelihoods in
// nats with the names and semantics of PyTorch.
//
// A loss is an immutable set of options, whose zero value is PyTorch's default
// (but no class is ignored), with a method for each kind of target. The method records one op on the tape
// of its inputs: fused from the logits where it takes logits, with value,
// gradient and both rules of second order, also with respect to targets that
// are Vars. The four forms of cross-entropy are
//
//   - [BCE]: yes-no outcomes, on probabilities
//   - [BCEWithLogits]: yes-no outcomes, on logits
//   - [NLL]: classes, on log-probabilities
//   - [CrossEntropy]: classes or class probabilities, on logits
//
// Minimising one of them over a model is maximum likelihood: the sum of the
// losses is minus the log-likelihood, and their mean is the cross-entropy of the
// model relative to the empirical distribution. [KLDiv] differs from it by the
// entropy of the target. [GaussianNLL], [PoissonNLL], [MSE] and [L1] are those
// of measurements and counts.
//
// Three kinds of weights: Weight and PosWeight are PyTorch's and change the
// loss; a RowWeight of 3 is the same as that row three times, also in a mean. An
// element or row of weight 0 does not count, whatever it holds.
//
// Numbers beyond what a row should hold are results, not panics: a masked
// target costs +Inf, NaN stays NaN. Check the loss before the step.
//
// The heavy loops over rows are functions of package tensor.
package losses
