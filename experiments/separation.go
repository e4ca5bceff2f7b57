package experiments

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/experiments/figure"
)

func separationExperiment() Experiment {
	return Experiment{
		Name:  "separation",
		Title: "When a line separates the classes, there is no estimate",
		Claim: "If a hyperplane separates the classes the likelihood has no maximum: gradient descent goes on for ever, its parameters growing as log t towards the direction of the largest margin, while the likelihood approaches 1.",
		Source: "Albert & Anderson 1984, On the existence of maximum likelihood estimates in logistic regression models; Soudry et al. 2018, The implicit bias of gradient descent on separable data; " +
			"Ji & Telgarsky 2021, Characterizing the implicit bias via a primal-dual analysis, for steps in proportion to 1/loss.",
		Method: "Separate two species of iris by their sepals; find the largest margin by itself, with a proof; run gradient descent with constant steps, which is too slow to decide anything, and with steps in proportion to 1/loss, which decide.",
		Tolerance: "99 % of the largest margin, which is approached at the rate 1/t, by the time the loss is the smallest that still has all its digits in float64, 1e-290; the largest margin itself is proved to 1e-9. " +
			"The log-likelihood is at its supremum 0 to 1e-12 nats.",
		Run: separationClaim{species: [2]string{"setosa", "versicolor"}}.run,
	}
}

// separationClaim is what the claim is about: two species that a line separates.
type separationClaim struct {
	species [2]string
}

func (c separationClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	d, err := c.rows()
	if err != nil {
		return r, err
	}
	n, features := d.x.Dims()
	points := mat.NewDense(n, features+1, nil)
	for i := range n {
		sign := 2*d.y.At(i, 0) - 1
		for j := range features {
			points.Set(i, j, sign*d.x.At(i, j))
		}
		points.Set(i, features, sign)
	}
	best, found, atMost := widestMargin(points)
	r.check("largest margin, of standardised sepals and intercept", found, Above, 0, "")
	r.check("how much larger it could be, relative", atMost/found-1, AtMost, 1e-9, "")
	_, err = d.fit(ctx)
	estimates := 1.0
	if errors.Is(err, errNoMinimum) {
		estimates = 0
	} else if err != nil {
		return r, err
	}
	r.check("estimates that Newton's method finds and the residuals prove to be maxima", estimates, Exactly, 0, "")
	r.text("Sepals of %s are short and wide, those of %s long and narrow, and a line separates the two. Let the log-odds be $s$ times the distance from that line: the larger $s$, the more probable is what was observed. The likelihood grows towards 1 and never gets there; "+
		"there is *no maximum-likelihood estimate*. Software that reports one stopped for another reason.", c.species[0], c.species[1])

	slow, err := c.descend(ctx, o, d, points, func(loss float64) float64 { return 1 }, o.pick(30_000, 1_000_000), found)
	if err != nil {
		return r, err
	}
	o.progress(0.8)
	fast, err := c.descend(ctx, o, d, points, func(loss float64) float64 { return 1 / loss }, 20_000, found)
	if err != nil {
		return r, err
	}
	r.decide("margin of the direction that "+count(fast.steps)+" steps in proportion to 1/loss find, of the largest", fast.share, AtLeast, 0.99, "")
	r.check("negative log-likelihood there", fast.nll, AtMost, 1e-12, "nats")
	r.number("steps in proportion to 1/loss until the margin is 99 % of the largest", float64(fast.arrived), "")
	r.number("margin of the direction found with constant steps, of the largest", slow.share, "")
	r.number("‖θ‖/log t after "+count(slow.steps)+" constant steps, in units of 1/margin", slow.norms[len(slow.norms)-1]*found, "")
	last := len(slow.scaled) - 1
	limit := 1 / (found * found)
	r.number("t·loss there", slow.scaled[last], "nats")
	r.number("limit of t·loss, 1/margin²", limit, "nats")
	r.text("Where does gradient descent go, if there is nowhere to arrive? The direction turns towards the line with the largest *margin* $γ$, that is, the distance of the nearest row, measured in the space of all parameters, with a 1 beside the features for the intercept; here %d rows are at that distance and fix the line. "+
		"(A support-vector machine looks for such a line too, but leaves the intercept out of the measure, so that its line need not be the same.) The gradient is then $γ$ times the loss, so that a constant step $η$ lowers the loss by $ηγ^{2}$ times its square:",
		nearest(points, best, found))
	r.formula(`\frac{d \mathrm{loss}}{dt} = −ηγ^{2} \mathrm{loss}^{2},   \mathrm{loss} ≈ \frac{1}{ηγ^{2}t},   |θ| ≈ \frac{\log t}{γ}`)
	r.text("That is slow: after %s constant steps of 1 the margin is %s of the largest, and $t$ times the loss is %s, from %s after a tenth of them, on the way to $1/γ^{2}$ = %s. With steps in proportion to 1/loss the loss falls exponentially instead, and the direction is off by the order of $1/t$: "+
		"the margin is %s of the largest after %s steps and %s after %s, when minus the log-likelihood is %s nats. Smaller losses have no digits in float64.",
		count(slow.steps), percent(slow.share), num(slow.scaled[last]), num(slow.at(slow.steps/10)), num(limit), percent(0.99), count(fast.arrived), percent(fast.share), count(fast.steps), num(fast.nll))
	c.draw(d, best, slow, fast, found, &r)
	return r, nil
}

// nearest counts the rows that are at a distance from the hyperplane w·x = 0.
func nearest(points *mat.Dense, w []float64, distance float64) int {
	n, _ := points.Dims()
	rows := 0
	for i := range n {
		if floats.Dot(points.RawRowView(i), w) < distance*(1+1e-6) {
			rows++
		}
	}
	return rows
}

// rows returns the sepals of two species, standardised.
func (c separationClaim) rows() (*logistic, error) {
	all, err := load("iris", "sepal_length", "sepal_width")
	if err != nil {
		return nil, err
	}
	var rows []int
	for i, label := range all.Labels {
		if name := all.Schema.Classes[label]; name == c.species[0] || name == c.species[1] {
			rows = append(rows, i)
		}
	}
	d := all.Rows(rows)
	if d.Len() == 0 {
		return nil, fmt.Errorf("there are no %s and %s", c.species[0], c.species[1])
	}
	y := mat.NewDense(d.Len(), 1, nil)
	for i, label := range d.Labels {
		if d.Schema.Classes[label] == c.species[1] {
			y.Set(i, 0, 1)
		}
	}
	datasets.Standardize(d.X, nil)
	return newLogistic(d.X, y, nil), nil
}

// descentPath is the way of a gradient descent.
type descentPath struct {
	t, shares, norms, scaled figure.Values // at some steps t
	steps                    int
	arrived                  int // steps after which the margin was 99 % of the largest
	theta                    []float64
	share, nll               float64
}

// at returns t·loss after so many steps, or the number noted next.
func (p *descentPath) at(steps int) float64 {
	for i, t := range p.t {
		if t >= float64(steps) {
			return p.scaled[i]
		}
	}
	return math.NaN()
}

// descend goes down the gradient of the mean loss, by steps that depend on it.
func (c separationClaim) descend(ctx context.Context, o Options, d *logistic, points *mat.Dense, step func(loss float64) float64, steps int, widest float64) (descentPath, error) {
	clear(d.params.Vector())
	var p descentPath
	n, _ := d.x.Dims()
	t := autograd.NewTape(autograd.Train)
	g := make([]float64, d.params.Len())
	next := 10.0
	for p.steps = 1; ; p.steps++ {
		if p.steps%1000 == 0 {
			if ctx.Err() != nil {
				return p, ctx.Err()
			}
		}
		loss := autograd.Gradient(g, t, d.params, d.meanLoss)
		p.theta, p.nll = d.params.Vector(), loss*float64(n)
		if p.share = margin(points, p.theta) / widest; p.steps == 1 {
			p.share = 0 // no direction yet
		}
		if float64(p.steps) >= next {
			next *= 1.15
			p.t, p.shares = append(p.t, float64(p.steps)), append(p.shares, max(0, p.share))
			p.norms = append(p.norms, floats.Norm(p.theta, 2)/math.Log(float64(p.steps)))
			p.scaled = append(p.scaled, float64(p.steps)*loss)
		}
		if p.arrived == 0 && p.share >= 0.99 {
			p.arrived = p.steps
		}
		// The smallest loss that still has all its digits.
		if p.steps >= steps || loss < 1e-290 {
			p.theta = d.theta()
			return p, nil
		}
		floats.AddScaled(d.params.Vector(), -step(loss), g)
	}
}

func (c separationClaim) draw(d *logistic, best []float64, slow, fast descentPath, widest float64, r *Result) {
	chart := &figure.Figure{
		Name: "separation-lines", Title: "Two species, and the lines that gradient descent draws between them",
		Caption: "The line with the largest margin, and the boundaries where gradient descent was stopped. All separate the classes; the likelihood prefers none of them, it prefers to be surer.",
		X:       figure.Axis{Label: "sepal length, standard deviations from the mean"}, Y: figure.Axis{Label: "sepal width, standard deviations", Min: -2.5, Max: 3},
	}
	dots := [2]figure.Mark{{Kind: figure.Dots, Name: c.species[0], Color: figure.Blue}, {Kind: figure.Dots, Name: c.species[1], Color: figure.Vermillion}}
	n, _ := d.x.Dims()
	for i := range n {
		m := &dots[int(d.y.At(i, 0))]
		m.X, m.Y = append(m.X, d.x.At(i, 0)), append(m.Y, d.x.At(i, 1))
	}
	chart.Marks = append(chart.Marks, dots[0], dots[1])
	for _, l := range []struct {
		name   string
		w      []float64
		color  figure.Color
		dashed bool
	}{
		{"largest margin", best, figure.Grey, false},
		{"constant steps", slow.theta, figure.Green, true},
		{"steps in proportion to 1/loss", fast.theta, figure.Purple, true},
	} {
		line := figure.Curve(l.name, l.color, -2, 2.5, 2, func(x float64) float64 { return -(l.w[2] + l.w[0]*x) / l.w[1] })
		line.Dashed = l.dashed
		chart.Marks = append(chart.Marks, line)
	}
	r.figure(chart)
	r.figure(&figure.Figure{
		Name: "separation-margin", Title: "The margin of the direction of gradient descent",
		Caption: "With constant steps the direction turns as slowly as 1/log t; with steps in proportion to 1/loss it arrives.",
		X:       figure.Axis{Label: "steps t", Log: true}, Y: figure.Axis{Label: "share of the largest margin", Min: 0, Max: 1.03},
		Marks: []figure.Mark{
			{Kind: figure.RuleY, Name: "largest margin", Color: figure.Grey, Dashed: true, Y: figure.Values{1}},
			{Kind: figure.Line, Name: "constant steps", Color: figure.Green, X: slow.t, Y: slow.shares},
			{Kind: figure.Line, Name: "steps in proportion to 1/loss", Color: figure.Purple, X: fast.t, Y: fast.shares},
		},
	})
	inUnits := make(figure.Values, len(slow.norms))
	for i, v := range slow.norms {
		inUnits[i] = v * widest
	}
	r.figure(&figure.Figure{
		Name: "separation-growth", Title: "Constant steps: the length of the parameters against log t",
		Caption: "In units of 1/margin, its limit. It has not arrived, and will not soon: this is shown, and decides nothing.",
		X:       figure.Axis{Label: "steps t", Log: true}, Y: figure.Axis{Label: "|θ|·margin/log t", Min: 0, Max: 1.1},
		Marks: []figure.Mark{
			{Kind: figure.RuleY, Name: "limit", Color: figure.Grey, Dashed: true, Y: figure.Values{1}},
			{Kind: figure.Line, X: slow.t, Y: inUnits},
		},
	})
	r.figure(&figure.Figure{
		Name: "separation-loss", Title: "Constant steps: the loss falls as 1/t",
		Caption: "Then t times the loss tends to a constant, one over the square of the margin, as slowly as everything here.",
		X:       figure.Axis{Label: "steps t", Log: true}, Y: figure.Axis{Label: "t·loss, nats", Max: 1.1 / (widest * widest)},
		Marks: []figure.Mark{
			{Kind: figure.RuleY, Name: "limit, 1/margin²", Color: figure.Grey, Dashed: true, Y: figure.Values{1 / (widest * widest)}},
			{Kind: figure.Line, Name: "constant steps", Color: figure.Green, X: slow.t, Y: slow.scaled},
		},
	})
}
