package mle

import (
	"fmt"
	"math"
	"strings"
)

// Options say what [Fit] minimises and how. The zero value asks for the
// maximum-likelihood estimate with an intercept.
//
// With a penalty the objective is scikit-learn's, a sum and not a mean:
//
//	C·Σ wᵢ·lossᵢ + (1−r)/2·Σ wⱼ² + r·Σ |wⱼ|
//
// where wᵢ are frequency times class weights, lossᵢ is −log pᵢ(yᵢ), r is 0 for
// L2, 1 for L1 and L1Ratio for ElasticNet. The intercept is never penalised.
// LogF replaces the penalty by Σ log(2·cosh(wⱼ/2)).
//
// An L1 penalty leaves an even number of classes free where half of their
// coefficients of a term are positive and half negative: the median of those
// returned is 0.
type Options struct {
	Penalty Penalty
	C       float64 // of penalised fits: the weight of the likelihood; 0 means 1, and must be without a penalty
	L1Ratio float64 // of ElasticNet, from 0 to 1
	// ClassWeight multiplies the weight of the rows of each class, in the order
	// of [Estimate].Classes; nil means 1. Balanced sets them to n/(K·nₖ).
	ClassWeight []float64
	Balanced    bool
	NoIntercept bool
	Solver      Solver
	// MaxIterations is the number of steps after which a solver gives up; 0
	// leaves it to the solver.
	MaxIterations int
	// Observer, unless nil, is called after each iteration, and before each
	// likelihood-ratio test.
	Observer func(Progress)
}

// Progress is the state of a solver after an iteration.
type Progress struct {
	Iteration int
	Objective float64 // in nats
	// Decrement is δ = ‖∇f‖ in the metric of the inverse information, about
	// the distance to the optimum in standard errors; NaN where the solver does
	// not know it.
	Decrement float64
	// Test of Tests is the one that [Estimate.LikelihoodRatioTests] is about to
	// make, for one label; the rest is 0 then, and both are 0 otherwise.
	Test, Tests int
}

// Penalty is what is added to the negative log-likelihood.
type Penalty uint8

const (
	None       Penalty = iota // maximum likelihood
	L2                        // ridge: ½Σw², a normal prior
	L1                        // lasso: Σ|w|, a Laplace prior
	ElasticNet                // a mixture of L1 and L2
	// LogF is the log-F(1,1) prior: for each coefficient a pseudo-row, half
	// success and half failure, whose only covariate is the coefficient's own.
	// The estimate is finite for separated data too. Source: Greenland and
	// Mansournia, "Penalization, bias reduction, and default priors in logistic
	// and related categorical and survival regressions" (Stat. Med. 34, 2015).
	LogF
)

var penaltyNames = []string{"none", "l2", "l1", "elasticnet", "logf"}

// String returns "none", "l2", "l1", "elasticnet" or "logf".
func (p Penalty) String() string { return name(penaltyNames, int(p), "Penalty") }

// ParsePenalty returns the penalty of a name, as String gives it.
func ParsePenalty(s string) (Penalty, error) {
	i, err := parse(penaltyNames, s, "penalty")
	return Penalty(i), err
}

// Solver is a way to the optimum. All of them end with the same certificate.
type Solver uint8

const (
	Auto     Solver = iota // by the size of the problem
	Newton                 // Newton's method with the full information matrix
	LBFGS                  // limited-memory quasi-Newton, preconditioned by the Gram matrix
	NewtonCG               // Newton's method with conjugate gradients
	// ProximalNewton is Newton's method for penalties with absolute values, and
	// what Newton means there.
	ProximalNewton
)

var solverNames = []string{"auto", "newton", "lbfgs", "newton-cg", "proximal-newton"}

// String returns "auto", "newton", "lbfgs", "newton-cg" or "proximal-newton".
func (s Solver) String() string { return name(solverNames, int(s), "Solver") }

// ParseSolver returns the solver of a name, as String gives it.
func ParseSolver(s string) (Solver, error) {
	i, err := parse(solverNames, s, "solver")
	return Solver(i), err
}

func name(names []string, i int, kind string) string {
	if i >= len(names) {
		return fmt.Sprintf("%s(%d)", kind, i)
	}
	return names[i]
}

func parse(names []string, s, kind string) (int, error) {
	for i, n := range names {
		if n == s {
			return i, nil
		}
	}
	return 0, &Error{Problem: fmt.Sprintf("%q is no %s; use %s", s, kind, strings.Join(names, ", "))}
}

// check returns what is wrong with o, for a target of k classes.
func (o *Options) check(k int) error {
	problem := ""
	switch {
	case int(o.Penalty) >= len(penaltyNames):
		problem = fmt.Sprintf("%v is no penalty; use %s", o.Penalty, strings.Join(penaltyNames, ", "))
	case int(o.Solver) >= len(solverNames):
		problem = fmt.Sprintf("%v is no solver; use %s", o.Solver, strings.Join(solverNames, ", "))
	case o.MaxIterations < 0:
		problem = fmt.Sprintf("the limit of iterations is %d; it must be positive, or 0 for the solver's own", o.MaxIterations)
	case o.C < 0 || math.IsNaN(o.C) || math.IsInf(o.C, 0):
		problem = fmt.Sprintf("C is %g; it must be positive", o.C)
	case o.C != 0 && o.Penalty == None:
		problem = fmt.Sprintf("C is %g, and there is no penalty that the likelihood is weighed against; choose one, or leave C out", o.C)
	case !(0 <= o.L1Ratio && o.L1Ratio <= 1):
		problem = fmt.Sprintf("the share of the L1 penalty is %g; it must be from 0 to 1", o.L1Ratio)
	case o.ClassWeight != nil && o.Balanced:
		problem = "class weights are given and asked to be balanced as well"
	case o.ClassWeight != nil && len(o.ClassWeight) != k:
		problem = fmt.Sprintf("%d class weights for %d classes", len(o.ClassWeight), k)
	}
	for _, w := range o.ClassWeight {
		if !(w >= 0) || math.IsInf(w, 0) {
			problem = fmt.Sprintf("class weight %g; it must be 0 or more", w)
		}
	}
	if problem == "" {
		return nil
	}
	return &Error{Problem: problem}
}

// c returns the factor of the likelihood in the objective.
func (o *Options) c() float64 {
	if o.C == 0 {
		return 1
	}
	return o.C
}
