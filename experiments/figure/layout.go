package figure

import "math"

// The size of the paper in points, and of what is on it.
const (
	paperWidth  = 640.0
	usualHeight = 420.0
	margin      = 12.0
	titleSize   = 15.0
	labelSize   = 12.0
	tickSize    = 11.0
)

// height returns that of the paper.
func (f *Figure) height() float64 {
	if f.Height > 0 {
		return f.Height
	}
	return usualHeight
}

// chart is a figure laid out on its paper.
type chart struct {
	*Figure
	canvas
	data         box // where marks are
	x, y         scale
	xs, ys       []tick
	legendBottom float64
}

func (f *Figure) draw(c canvas) {
	ch := chart{Figure: f, canvas: c}
	c.fill(box{0, 0, paperWidth, f.height()}.path(), paper)
	y := margin + titleSize
	for _, line := range wrap(f.Title, titleSize, paperWidth-2*margin) {
		c.text(point{margin, y}, titleSize, start, shorten(line, titleSize, paperWidth-2*margin), ink)
		y += titleSize * 1.25
	}
	ch.legendBottom = ch.legend(y + 4)
	ch.lay()
	ch.axes()
	c.clip(&ch.data)
	for i := range f.Marks {
		ch.mark(&f.Marks[i])
	}
	c.clip(nil)
}

// legend draws the names of the marks in rows from y down, and returns where it
// ends.
func (ch *chart) legend(y float64) float64 {
	x, any := margin, false
	for i := range ch.Marks {
		m := &ch.Marks[i]
		if m.Name == "" {
			continue
		}
		sample := 16.0
		if m.Kind == Heat {
			sample = 64
		}
		name := shorten(m.Name, labelSize, paperWidth-2*margin-sample-6)
		width := sample + 6 + textWidth(name, labelSize) + 18
		if any && x+width > paperWidth {
			x, y = margin, y+labelSize*1.5
		}
		any = true
		c, middle := m.Color.rgb(), y-labelSize*0.32
		switch m.Kind {
		case Dots:
			ch.dot(point{x + 8, middle}, 3.5, c)
		case Bars, Band:
			ch.fill(box{x, middle - 5, x + sample, middle + 5}.path(), faded(c, m.Kind.opacity()))
		case Heat:
			ch.picture(box{x, middle - 5, x + sample, middle + 5}, m.Grid.key())
		default:
			ch.stroke([]point{{x, middle}, {x + sample, middle}}, 2, c, m.Dashed)
		}
		ch.text(point{x + sample + 6, y}, labelSize, start, name, ink)
		x += width
	}
	if any {
		y += labelSize * 1.2
	}
	return y
}

func (k Kind) opacity() float64 {
	if k == Band {
		return 0.25
	}
	return 0.85
}

// Extent returns the bounds of the axes, as the figure is drawn.
func (f *Figure) Extent() (x, y [2]float64) {
	ch := chart{Figure: f}
	ch.scales()
	return [2]float64{ch.x.min, ch.x.max}, [2]float64{ch.y.min, ch.y.max}
}

// scales decides what numbers the axes have to show.
func (ch *chart) scales() {
	xs, ys := ch.extent()
	xRoom, yRoom := everywhere, everywhere
	for _, m := range ch.Marks {
		if m.Kind == Bars && m.Low == nil {
			yRoom = above
		}
		if m.Kind == Heat {
			xRoom, yRoom = nowhere, nowhere
		}
	}
	ch.x.min, ch.x.max = ch.X.bounds(xs, xRoom)
	ch.y.min, ch.y.max = ch.Y.bounds(ys, yRoom)
	ch.x.log, ch.y.log = ch.X.Log, ch.Y.Log
}

// lay decides where the data go: what titles, legend and tick labels leave.
func (ch *chart) lay() {
	ch.scales()
	ch.data.top = ch.legendBottom + labelSize*1.7
	ch.data.bottom = ch.height() - margin - labelSize*1.3 - tickSize*1.7
	ch.ys = ch.Y.ticks(ch.y.min, ch.y.max, 6)
	widest := 0.0
	for i := range ch.ys {
		t := &ch.ys[i]
		if len(ch.Y.Categories) > 0 {
			t.label = shorten(t.label, tickSize, paperWidth/3)
		}
		widest = max(widest, textWidth(t.label, tickSize))
	}
	ch.data.left = margin + widest + 8
	ch.data.right = paperWidth - margin - 6
	if ch.Square {
		width, height := ch.data.right-ch.data.left, ch.data.bottom-ch.data.top
		unit := min(width/(ch.x.max-ch.x.min), height/(ch.y.max-ch.y.min))
		ch.data.right = ch.data.left + unit*(ch.x.max-ch.x.min)
		ch.data.bottom = ch.data.top + unit*(ch.y.max-ch.y.min)
	}
	ch.xs = ch.X.ticks(ch.x.min, ch.x.max, int(max(2, (ch.data.right-ch.data.left)/70)))
	for i := range ch.X.Categories {
		ch.xs[i].label = shorten(ch.xs[i].label, tickSize, (ch.data.right-ch.data.left)/float64(len(ch.xs))-4)
	}
	ch.x.from, ch.x.to = ch.data.left, ch.data.right
	ch.y.from, ch.y.to = ch.data.bottom, ch.data.top
	if len(ch.Y.Categories) > 0 {
		ch.y.from, ch.y.to = ch.data.top, ch.data.bottom
	}
}

// extent returns all coordinates that the axes have to reach.
func (ch *chart) extent() (xs, ys []float64) {
	for _, m := range ch.Marks {
		xs, ys = append(xs, m.X...), append(ys, m.Y...)
		if m.Kind == Interval && m.Across {
			xs = append(append(xs, m.Low...), m.High...)
		} else {
			ys = append(append(ys, m.Low...), m.High...)
		}
		if m.Kind == Bars {
			for _, x := range m.X {
				xs = append(xs, x-m.Width/2, x+m.Width/2)
			}
			if m.Low == nil && !ch.Y.Log {
				ys = append(ys, 0)
			}
		}
		if g := m.Grid; g != nil {
			xs, ys = append(xs, g.X0, g.X1), append(ys, g.Y0, g.Y1)
		}
	}
	return xs, ys
}

// axes draws grid, ticks and the names of the axes.
func (ch *chart) axes() {
	d := ch.data
	for _, t := range ch.ys {
		y := ch.y.at(t.at)
		if len(ch.Y.Categories) == 0 {
			ch.stroke([]point{{d.left, y}, {d.right, y}}, 1, grid, false)
		}
		ch.text(point{d.left - 6, y + tickSize*0.35}, tickSize, end, t.label, faint)
	}
	last := math.Inf(-1) // where the label before ends
	for _, t := range ch.xs {
		x, half := ch.x.at(t.at), textWidth(t.label, tickSize)/2
		if len(ch.X.Categories) == 0 {
			ch.stroke([]point{{x, d.top}, {x, d.bottom}}, 1, grid, false)
		}
		if x-half < last+4 {
			continue
		}
		last = x + half
		ch.text(point{min(x, paperWidth-half-2), d.bottom + tickSize*1.4}, tickSize, centre, t.label, faint)
	}
	ch.stroke([]point{{d.left, d.bottom}, {d.right, d.bottom}}, 1, faint, false)
	up, right := "↑ "+ch.Y.Label, ch.X.Label+" →"
	if len(ch.Y.Categories) > 0 {
		up = ch.Y.Label
	}
	if len(ch.X.Categories) > 0 {
		right = ch.X.Label
	}
	ch.text(point{margin, d.top - labelSize}, labelSize, start, up, faint)
	ch.text(point{d.right, d.bottom + tickSize*1.7 + labelSize*1.1}, labelSize, end, right, faint)
}
