package losses

import (
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// parts is the state of an op that goes over its rows in parts, several of them
// at once if there are many. Their size does not depend on the number of
// processors, and each has a sum of its own, so the loss does not depend on it
// either. Scratch that parts write to has a row for each.
type parts struct {
	node *autograd.Node
	rows int          // of a part
	sums []tensor.Sum // of the losses of each part
}

// divide starts a pass over the rows of n's first input.
func (p *parts) divide(n *autograd.Node, rows int) {
	if p.node != n { // a write of a pointer is not for free
		p.node = n
	}
	p.rows = rows
	all, _ := n.In(0).Dims()
	count := (all + rows - 1) / rows
	if cap(p.sums) < count {
		p.sums = make([]tensor.Sum, count)
	}
	if len(p.sums) != count {
		p.sums = p.sums[:count]
	}
}

// run does all parts of job, which keep their sums, and returns the total.
func (p *parts) run(job tensor.Job) float64 {
	rows, cols := p.node.In(0).Dims()
	p.node.Parallel(job, len(p.sums), rows*cols)
	var total tensor.Sum
	for _, s := range p.sums {
		total.AddSum(s)
	}
	return total.Value()
}

// of returns the first row of part i and the one after its last.
func (p *parts) of(i int) (from, to int) {
	all, _ := p.node.In(0).Dims()
	return i * p.rows, min((i+1)*p.rows, all)
}
