// Package mle fits models without a hidden layer by maximum likelihood, or
// penalised maximum likelihood, and proves how near the result is to the optimum.
//
// A network without a hidden layer is (multinomial) logistic regression, and
// minimising its cross-entropy is maximising its likelihood. That objective is
// convex and generalised self-concordant, so that a [Certificate] of the
// gradient and the information at one point bounds the distance to the optimum:
// a fit here never says that it converged without that proof.
//
// [Fit] takes data sets with two classes, more classes, several labels or
// grouped counts, with frequency and class weights. Small problems are finished
// in double-double arithmetic: coefficients, standard errors and log-likelihood
// are then right to the last digits of float64, however badly scaled or nearly
// collinear the columns are.
//
// What follows from the likelihood are methods of an [Estimate]: [Estimate.Wald] is
// the table that R and statsmodels print, [Estimate.Summary] has deviance, AIC, BIC
// and R², [Estimate.LikelihoodRatioTests] and [Estimate.Profile] are right where
// Wald's method is not, and [Inference] gives all that for a model trained by
// gradient descent. [CrossValidate] finds out how strong a penalty should be.
package mle
