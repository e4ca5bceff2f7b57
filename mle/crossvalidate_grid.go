package mle

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/surprisal-ml/surprisal/datasets"
)

// checkFolds returns an error if the rows are too few for the folds.
func (x *crossValidation) checkFolds() error {
	k, n := x.v.folds(), x.data.Len()
	switch {
	case k < 2:
		return &Error{Problem: fmt.Sprintf("%d folds; cross-validation needs at least 2", k)}
	case n < 2:
		return &Error{Problem: fmt.Sprintf("there is %d row with a weight; cross-validation needs at least 2", n)}
	case k > n:
		return &Error{Problem: fmt.Sprintf("%d rows with a weight cannot be divided into %d folds; ask for %d or fewer", n, k, n)}
	case x.data.Labels == nil || x.o.NoIntercept:
		return nil
	}
	rows := make([]int, len(x.data.Schema.Classes))
	for _, class := range x.data.Labels {
		rows[class]++
	}
	if single := slices.Index(rows, 1); single >= 0 {
		return &Error{Problem: fmt.Sprintf("class %q has one row: without the fold of that row there is none to learn the class from. "+
			"Leave the class out, or choose C without cross-validation", x.data.Schema.Classes[single])}
	}
	return nil
}

// gridSize is the number of C that are tried by default.
const gridSize = 20

// strengths returns the values of C to try, ascending.
func (x *crossValidation) strengths(ctx context.Context) ([]float64, error) {
	if x.v.Grid != nil {
		grid := slices.Compact(slices.Sorted(slices.Values(x.v.Grid)))
		for _, c := range grid {
			if !(c > 0) || math.IsInf(c, 0) {
				return nil, &Error{Problem: fmt.Sprintf("C = %g on the grid; it must be positive", c)}
			}
		}
		if len(grid) == 0 {
			return nil, &Error{Problem: "the grid has no C"}
		}
		return grid, nil
	}
	from, to, err := x.span(ctx)
	if err != nil {
		return nil, err
	}
	grid := make([]float64, gridSize)
	for i := range grid {
		grid[i] = threeDigits(from * math.Pow(to/from, float64(i)/(gridSize-1)))
	}
	return slices.Compact(grid), nil
}

// span returns the ends of the default grid; see [CVOptions].
func (x *crossValidation) span(ctx context.Context) (from, to float64, err error) {
	if x.o.Penalty == L2 || x.o.Penalty == ElasticNet && x.o.L1Ratio == 0 {
		return 1e-4, 1e4, nil
	}
	deviations := datasets.MeasureScaling(x.all.X, x.all.Weights).Scale
	from, scaled := math.Inf(1), math.Inf(1)
	for label := range x.labels() {
		p, err := newProblem(x.all, &x.o, label)
		if err != nil {
			return 0, 0, err
		}
		p.penalty = penalty{lasso: p.penalty.lasso}
		pt, err := p.evaluate(ctx, p.newBlock(), p.frequencies(), nil)
		if err != nil {
			return 0, 0, err
		}
		thresholds := p.thresholds()
		p.coefficients(func(i int, _ float64) {
			// The first step from 0 pays above this C.
			entry := thresholds[i] / math.Abs(pt.grad[i])
			from = min(from, entry)
			scaled = min(scaled, entry*deviations[i%p.terms-p.skip()])
		})
	}
	if !isFinite(from) || from == 0 {
		return 1e-4, 1e4, nil // no column says anything
	}
	from *= 0.995 // rounding to three digits does not pass the entry
	reach := 1e4
	if x.data.Len() < x.data.Schema.Width() {
		reach = 1e2
	}
	slices.Sort(deviations)
	return from, reach * max(from, scaled/deviations[len(deviations)/2]), nil
}

// frequencies returns the parameters of the model of nothing but an intercept:
// those whose probabilities are the relative frequencies of the classes.
func (p *problem) frequencies() []float64 {
	theta := make([]float64, p.size())
	if !p.intercept {
		return theta
	}
	logs := p.classTotals()
	for k := range logs {
		logs[k] = math.Log(logs[k])
	}
	for k := range p.logits() {
		theta[k*p.terms] = (logs[k+p.first] - logs[0]) / p.scale[0]
	}
	return theta
}

// threeDigits returns x rounded to three digits, as it is then printed and typed.
func threeDigits(x float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	if err != nil {
		return x // beyond the range
	}
	return r
}
