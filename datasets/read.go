package datasets

import (
	"fmt"
	"io"

	"gonum.org/v1/gonum/mat"
)

// Read reads a table from r; name is what errors call it. An *os.File that is a
// regular file, and any other io.Seeker, is read twice: once to count its lines,
// so that a matrix of numbers is made once in its size and nothing is copied.
//
// Errors in the table, the options or the reading are *[Error].
func Read(r io.Reader, name string, o Options) (*Dataset, error) {
	return defaultEngine().read(r, name, o)
}

func (e engine) read(r io.Reader, name string, o Options) (*Dataset, error) {
	p, rows, err := e.open(r, name, o.Separator, o.Decimal, o.Missing)
	if err != nil {
		return nil, err
	}
	if err := p.planRead(&o); err != nil {
		return nil, err
	}
	t := newTable(p, rows.most(len(p.columns)))
	for b, err := range rows.blocks(p) {
		if err != nil {
			return nil, err
		}
		if err := t.add(b); err != nil {
			return nil, err
		}
	}
	return t.dataset(name, &o)
}

// dataset encodes the whole table.
func (t *table) dataset(name string, o *Options) (*Dataset, error) {
	if t.rows == 0 {
		return nil, noRows(name, t.dropped, t.plan.grouped)
	}
	d := &Dataset{Name: name, Schema: &Schema{Weights: o.Weights, Successes: o.Successes, Failures: o.Failures}, Dropped: t.dropped, lines: t.lines}
	if err := t.weights(d); err != nil {
		return nil, err
	}
	if err := t.target(d, o); err != nil {
		return nil, err
	}
	places, err := t.features(d)
	if err != nil {
		return nil, err
	}
	t.encode(d, places)
	return d, nil
}

func noRows(name string, dropped int, grouped bool) error {
	switch {
	case dropped == 0 && grouped:
		return &Error{File: name, Problem: "no row below the names of the columns has a trial: successes and failures are 0, or there are no rows"}
	case dropped == 0:
		return &Error{File: name, Problem: "there are no rows below the names of the columns"}
	}
	return &Error{File: name, Problem: fmt.Sprintf("no row is left: in all %d a cell is missing; leave out the columns that are often empty", dropped)}
}

// weights reads the weights, or the trials and the proportions.
func (t *table) weights(d *Dataset) error {
	if t.plan.grouped {
		d.Weights = make([]float64, t.rows)
		d.Y = mat.NewDense(t.rows, 1, nil)
		for row := range t.rows {
			extras := t.extras[row*t.plan.extras:]
			d.Weights[row] = extras[0] + extras[1]
			d.Y.Set(row, 0, extras[0]/d.Weights[row])
		}
		return nil
	}
	for _, c := range t.plan.columns {
		if c.role != roleWeight {
			continue
		}
		d.Weights = t.extra(c.slot)
		for _, w := range d.Weights {
			if w > 0 {
				return nil
			}
		}
		return &Error{File: t.plan.file, Column: c.name, Problem: "all weights are 0"}
	}
	return nil
}

// extra returns a copy of one column of extras.
func (t *table) extra(slot int) []float64 {
	v := make([]float64, t.rows)
	for row := range v {
		v[row] = t.extras[row*t.plan.extras+slot]
	}
	return v
}
