// Package plots draws what is known about a classifier: how training went, where
// it decides, how good its predictions are and what its coefficients say.
//
// Each function takes the numbers that packages metrics, trainer and mle return,
// and gives a [figure.Figure], which is data: [Save] makes files of it, and marks
// may be added before. A picture that would say nothing is refused with an
// [InapplicableError], whose text says why: a decision boundary needs two
// features, a ROC curve rows of both classes.
//
// Pictures stay small whatever the data are: curves are thinned to what can be
// seen, points are sampled by the caller, and of many classes or coefficients those
// are shown that need a look first. Output depends on the arguments alone, byte for
// byte.
package plots
