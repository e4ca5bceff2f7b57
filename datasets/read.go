package datasets

import (
	"fmt"
	"io"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Read reads a table from r; name is what errors call it. An *os.File that is a
// regular file, and any other io.Seeker, is read twice: once to count its lines,
// so that the matrix is made once in its size. A pipe or gzip is read once and
// needs up to twice the memory of the matrix for a moment.
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

// table collects the parsed rows of a file. Categories are codes in the order
// of appearance until the last row is in.
type table struct {
	plan     *plan
	rows     int
	dropped  int
	segments [][]float64 // the features, whole rows
	extras   []float64
	dicts    []*dictionary // by column; nil unless its categories are collected
}

// newTable makes room for at most the given number of rows, if it is known.
func newTable(p *plan, most int) *table {
	t := &table{plan: p, dicts: make([]*dictionary, len(p.columns))}
	if most >= 0 {
		t.segments = [][]float64{make([]float64, 0, most*p.features)}
		t.extras = make([]float64, 0, most*p.extras)
	}
	return t
}

func (t *table) add(b *block) error {
	if err := t.recode(b); err != nil {
		return err
	}
	t.rows += b.rows
	t.dropped += b.dropped
	values := b.values[:b.rows*t.plan.features]
	t.extras = append(t.extras, b.extras[:b.rows*t.plan.extras]...)
	if last := len(t.segments) - 1; last >= 0 {
		if s := t.segments[last]; cap(s)-len(s) >= len(values) {
			t.segments[last] = append(s, values...)
			return nil
		}
	}
	t.segments = append(t.segments, values)
	b.values = nil // ours now
	return nil
}

// recode replaces the block's own codes by those of the whole table.
func (t *table) recode(b *block) error {
	var overflow *Error
	for i := range b.columns {
		c, local := &b.columns[i], b.dicts[i]
		if local == nil {
			continue
		}
		if t.dicts[i] == nil {
			t.dicts[i] = newDictionary()
		}
		if b.global == nil {
			b.global = make([][]int, len(b.columns))
		}
		for code := len(b.global[i]); code < len(local.texts); code++ {
			line := b.firstLine - 1 + local.lines[code]
			b.global[i] = append(b.global[i], t.dicts[i].code([]byte(local.texts[code]), line))
			if len(t.dicts[i].texts) > c.limit && (overflow == nil || line < overflow.Line) {
				overflow = &Error{File: t.plan.file, Line: line, Column: c.name, Problem: c.tooMany()}
				break
			}
		}
		if overflow != nil {
			continue
		}
		values, stride := b.values, t.plan.features
		if c.role != roleFeature {
			values, stride = b.extras, t.plan.extras
		}
		for row := range b.rows {
			v := &values[row*stride+c.slot]
			*v = float64(b.global[i][int(*v)])
		}
	}
	if overflow != nil {
		return overflow
	}
	return nil
}

// dataset encodes the whole table.
func (t *table) dataset(name string, o *Options) (*Dataset, error) {
	if t.rows == 0 {
		return nil, noRows(name, t.dropped)
	}
	d := &Dataset{Name: name, Schema: &Schema{Weights: o.Weights}, Dropped: t.dropped}
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

func noRows(name string, dropped int) error {
	if dropped == 0 {
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

// features fills in the schema's features and returns, for each categorical
// one, the place of each code among its levels.
func (t *table) features(d *Dataset) (places [][]int, err error) {
	s := d.Schema
	s.Features = make([]Feature, t.plan.features)
	places = make([][]int, t.plan.features)
	var means []float64
	if t.plan.missing == MissingMean {
		means = t.means(d.Weights)
	}
	for i, c := range t.plan.columns {
		if c.role != roleFeature {
			continue
		}
		f := &s.Features[c.slot]
		f.Name = c.name
		switch {
		case c.kind == kindUnknown:
			return nil, &Error{File: t.plan.file, Column: c.name, Problem: "every cell is missing; leave the column out"}
		case c.kind == kindCategory:
			f.Levels, places[c.slot] = t.dicts[i].sorted(t.used(t.dicts[i], c.slot))
		case means != nil && math.IsNaN(means[c.slot]):
			return nil, &Error{File: t.plan.file, Column: c.name, Problem: "has no mean to fill in: every row that has a number has weight 0"}
		case means != nil:
			f.Fill = &means[c.slot]
		}
	}
	if s.Width() == 0 {
		return nil, &Error{File: t.plan.file, Problem: "nothing to predict from: every feature has one level only"}
	}
	return places, nil
}

// used reports which codes of a categorical feature occur in a row that counts.
func (t *table) used(d *dictionary, slot int) []bool {
	used := make([]bool, len(d.texts))
	for _, segment := range t.segments {
		for i := slot; i < len(segment); i += t.plan.features {
			used[int(segment[i])] = true
		}
	}
	return used
}

// means returns the weighted mean of the numbers of each feature, NaN where
// there is none.
func (t *table) means(weights []float64) []float64 {
	total, count := make([]sum, t.plan.features), make([]sum, t.plan.features)
	row := 0
	for _, segment := range t.segments {
		for ; len(segment) > 0; segment = segment[t.plan.features:] {
			w := 1.0
			if weights != nil {
				w = weights[row]
			}
			for j, v := range segment[:t.plan.features] {
				if !math.IsNaN(v) {
					total[j].addProduct(w, v)
					count[j].add(w)
				}
			}
			row++
		}
	}
	means := make([]float64, t.plan.features)
	for j := range means {
		means[j] = total[j].value() / count[j].value()
	}
	return means
}

// encode makes X. If all features are numbers and the size was known, the rows
// read are X already.
func (t *table) encode(d *Dataset, places [][]int) {
	width, features := d.Schema.Width(), t.plan.features
	numeric := true
	for _, p := range places {
		numeric = numeric && p == nil
	}
	data := []float64(nil)
	inPlace := numeric && len(t.segments) == 1
	if inPlace {
		data = t.segments[0]
	} else {
		data = make([]float64, t.rows*width)
	}
	d.X = mat.NewDense(t.rows, width, data)
	for i, segment := range t.segments {
		for ; len(segment) > 0; segment = segment[features:] {
			raw := segment[:features]
			for j, place := range places {
				if place != nil {
					raw[j] = float64(place[int(raw[j])])
				}
			}
			d.Schema.encode(data[:width], raw)
			data = data[width:]
		}
		t.segments[i] = nil // is garbage now, unless it is X
	}
}
