// Package infotheory has the quantities of information theory for finite
// distributions: entropy, cross-entropy, Kullback–Leibler and Jensen–Shannon
// divergence, and mutual information.
//
// Everything is in nats, the unit of the natural logarithm, in which losses are;
// [Bits] converts. 0·log 0 is 0, its limit: an outcome that cannot happen
// surprises nobody. An outcome that happens with p > 0 where the model says
// q = 0 costs +Inf.
//
// Probabilities are taken as they are, without renormalising. They must not be
// negative or NaN, and pairs of distributions must have the same length; if not,
// the functions panic with a *tensor.UsageError.
//
// # Accuracy
//
// Results have a relative error of a few units in the last place also where
// p and q nearly agree, which the textbook sum Σ p·log(p/q) has not: its terms
// have both signs, they cancel, and it may come out negative. Here
//
//	D(p‖q) = Σ q·φ(p/q − 1) + (Σp − Σq),  φ(t) = (1+t)·log(1+t) − t ≥ 0
//
// has no negative term, and the last bracket is 0 for distributions. That D is
// never negative is thus visible in every term.
//
// Source: T. Cover, J. Thomas, "Elements of Information Theory", 2nd edition,
// chapter 2; I. Csiszár, "Information-type measures of difference of probability
// distributions" (1967) for φ.
package infotheory
