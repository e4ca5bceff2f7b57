package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/trainer"
)

// Boundary draws what a classifier of two numeric features predicts over the
// rectangle that the points fill, in the units of the file: the probability of the
// class as colour, or of more classes the mixture of their colours, and as lines
// where the most probable class changes. The rows of points, encoded as the
// classifier's schema says, are drawn as dots of the colour of their class; a group
// of trials has that of its majority.
func Boundary(c *trainer.Classifier, points *datasets.Dataset) (*figure.Figure, error) {
	if err := planar(c); err != nil {
		return nil, err
	}
	x, y, err := window(points.X)
	if err != nil {
		return nil, err
	}
	classes := c.Classes()
	p := newPlane(c, x, y)
	f := &figure.Figure{
		Name: BoundaryName, Title: "Decision boundary, and rows of " + points.Name,
		Caption: "Colour is the predicted probability; dots are rows of the data.",
		X:       figure.Axis{Label: c.Schema.Features[0].Name, Min: x[0], Max: x[1]},
		Y:       figure.Axis{Label: c.Schema.Features[1].Name, Min: y[0], Max: y[1]},
	}
	grid := &figure.Grid{X0: x[0], X1: x[1], Y0: y[0], Y1: y[1], Columns: p.columns, Max: 1}
	heat := figure.Mark{Kind: figure.Heat, Grid: grid}
	border := figure.Mark{Kind: figure.Line, Color: figure.Grey, Halo: true, Name: "where the most probable class changes"}
	if len(classes) == 2 {
		grid.Meaning = "probability of " + classes[1]
		grid.Values = p.probabilities()
		heat.Name = grid.Meaning + ", 0 to 1"
		border.Name = "probability 1/2"
		border.X, border.Y = p.contour(0)
	} else {
		grid.Meaning = "probabilities of the classes"
		grid.Values = p.mixture()
		for k := range classes {
			grid.Parts = append(grid.Parts, figure.Color(k))
			xs, ys := p.contour(k)
			border.X, border.Y = append(append(border.X, math.NaN()), xs...), append(append(border.Y, math.NaN()), ys...)
		}
	}
	f.Marks = append([]figure.Mark{heat, border}, dots(c, points)...)
	return f, nil
}

// planar returns why the predictions cannot be drawn on a plane.
func planar(c *trainer.Classifier) error {
	features := c.Schema.Features
	for _, f := range features {
		if f.Levels != nil && len(features) == 2 {
			return inapplicable("the feature %s is not a number", f.Name)
		}
	}
	switch {
	case len(features) != 2:
		return inapplicable("the model has %s; a picture has two", plural(len(features), "feature"))
	case c.Kind == trainer.Multilabel:
		return inapplicable("the model has several labels, each with a boundary of its own")
	case len(c.Classes()) > most+1:
		return inapplicable("%d classes are more than there are colours to tell apart", len(c.Classes()))
	}
	return nil
}

// window returns the ranges of two columns, and a little more.
func window(x *mat.Dense) (a, b [2]float64, err error) {
	n, _ := x.Dims()
	if n == 0 {
		return a, b, inapplicable("there are no rows")
	}
	var all [2][2]float64
	for j := range all {
		low, high := math.Inf(1), math.Inf(-1)
		for i := range n {
			low, high = min(low, x.At(i, j)), max(high, x.At(i, j))
		}
		margin := 0.05 * (high - low)
		if margin == 0 {
			margin = max(1, math.Abs(high)/10)
		}
		all[j] = [2]float64{low - margin, high + margin}
		if size := all[j][1] - all[j][0]; !(size < math.MaxFloat64) {
			return a, b, inapplicable("the values are too far apart for an axis")
		}
	}
	return all[0], all[1], nil
}

// dots returns a mark for the rows of each class.
func dots(c *trainer.Classifier, points *datasets.Dataset) []figure.Mark {
	classes := c.Classes()
	marks := make([]figure.Mark, len(classes))
	width := 5.2
	if points.Len() > 500 {
		width = 3.6
	}
	for k, name := range classes {
		marks[k] = figure.Mark{Kind: figure.Dots, Name: name, Color: figure.Color(k), Halo: true, Width: width}
		if points.Y != nil {
			marks[k].Name = fmt.Sprintf("rows of mostly %s", name)
		}
	}
	reference := c.Schema.ReferenceIndex()
	for i := range points.Len() {
		var k int
		switch {
		case points.Y != nil && points.Y.At(i, 0) > 0.5:
			k = 1
		case points.Y != nil:
		case len(classes) == 2 && points.Labels[i] != reference:
			k = 1
		case len(classes) > 2:
			k = points.Labels[i]
		}
		m := &marks[k]
		m.X, m.Y = append(m.X, points.X.At(i, 0)), append(m.Y, points.X.At(i, 1))
	}
	return marks
}

// plane has the logits of a classifier at the centres of a grid of cells.
type plane struct {
	columns, rows, classes int
	x, y                   func(float64) float64 // from cells, counted from 0, to units
	logits                 *mat.Dense            // a row per cell, rows of cells upwards
}

func newPlane(c *trainer.Classifier, x, y [2]float64) *plane {
	p := &plane{columns: 300, rows: 150, classes: len(c.Classes())}
	for p.columns > 40 && float64(p.columns*p.rows*parameters(c)) > 3e9 { // for a second or so
		p.columns, p.rows = p.columns/2, p.rows/2
	}
	along := func(r [2]float64, n int) func(float64) float64 {
		return func(i float64) float64 { return r[0] + (r[1]-r[0])*(i+0.5)/float64(n) }
	}
	p.x, p.y = along(x, p.columns), along(y, p.rows)
	outputs := len(c.Outputs())
	p.logits = mat.NewDense(p.columns*p.rows, outputs, nil)
	features := mat.NewDense(p.columns, 2, nil)
	for j := range p.rows {
		for i := range p.columns {
			features.Set(i, 0, p.x(float64(i)))
			features.Set(i, 1, p.y(float64(j)))
		}
		c.Logits(p.logits.Slice(j*p.columns, (j+1)*p.columns, 0, outputs).(*mat.Dense), features)
	}
	return p
}

func parameters(c *trainer.Classifier) int {
	n := 0
	for _, p := range c.Net.Params() {
		rows, columns := p.Value.Dims()
		n += rows * columns
	}
	return n
}

// probabilities returns those of the second of two classes.
func (p *plane) probabilities() figure.Values {
	v := make(figure.Values, p.columns*p.rows)
	for i := range v {
		v[i] = 1 / (1 + math.Exp(-p.logits.At(i, 0)))
	}
	return v
}

// mixture returns the probabilities of all classes, cell by cell.
func (p *plane) mixture() figure.Values {
	v := make(figure.Values, 0, p.columns*p.rows*p.classes)
	for i := range p.columns * p.rows {
		z := p.logits.RawRowView(i)
		top := z[0]
		for _, x := range z {
			top = max(top, x)
		}
		total := 0.0
		for _, x := range z {
			total += math.Exp(x - top)
		}
		for _, x := range z {
			v = append(v, math.Exp(x-top)/total)
		}
	}
	return v
}

// margin returns by how much the logit of a class exceeds the largest other, at a
// cell; of two classes the logit.
func (p *plane) margin(cell, class int) float64 {
	z := p.logits.RawRowView(cell)
	if len(z) == 1 {
		return z[0]
	}
	other := math.Inf(-1)
	for k, x := range z {
		if k != class {
			other = max(other, x)
		}
	}
	return z[class] - other
}
