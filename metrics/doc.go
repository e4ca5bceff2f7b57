// Package metrics says how good the predictions of a classifier are, from its
// logits.
//
// A table larger than memory is evaluated block by block: make the zero value
// of [Binary], [Multiclass] or [Multilabel], Add every block, and ask for the
// [Report]. The result does not depend on where the blocks begin. Rows may have
// frequency weights: a row of weight 2 counts as two rows, one of weight 0 as
// none.
//
// Logits instead of probabilities keep the tails: a confident right answer
// costs 4e-18 nats instead of 0, a confident wrong one 1000 instead of
// infinity, and the ranking behind ROC AUC and average precision does not tie
// where probabilities round to 1. Sums are compensated, so that ten million
// rows lose no digits.
//
// Memory does not grow with the rows, except for the ranking: 8 bytes per row
// and column of logits, twice that once a weight is not 1. SkipRanking leaves
// it, and the metrics that need it, out.
//
// Definitions are scikit-learn's where it has the metric; each field of
// [Report] says its formula. Logarithms are natural unless a name says bits.
package metrics
