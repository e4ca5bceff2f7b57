package mle

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/trainer"
)

// CVOptions say how [CrossValidate] divides the rows and what it tries. The zero
// value asks for ten folds and the default grid.
type CVOptions struct {
	Folds int    // how many; 0 means 10
	Seed  uint64 // of the folds
	// Grid are the values of C to try, in any order. Nil asks for 20, evenly
	// spaced on a log scale and rounded to three digits. With an L1 part they
	// begin where all coefficients are 0, which the data say exactly, and go up to
	// 10⁴ times the place where that ends for features of standard deviation 1
	// (10² if there are more columns than rows), as glmnet's do, divided by the
	// median standard deviation. An L2 penalty has no such place: the values are
	// scikit-learn's, 10⁻⁴ to 10⁴.
	Grid []float64
	// Standardize scales the features of each training part to mean 0 (with an
	// intercept) and standard deviation 1, and those held out by the same numbers.
	Standardize bool
	// Observer, unless nil, is called after each fit; calls do not overlap.
	Observer func(CVProgress)
}

// CVProgress is how many fits of a cross-validation are done.
type CVProgress struct{ Fits, Total int }

// Curve is the error of prediction of penalised models by C, estimated by
// cross-validation.
type Curve struct {
	Points []CurvePoint // by ascending C: from the strongest penalty to the weakest
	// Least is the place of the smallest loss, and OneSE that of the strongest
	// penalty whose loss is at most one standard error of the smallest above it.
	Least, OneSE int
	Folds        int
	Seed         uint64
}

// CurvePoint is what cross-validation says of one C.
type CurvePoint struct {
	C float64
	// Loss is the mean of −log p(y) over all observations, in nats, each predicted
	// by the model of the rows outside its fold. An observation counts by its
	// frequency weight, or the number of trials, times the weight of its class;
	// of several labels it is the mean over labels as well.
	Loss float64
	// SE is the standard error of Loss that the differences between the folds
	// suggest, √(Σ vₖ(lossₖ−Loss)²/(folds−1)) with vₖ the share of a fold in the
	// weight. The folds share training rows, which it does not account for.
	SE float64
	// NonZero is the number of coefficients of the model of all rows, intercepts
	// left out, that are not 0.
	NonZero int
	Folds   []float64 // the mean loss of each fold
}

// Rule chooses a point of a [Curve].
type Rule uint8

const (
	// Least is the rule of the smallest loss.
	Least Rule = iota
	// OneSE prefers the strongest penalty, and with L1 the smallest model, whose
	// loss cannot be told from the smallest: at most one standard error above.
	// Source: Breiman, Friedman, Olshen and Stone, "Classification and regression
	// trees" (1984), section 3.4.3; glmnet's lambda.1se.
	OneSE
)

var ruleNames = []string{"min", "1se"}

// String returns "min" or "1se".
func (r Rule) String() string { return name(ruleNames, int(r), "Rule") }

// ParseRule returns the rule of a name, as String gives it.
func ParseRule(s string) (Rule, error) {
	i, err := parse(ruleNames, s, "rule")
	return Rule(i), err
}

// Choose returns the place in Points that a rule chooses.
func (c *Curve) Choose(r Rule) int {
	if r == OneSE {
		return c.OneSE
	}
	return c.Least
}

// CrossValidate estimates for a number of C how well the penalised models of o
// predict rows that they were not fitted to, so that C can be chosen: it divides
// the rows into folds, at random and with the classes (of several labels, their
// combinations) spread evenly, and fits each C to the rows outside each fold.
// Every fit is certified; the C of o is ignored.
//
// C weighs a sum over rows, as in [Options] and in scikit-learn: a fold is fitted
// with the same C, the same prior, as all rows then are, though its rows are
// fewer. Everything that is learnt from data is learnt without the fold that is
// held out: coefficients, scales and balanced class weights. The levels of
// categories are those of all rows; of a level that a training part lacks, the
// coefficient is 0, as for the reference. A group of trials, or a row of a
// frequency weight, is in one fold as a whole; rows of weight 0 are in none.
//
// The folds are fitted on all processors, and the result is the same for any
// number of them. It is an [*Error] if there is no penalty with a C (None, LogF),
// or a training part lacks a class, and a [*NotCertifiedError] if a fit has no
// certificate.
func CrossValidate(ctx context.Context, d *datasets.Dataset, o Options, v CVOptions) (*Curve, error) {
	x, err := newCrossValidation(ctx, d, o, v)
	if err != nil {
		return nil, err
	}
	c, err := x.curve(ctx, datasets.Folds(strata(x.data), v.folds(), v.Seed))
	if err != nil {
		return nil, err
	}
	c.Seed = v.Seed
	return c, nil
}

// curve holds each of the folds out in turn.
func (x *crossValidation) curve(ctx context.Context, folds [][]int) (*Curve, error) {
	paths := make([]*path, len(folds)+1)
	x.fits.Total = len(paths) * len(x.grid) * x.labels()
	// The fit of all rows, which takes longest, comes first.
	err := inParallel(len(paths), func(i int) (err error) {
		if i == 0 {
			paths[0], err = x.path(ctx, x.all, nil)
			return err
		}
		train, held := x.part(folds[i-1])
		paths[i], err = x.path(ctx, train, held)
		return inFold(err, i, len(folds), held.Len())
	})
	if err != nil {
		return nil, err
	}
	c := &Curve{Folds: len(folds)}
	for i, strength := range x.grid {
		c.Points = append(c.Points, pointOf(strength, i, paths[0], paths[1:]))
	}
	c.choose()
	return c, nil
}

func (v *CVOptions) folds() int {
	if v.Folds == 0 {
		return 10
	}
	return v.Folds
}

// crossValidation is what the folds have in common.
type crossValidation struct {
	o    Options
	v    CVOptions
	data *datasets.Dataset // the rows with a weight
	all  *datasets.Dataset // the same, scaled if that is asked for
	grid []float64

	mutex sync.Mutex
	fits  CVProgress
}

func newCrossValidation(ctx context.Context, d *datasets.Dataset, o Options, v CVOptions) (*crossValidation, error) {
	if _, _, err := trainer.KindOf(d.Schema); err != nil {
		return nil, err
	}
	switch o.Penalty {
	case None:
		return nil, &Error{Problem: "a fit without a penalty has no C to choose: cross-validate l2, l1 or elasticnet"}
	case LogF:
		return nil, &Error{Problem: "the penalty logf has no strength to choose: fit it as it is, or cross-validate l2, l1 or elasticnet"}
	}
	o.C, o.Observer = 1, nil
	x := &crossValidation{o: o, v: v, data: d}
	if _, err := newProblem(d, &x.o, 0); err != nil { // is refused as in a fit
		return nil, err
	}
	x.data = weighted(d)
	if err := x.checkFolds(); err != nil {
		return nil, err
	}
	x.all = x.data
	if v.Standardize {
		x.all, _ = x.part(nil)
	}
	var err error
	x.grid, err = x.strengths(ctx)
	return x, err
}

// labels is the number of models that are fitted at once: the labels, or 1.
func (x *crossValidation) labels() int { return max(1, len(x.data.Schema.Labels)) }

// weighted returns the rows of d that have a weight.
func weighted(d *datasets.Dataset) *datasets.Dataset {
	if !slices.Contains(d.Weights, 0) {
		return d
	}
	var rows []int
	for i, w := range d.Weights {
		if w > 0 {
			rows = append(rows, i)
		}
	}
	return d.Rows(rows)
}

// strata numbers the rows by class, or by combination of labels.
func strata(d *datasets.Dataset) []int {
	if d.Labels != nil {
		return d.Labels
	}
	numbers := make([]int, d.Len())
	if d.Schema.Labels == nil {
		return numbers // groups of trials have no class
	}
	seen := map[string]int{}
	for i := range numbers {
		key := fmt.Sprint(d.Y.RawRowView(i))
		if _, ok := seen[key]; !ok {
			seen[key] = len(seen)
		}
		numbers[i] = seen[key]
	}
	return numbers
}

// part returns the rows outside a fold and those in it, scaled by what the
// former say.
func (x *crossValidation) part(fold []int) (train, held *datasets.Dataset) {
	var outside []int
	for i, next := 0, fold; i < x.data.Len(); i++ {
		if len(next) > 0 && next[0] == i {
			next = next[1:]
			continue
		}
		outside = append(outside, i)
	}
	train, held = x.data.Rows(outside), x.data.Rows(fold)
	if !x.v.Standardize {
		return train, held
	}
	scaling := datasets.MeasureScaling(train.X, train.Weights)
	if x.o.NoIntercept {
		clear(scaling.Mean)
	}
	scaling.Apply(train.X)
	if fold != nil {
		scaling.Apply(held.X)
	}
	return train, held
}

// pointOf gathers what the folds say of number i of the grid.
func pointOf(c float64, i int, all *path, folds []*path) CurvePoint {
	pt := CurvePoint{C: c, NonZero: all.nonzero[i]}
	var sum, total float64
	for _, f := range folds {
		sum += f.loss[i]
		total += f.total
		pt.Folds = append(pt.Folds, f.loss[i]/f.total)
	}
	pt.Loss = sum / total
	for k, f := range folds {
		pt.SE += f.total / total * (pt.Folds[k] - pt.Loss) * (pt.Folds[k] - pt.Loss)
	}
	pt.SE = math.Sqrt(pt.SE / float64(len(folds)-1))
	return pt
}

// choose finds the points of the rules. Of equal losses it takes the one with
// the stronger penalty.
func (c *Curve) choose() {
	for i, pt := range c.Points {
		if pt.Loss < c.Points[c.Least].Loss {
			c.Least = i
		}
	}
	least := c.Points[c.Least]
	for c.Points[c.OneSE].Loss > least.Loss+least.SE {
		c.OneSE++
	}
}
