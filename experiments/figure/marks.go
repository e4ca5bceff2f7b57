package figure

import "math"

// mark draws a set of marks.
func (ch *chart) mark(m *Mark) {
	c := m.Color.rgb()
	switch m.Kind {
	case Line:
		ch.line(m.X, m.Y, 1.8, m)
	case Dots:
		for i := range m.X {
			if p := ch.place(m.X[i], m.Y[i]); p.drawn() {
				radius, opacity := dotRadius(m), 0.8
				if m.Halo {
					ch.dot(p, radius+0.9, paper)
					opacity = 1
				}
				ch.dot(p, radius, faded(c, opacity))
			}
		}
	case Bars:
		for i := range m.X {
			low := ch.y.min
			if m.Low != nil {
				low = m.Low[i]
			} else if !ch.y.log && low < 0 {
				low = 0
			}
			a, b := ch.place(m.X[i]-m.Width/2, low), ch.place(m.X[i]+m.Width/2, m.Y[i])
			if a.drawn() && b.drawn() {
				ch.fill(box{a.x, b.y, b.x, a.y}.path(), faded(c, Bars.opacity()))
			}
		}
	case Band:
		ch.band(m)
	case Interval:
		for i := range m.Low {
			a, b := ch.ends(m, i)
			if a.drawn() && b.drawn() {
				ch.stroke([]point{a, b}, 2, c, m.Dashed)
			}
		}
	case RuleX:
		for _, x := range m.X {
			at := ch.x.at(x)
			ch.stroke([]point{{at, ch.data.top}, {at, ch.data.bottom}}, 1.3, c, m.Dashed)
		}
	case RuleY:
		for _, y := range m.Y {
			at := ch.y.at(y)
			ch.stroke([]point{{ch.data.left, at}, {ch.data.right, at}}, 1.3, c, m.Dashed)
		}
	case Label:
		for i, s := range m.Text {
			if p := ch.place(m.X[i], m.Y[i]); p.drawn() {
				ch.text(point{p.x, p.y + tickSize*0.35}, tickSize, centre, s, ink)
			}
		}
	case Heat:
		a, b := ch.place(m.Grid.X0, m.Grid.Y0), ch.place(m.Grid.X1, m.Grid.Y1)
		ch.picture(box{a.x, min(a.y, b.y), b.x, max(a.y, b.y)}, m.Grid.picture(a.y > b.y))
	}
}

func (ch *chart) place(x, y float64) point { return point{ch.x.at(x), ch.y.at(y)} }

func (p point) drawn() bool { return !math.IsNaN(p.x) && !math.IsNaN(p.y) }

// dotRadius makes many dots smaller.
func dotRadius(m *Mark) float64 {
	switch n := len(m.X); {
	case m.Width > 0:
		return m.Width / 2
	case n <= 60:
		return 3.5
	case n <= 300:
		return 2.6
	}
	return 1.8
}

// line draws the pieces between numbers that cannot be shown.
func (ch *chart) line(xs, ys []float64, width float64, m *Mark) {
	var piece []point
	flush := func() {
		if len(piece) > 1 {
			if m.Halo {
				ch.stroke(piece, width+1.8, paper, false)
			}
			ch.stroke(piece, width, m.Color.rgb(), m.Dashed)
		}
		piece = piece[:0]
	}
	for i := range xs {
		p := ch.place(xs[i], ys[i])
		if !p.drawn() {
			flush()
			continue
		}
		piece = append(piece, p)
	}
	flush()
}

func (ch *chart) band(m *Mark) {
	var path []point
	for i := range m.X {
		if p := ch.place(m.X[i], m.High[i]); p.drawn() {
			path = append(path, p)
		}
	}
	for i := len(m.X) - 1; i >= 0; i-- {
		if p := ch.place(m.X[i], m.Low[i]); p.drawn() {
			path = append(path, p)
		}
	}
	ch.fill(path, faded(m.Color.rgb(), Band.opacity()))
}

// ends returns the ends of an interval.
func (ch *chart) ends(m *Mark, i int) (a, b point) {
	if m.Across {
		return ch.place(m.Low[i], m.Y[i]), ch.place(m.High[i], m.Y[i])
	}
	return ch.place(m.X[i], m.Low[i]), ch.place(m.X[i], m.High[i])
}
