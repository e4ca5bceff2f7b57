package mle

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// Status says whether the maximum-likelihood estimate exists.
type Status uint8

const (
	// Overlap: the estimate exists and is unique.
	Overlap Status = iota
	// QuasiComplete: some direction of the coefficients raises the probability
	// of some observations and lowers that of none. The likelihood has a
	// supremum that no coefficients reach.
	QuasiComplete
	// Complete: some direction raises the probability of all observations. The
	// supremum of the likelihood is 1.
	Complete
	// RankDeficient: the columns are linearly dependent and the data not
	// separated. The likelihood has a maximum that many coefficients reach.
	RankDeficient
	// OneClass: all observations are of one class, and there is an intercept.
	OneClass
)

var statusNames = []string{"overlap", "quasi-complete", "complete", "rank-deficient", "one-class"}

// String returns "overlap", "quasi-complete", "complete", "rank-deficient" or
// "one-class".
func (s Status) String() string { return name(statusNames, int(s), "Status") }

// Sign says where a coefficient goes when the likelihood approaches its
// supremum.
type Sign uint8

const (
	Finite        Sign = iota // its limit is unique and finite
	PlusInfinity              // it grows in some directions and falls in none
	MinusInfinity             // it falls in some and grows in none
	// Either: it grows in some directions in which the likelihood does not fall,
	// and falls in others; or it stays finite and depends on the coefficient of
	// another column.
	Either
)

var signNames = []string{"finite", "+inf", "-inf", "either"}

// String returns "finite", "+inf", "-inf" or "either".
func (s Sign) String() string { return name(signNames, int(s), "Sign") }

// Existence says whether the maximum-likelihood estimate exists, and if not,
// what can be said of the model instead. Rows and columns of its matrices are
// those of [Estimate].Coef.
//
// Sources: Albert and Anderson, "On the existence of maximum likelihood
// estimates in logistic regression models" (Biometrika 71, 1984); Santner and
// Duffy (Biometrika 73, 1986); Geyer, "Likelihood inference in exponential
// families and directions of recession" (EJS 3, 2009).
type Existence struct {
	Status Status
	// Proof says in a sentence what the status was proved by.
	Proof string
	// Coefficient says of each coefficient what becomes of it; that and the
	// status are verified in rational arithmetic. It is nil where the data are
	// separated and the signs would take long to find: of some hundreds of
	// parameters, or more.
	Coefficient [][]Sign
	// Direction is one in which the likelihood increases for ever, nil unless
	// the data are separated. Its largest entry is ½ to 1.
	Direction *mat.Dense
	// Separated are the rows of the data, from 0, whose class has probability 1
	// in the limit.
	Separated []int
	// SupLogLik is the supremum of the log-likelihood in nats: the maximum,
	// where there is one.
	SupLogLik float64
	// FiniteCoef are the limits of the coefficients whose limit is unique, and
	// FiniteSE their standard errors, both NaN for the others. They belong to
	// the likelihood of the observations that are not separated.
	FiniteCoef, FiniteSE *mat.Dense
	// Contrasts are comparisons of classes that have a limit although neither class
	// has one against the reference.
	Contrasts []Contrast
	// MinimumNorm is the estimate of smallest Euclidean norm, the intercept
	// included, for RankDeficient; nil otherwise.
	MinimumNorm *mat.Dense
	// Aliased are the columns that depend on those before them, with or without
	// separation: exactly, or up to the rounding of every value of them, as
	// decimals that add to 1 do. Float64 numbers that depend up to rounding
	// have a maximum of the likelihood that rounding alone decides.
	Aliased []Alias

	kept  []int     // the terms it is about; nil for all, see [Existence.examined]
	theta []float64 // where an optimum exists: scaled parameters near it
}

// Alias is a column that is a linear combination of columns before it.
type Alias struct {
	Term     string
	Relation string // as an equation, with "up to rounding" if that is how it holds
}

// NoEstimateError is returned where the maximum-likelihood estimate does not
// exist, or is not unique.
type NoEstimateError struct{ *Existence }

func (e *NoEstimateError) Error() string {
	return fmt.Sprintf("mle: %v: %s", e.Status, e.Advice())
}
