package plots

import (
	"math"

	"github.com/surprisal-ml/surprisal/experiments/figure"
)

// edge is a side of the squares between the centres of cells: the one that leads
// from a cell to the next on the right, or upwards.
type edge struct {
	cell int
	up   bool
}

// contour returns the lines on which the margin of a class is 0, parted by NaN, by
// marching squares: each square between four cells has lines between those of its
// sides whose ends differ in sign, at places interpolated linearly.
func (p *plane) contour(class int) (xs, ys figure.Values) {
	margins := make([]float64, p.columns*p.rows)
	for i := range margins {
		margins[i] = p.margin(i, class)
	}
	next := map[edge][]edge{} // of an edge on a line, those that it is joined with
	var order []edge          // the edges of next as they were found
	join := func(a, b edge) {
		for _, e := range [][2]edge{{a, b}, {b, a}} {
			if next[e[0]] == nil {
				order = append(order, e[0])
			}
			next[e[0]] = append(next[e[0]], e[1])
		}
	}
	for j := range p.rows - 1 {
		for i := range p.columns - 1 {
			p.march(margins, j*p.columns+i, join)
		}
	}
	seen := map[edge]bool{}
	follow := func(e edge) {
		for found := true; found; {
			seen[e] = true
			x, y := p.crossing(margins, e)
			xs, ys = append(xs, x), append(ys, y)
			found = false
			for _, other := range next[e] {
				if !seen[other] {
					e, found = other, true
					break
				}
			}
		}
	}
	// Lines that end at a border from their ends first, then closed ones.
	for _, ends := range []bool{true, false} {
		for _, e := range order {
			if seen[e] || ends && len(next[e]) != 1 {
				continue
			}
			from := len(xs)
			follow(e)
			if !ends {
				xs, ys = append(xs, xs[from]), append(ys, ys[from])
			}
			xs, ys = append(xs, math.NaN()), append(ys, math.NaN())
		}
	}
	return xs, ys
}

// march joins the sides that the line crosses of the square whose lower left corner
// is a cell.
func (p *plane) march(margins []float64, cell int, join func(a, b edge)) {
	corners := [4]int{cell, cell + 1, cell + 1 + p.columns, cell + p.columns} // counterclockwise
	sides := [4]edge{{cell, false}, {cell + 1, true}, {cell + p.columns, false}, {cell, true}}
	var crossed []edge
	for s := range sides {
		a, b := margins[corners[s]], margins[corners[(s+1)%4]]
		if math.IsNaN(a) || math.IsNaN(b) {
			return
		}
		if (a > 0) != (b > 0) {
			crossed = append(crossed, sides[s])
		}
	}
	switch len(crossed) {
	case 2:
		join(crossed[0], crossed[1])
	case 4: // a saddle: the middle decides which corners belong together
		middle := margins[corners[0]] + margins[corners[1]] + margins[corners[2]] + margins[corners[3]]
		if (middle > 0) == (margins[corners[0]] > 0) {
			join(crossed[0], crossed[1])
			join(crossed[2], crossed[3])
		} else {
			join(crossed[3], crossed[0])
			join(crossed[1], crossed[2])
		}
	}
}

// crossing returns where the margin is 0 on an edge.
func (p *plane) crossing(margins []float64, e edge) (x, y float64) {
	i, j := float64(e.cell%p.columns), float64(e.cell/p.columns)
	other := e.cell + 1
	if e.up {
		other = e.cell + p.columns
	}
	a, b := margins[e.cell], margins[other]
	t := 0.5 // between infinite margins
	if s := a / (a - b); !math.IsNaN(s) {
		t = s
	}
	if e.up {
		return p.x(i), p.y(j + t)
	}
	return p.x(i + t), p.y(j)
}
