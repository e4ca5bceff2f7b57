package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/mle"
	"github.com/surprisal-ml/surprisal/plots"
)

// choice is a C that was chosen by cross-validation.
type choice struct {
	*mle.Curve
	rule mle.Rule
}

// chooseC chooses the C of o, if the settings ask for that.
func (t *task) chooseC(ctx context.Context, o *mle.Options, watch *iterations) (*choice, error) {
	if !t.settings.crossValidates() {
		return nil, nil
	}
	v, rule, err := t.settings.crossValidation()
	if err != nil {
		return nil, err
	}
	watch.phase("the cross-validation")
	v.Observer = func(p mle.CVProgress) {
		watch.phase(fmt.Sprintf("the cross-validation, fit %d of %d", p.Fits, p.Total))
	}
	curve, err := mle.CrossValidate(ctx, t.train, *o, v)
	if err != nil {
		return nil, err
	}
	c := &choice{curve, rule}
	o.C = c.point().C
	return c, nil
}

// point is the one chosen.
func (c *choice) point() mle.CurvePoint { return c.Points[c.Choose(c.rule)] }

// print writes the curve.
func (c *choice) print(w *page) {
	if c == nil {
		return
	}
	pt, least := c.point(), c.Points[c.Least]
	text := fmt.Sprintf("%g, chosen by cross-validation in %d folds (seed %d): ", pt.C, c.Folds, c.Seed)
	switch {
	case c.rule == mle.Least:
		text += fmt.Sprintf("the least log-loss of rows held out, %s ± %s nats an observation", withDigits(4, pt.Loss), withDigits(2, pt.SE))
	case pt.C == least.C:
		text += fmt.Sprintf("the least log-loss of rows held out, %s ± %s nats an observation, and no stronger penalty is within its standard error",
			withDigits(4, pt.Loss), withDigits(2, pt.SE))
	default:
		text += fmt.Sprintf("the strongest penalty whose log-loss of rows held out, %s nats an observation, is within a standard error of the least, %s ± %s",
			withDigits(4, pt.Loss), withDigits(4, least.Loss), withDigits(2, least.SE))
	}
	w.entry("C", "%s.%s", text, c.atEdge())
	w.line("")
	w.table(c.table())
}

// atEdge says so if a point of interest is at an end of the grid.
func (c *choice) atEdge() string {
	last := len(c.Points) - 1
	at := c.Choose(c.rule)
	switch {
	case c.Points[at].NonZero == 0:
		return " All coefficients are 0 there: on this evidence the features do not help to predict rows that were not seen."
	case last == 0:
		return ""
	case at == last:
		return " That is the largest C that was tried: with larger ones (--cv-grid) the loss may be smaller still."
	case at == 0 && c.rule == mle.Least:
		return " That is the smallest C that was tried: with smaller ones (--cv-grid) the loss may be smaller still."
	case at == 0:
		return " That is the smallest C that was tried: smaller ones (--cv-grid) may be as good."
	case c.Least == last:
		return " The least loss is at the largest C that was tried: with larger ones (--cv-grid) it may be smaller still."
	}
	return ""
}

// table returns the curve as text, the number of coefficients only where that
// differs.
func (c *choice) table() [][]string {
	counts := slices.ContainsFunc(c.Points, func(p mle.CurvePoint) bool { return p.NonZero != c.Points[0].NonZero })
	rows := [][]string{{"", "C", "log-loss", "std. error"}}
	if counts {
		rows[0] = append(rows[0], "non-zero")
	}
	var losses, deviations []float64
	for _, p := range c.Points {
		losses, deviations = append(losses, p.Loss), append(deviations, p.SE)
	}
	loss, se := alignedTo(4, losses), alignedTo(2, deviations)
	for i, p := range c.Points {
		mark := ""
		switch i {
		case c.Choose(c.rule):
			mark = "chosen"
		case c.Least:
			mark = "least"
		case c.OneSE:
			mark = "1 s.e."
		}
		row := []string{mark, fmt.Sprintf("%g", p.C), loss[i], se[i]}
		if counts {
			row = append(row, fmt.Sprint(p.NonZero))
		}
		rows = append(rows, row)
	}
	return rows
}

// cvJSON is what the file of fit --json has of a cross-validation.
type cvJSON struct {
	Folds  int              `json:"folds"`
	Rule   string           `json:"rule"`
	Seed   uint64           `json:"seed"`
	Chosen metrics.Number   `json:"chosen_C"`
	Least  metrics.Number   `json:"min_C"`
	OneSE  metrics.Number   `json:"1se_C"`
	AtEdge bool             `json:"at_edge"` // the chosen one is the first or last of the grid
	Grid   []curvePointJSON `json:"grid"`
}

type curvePointJSON struct {
	C       metrics.Number `json:"C"`
	Loss    metrics.Number `json:"mean_logloss"`
	SE      metrics.Number `json:"se"`
	NonZero int            `json:"nonzero"`
}

// json returns the curve for scripts.
func (c *choice) json() *cvJSON {
	if c == nil {
		return nil
	}
	at := c.Choose(c.rule)
	j := &cvJSON{
		Folds: c.Folds, Rule: c.rule.String(), Seed: c.Seed, AtEdge: at == 0 || at == len(c.Points)-1,
		Chosen: metrics.Number(c.point().C), Least: metrics.Number(c.Points[c.Least].C), OneSE: metrics.Number(c.Points[c.OneSE].C),
	}
	for _, p := range c.Points {
		j.Grid = append(j.Grid, curvePointJSON{metrics.Number(p.C), metrics.Number(p.Loss), metrics.Number(p.SE), p.NonZero})
	}
	return j
}

// pictures draws the curve.
func (c *choice) pictures() []picture {
	if c == nil {
		return nil
	}
	return []picture{{plots.CrossValidationName, func() (*figure.Figure, error) { return plots.CrossValidation(c.Curve, c.rule) }}}
}
