package experiments

import (
	"context"
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/surprisal-ml/surprisal/experiments/figure"
)

// rate compares errors with the Fisher information for growing samples.
func (c consistencyClaim) rate(ctx context.Context, o Options, p population, intercept, truth float64, r *Result) error {
	whole := p.whole()
	at, err := whole.fit(ctx)
	if err != nil {
		return err
	}
	unit := c.slope(at.hessian)                 // of one observation
	known := 1 / math.Sqrt(at.hessian.At(0, 0)) // if the intercept were known
	n := o.pick(250, 2000)
	sizes := []int{6, 12, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400}
	table := &Table{Title: "Estimates of a slope from " + count(n) + " samples of each size", Columns: []string{"m", "root mean square error", "predicted, √([I⁻¹]₁₁/m)", "ratio", "no estimate: one class", "no estimate: separated"}}
	var ms, errs, predicted, logM, logErr figure.Values
	var ratio float64
	var without replicates
	for i, m := range sizes {
		s, err := c.replicate(ctx, p, truth, m, n, c.repeat, o.Seed, 10)
		if err != nil {
			return err
		}
		rms, want := s.rootMeanSquare(truth), unit/math.Sqrt(float64(m))
		ratio = rms / want
		table.Add(m, rms, want, ratio, s.oneClass, s.separated)
		without.oneClass, without.separated, without.disputed = without.oneClass+s.oneClass, without.separated+s.separated, without.disputed+s.disputed
		ms, errs, predicted = append(ms, float64(m)), append(errs, rms), append(predicted, want)
		if m >= 200 {
			logM, logErr = append(logM, math.Log(float64(m))), append(logErr, math.Log(rms))
		}
		o.progress(0.6 * float64(i+1) / float64(len(sizes)))
	}
	_, exponent := stat.LinearRegression(logM, logErr, nil, false)
	noise := 1 / math.Sqrt(2*float64(n)) // standard error of the logarithm of a root mean square
	_, spread := stat.PopMeanStdDev(logM, nil)
	r.decide("exponent of m in the error, less −½", math.Abs(exponent+0.5), AtMost, 4*noise/(spread*math.Sqrt(float64(len(logM))))+0.015, "")
	r.check("error at the largest m, relative to √([I⁻¹]₁₁/m), less 1", math.Abs(ratio-1), AtMost, 4*noise+8/6400., "")
	r.check("predicted error, in units of what it would be if the intercept were known", unit/known, AtLeast, 1.3, "")
	r.check("samples of which fit and order of the outcomes disagree on whether there is an estimate", float64(without.disputed), Exactly, 0, "")
	r.text("Draw samples of a feature $x$ between 0 and 4 and an outcome whose log-odds are %s + %s$x$, fit each, and look at the errors of the slope. They fall as $m$ to the power %s. "+
		"They are %s times what the information about the slope alone would have them be, 1/√(m·I₁₁): the intercept is unknown, too, and an error in one is made up for by the other.", num(intercept), num(truth), num(exponent), num(unit/known))
	r.text("Some small samples have no estimate and are left out: %s because all outcomes are the same, when the best intercept is infinite, and %s because all yes lie on one side of some $x$ and all no on the other, when the best slope is infinite (see the chapter on separation).", count(without.oneClass), count(without.separated))
	r.table(table)
	r.figure(&figure.Figure{
		Name: "consistency-rate", Title: "Error of an estimated slope, by size of the sample",
		Caption: "Four times the data, half the error. Small samples are worse than predicted.",
		X:       figure.Axis{Label: "rows m", Log: true}, Y: figure.Axis{Label: "root mean square error, log-odds", Log: true},
		Marks: []figure.Mark{
			{Kind: figure.Line, Name: "predicted by the Fisher information", Color: figure.Grey, Dashed: true, X: ms, Y: predicted},
			{Kind: figure.Dots, Name: count(n) + " samples each", X: ms, Y: errs},
		},
	})
	return nil
}
