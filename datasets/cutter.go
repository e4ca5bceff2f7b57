package datasets

import "gonum.org/v1/gonum/mat"

// cutter regroups parsed rows into blocks of a fixed number.
type cutter struct {
	schema     *Schema
	plan       *plan
	size       int
	withTarget bool

	rows, dropped int
	x, extras     []float64
	lines         []int
	kept          []string
}

// take appends rows of b, from one on, until the block is full, and returns how
// many.
func (c *cutter) take(b *block, from int) int {
	n := min(b.rows-from, c.size-c.rows)
	width, features, extras := c.schema.Width(), c.plan.features, c.plan.extras
	if c.x == nil {
		c.x = make([]float64, c.size*width)
	}
	for i := range n {
		raw := b.values[(from+i)*features:][:features]
		c.schema.encode(c.x[(c.rows+i)*width:][:width], raw)
	}
	c.extras = append(c.extras, b.extras[from*extras:(from+n)*extras]...)
	c.lines = append(c.lines, b.lines[from:from+n]...)
	c.kept = append(c.kept, b.kept[from*c.plan.kept:(from+n)*c.plan.kept]...)
	c.rows += n
	return n
}

// block hands the rows taken over as a block and starts a new one.
func (c *cutter) block() *Block {
	width := c.schema.Width()
	b := &Block{X: mat.NewDense(c.rows, width, c.x[:c.rows*width]), Lines: c.lines, Kept: c.kept, Dropped: c.dropped}
	if c.withTarget {
		c.targets(b)
	}
	c.rows, c.dropped, c.x, c.lines, c.kept, c.extras = 0, 0, nil, nil, nil, c.extras[:0]
	return b
}

// targets reads the extras, which stand in the order that planSchema assigned.
func (c *cutter) targets(b *Block) {
	stride, outputs := c.plan.extras, len(c.schema.Labels)
	if c.plan.grouped {
		outputs = 1
	}
	if outputs > 0 {
		b.Y = mat.NewDense(c.rows, outputs, nil)
	}
	if c.schema.Target != "" {
		b.Labels = make([]int, c.rows)
	}
	if c.plan.grouped || c.plan.weighted {
		b.Weights = make([]float64, c.rows)
	}
	for row := range c.rows {
		extras := c.extras[row*stride:][:stride]
		switch {
		case c.plan.grouped:
			b.Weights[row] = extras[0] + extras[1]
			b.Y.Set(row, 0, extras[0]/b.Weights[row])
		case b.Labels != nil:
			b.Labels[row] = int(extras[0])
		default:
			b.Y.SetRow(row, extras[:outputs])
		}
		if c.plan.weighted {
			b.Weights[row] = extras[stride-1]
		}
	}
}
