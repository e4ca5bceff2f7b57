package plots

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/mle"
)

// CrossValidation draws the mean held-out loss by C, in nats, with bars of one
// standard error to both sides, and marks the smallest loss, the strongest penalty
// within one standard error of it, and which of them is chosen by the rule.
func CrossValidation(c *mle.Curve, rule mle.Rule) (*figure.Figure, error) {
	if len(c.Points) == 0 {
		return nil, inapplicable("no C was tried")
	}
	line := figure.Mark{Kind: figure.Line, Name: fmt.Sprintf("mean over %d folds, ± 1 standard error", c.Folds), Color: figure.Blue}
	bars := figure.Mark{Kind: figure.Interval, Color: figure.Blue}
	for _, p := range c.Points {
		line.X, line.Y = append(line.X, p.C), append(line.Y, p.Loss)
		bars.X, bars.Low, bars.High = append(bars.X, p.C), append(bars.Low, p.Loss-p.SE), append(bars.High, p.Loss+p.SE)
	}
	chosen := func(at int, what string, color figure.Color, r mle.Rule) figure.Mark {
		name := fmt.Sprintf("%s: C = %s", what, digits(3, c.Points[at].C))
		if r == rule {
			name += ", chosen"
		}
		return figure.Mark{Kind: figure.RuleX, Name: name, Color: color, Dashed: true, X: figure.Values{c.Points[at].C}}
	}
	f := &figure.Figure{
		Name: CrossValidationName, Title: "Cross-validation", Caption: "Held-out loss by the weight of the likelihood beside the penalty.",
		X: figure.Axis{Label: "C: weight of the likelihood beside the penalty", Log: true},
		Y: figure.Axis{Label: "mean held-out loss (nats)"},
	}
	if c.Least == c.OneSE {
		f.Marks = append(f.Marks, chosen(c.Least, "smallest loss, and no stronger penalty within 1 s.e.", figure.Green, rule))
	} else {
		f.Marks = append(f.Marks,
			chosen(c.Least, "smallest loss", figure.Green, mle.Least),
			chosen(c.OneSE, "strongest penalty within 1 s.e.", figure.Vermillion, mle.OneSE))
	}
	f.Marks = append(f.Marks, bars, line)
	return withDots(f), nil
}
