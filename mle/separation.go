package mle

import (
	"context"
	"math"

	"github.com/surprisal-ml/surprisal/tensor"
)

// A contest (i, k) is between a class k and a class that was observed in row i.
// A direction V of the parameters that raises the margin (V_y − V_k)·xᵢ of the
// observed class separates the contest; one that lowers no margin and raises
// some separates the data, and the likelihood increases along it for ever.
//
// Where both classes of a row were observed, each contests the other, and no
// such direction changes their margin.

// observed returns the class of row i that class k contests, −1 if there is
// none.
func (p *problem) observed(i, k int) int {
	if p.hits == nil {
		if p.label[i] == k || p.w(i) == 0 {
			return -1
		}
		return p.label[i]
	}
	if k == 0 && p.hits[i] > 0 || k == 1 && p.w(i)-p.hits[i] > 0 {
		return 1 - k
	}
	return -1
}

// contests is a set of contests of a problem, by row and class.
type contests struct {
	classes int
	in      []bool
}

func (p *problem) noContests() contests {
	return contests{p.classes, make([]bool, p.rows()*p.classes)}
}

func (c contests) has(i, k int) bool { return c.in[i*c.classes+k] }
func (c contests) add(i, k int)      { c.in[i*c.classes+k] = true }

// mask takes the losers of row i out of the softmax of its logits.
func (c contests) mask(i int, z []float64) {
	for k := range z {
		if c.has(i, k) {
			z[k] = math.Inf(-1)
		}
	}
}

// each calls do for all contests of rows i, with the class observed, that are
// not in won.
func (p *problem) each(won contests, i int, do func(y, k int)) {
	for k := range p.classes {
		if y := p.observed(i, k); y >= 0 && !won.has(i, k) {
			do(y, k)
		}
	}
}

// margins is what a Newton step does to the contests that are not decided.
type margins struct {
	// increment of the margin of (i, k), at i·classes + k.
	increment []float64
	// stiemke is the largest u_k − p·u, with u = V·xᵢ and V the step, over the
	// contests. Below 1 it proves that the maximum of the likelihood exists: the
	// numbers w·p_k·(1 − (u_k − p·u)) are then positive and a combination of the
	// margins with them vanishes, which by Stiemke's theorem leaves no direction
	// of separation.
	stiemke float64
}

// margins computes what going from theta to theta − step does.
func (l *limit) margins(ctx context.Context, theta, step []float64) (margins, error) {
	p := l.p
	m := margins{increment: make([]float64, p.rows()*p.classes), stiemke: math.Inf(-1)}
	u := tensor.Matrix{Rows: p.blockRows(), Cols: p.classes, Stride: p.classes, Data: make([]float64, p.blockRows()*p.classes)}
	for from := 0; p.load(l.b, from); from += l.b.n {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		p.linear(l.b, step)
		copy(u.Data, l.b.z.Data[:l.b.n*p.classes])
		p.linear(l.b, theta)
		p.respond(l.b)
		for j := range l.b.n {
			i := from + j
			ui, mean := tensor.Row(u, j), 0.0
			for k, prob := range tensor.Row(l.b.z, j) {
				mean += prob * ui[k]
			}
			l.whole.each(l.won, i, func(y, k int) {
				m.increment[i*p.classes+k] = ui[k] - ui[y]
				m.stiemke = max(m.stiemke, ui[k]-mean)
			})
		}
	}
	return m, nil
}

// split returns the contests that the step decides, if it leaves no doubt: each
// increment is either near 0 or near 1. On separated data Newton's method raises
// the margins of separated contests by about 1 a step while it converges on the
// others.
func (l *limit) split(m margins) (contests, bool) {
	const still, moves = 0.05, 0.5
	won, clear, some := l.whole.noContests(), true, false
	for i := range l.p.rows() {
		l.whole.each(l.won, i, func(_, k int) {
			switch d := m.increment[i*l.p.classes+k]; {
			case d > moves:
				won.add(i, k)
				some = true
			case !(math.Abs(d) < still):
				clear = false
			}
		})
	}
	return won, clear && some
}
