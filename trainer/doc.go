// Package trainer trains classifiers: it owns the loop over epochs and batches,
// the [Classifier] that results, and the checkpoint between the two.
//
// A Classifier is everything needed to predict from a row of a file: network,
// encoding of the features, scaling and classes, in one file. A [Trainer] is an
// explicit loop that changes its parameters; progress, logs and checkpoints
// attach to it from outside as an [Observer].
//
// A run is a function of its data, its [Config] and nothing else. The same seed
// gives the same bits for any number of processors, and a run that is stopped
// and resumed ends where an unbroken one does, bit for bit.
package trainer
