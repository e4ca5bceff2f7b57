package datasets

import "slices"

// table collects the parsed rows of a file. Categories are codes in the order
// of appearance until the last row is in.
type table struct {
	plan     *plan
	most     int // rows to come, -1 if not known
	rows     int
	dropped  int
	segments [][]float64 // the features, whole rows
	extras   []float64
	lines    *lines
	dicts    []*dictionary // by column; nil unless its categories are collected
}

func newTable(p *plan, most int) *table {
	t := &table{plan: p, most: most, lines: &lines{}, dicts: make([]*dictionary, len(p.columns))}
	if most >= 0 {
		t.extras = make([]float64, 0, most*p.extras)
	}
	return t
}

// add appends the rows of a block. Numeric features of a known number of rows
// go where they will stay; otherwise the table keeps the block's own slice, to
// be released when it has been encoded.
func (t *table) add(b *block) error {
	if err := t.recode(b); err != nil {
		return err
	}
	t.rows += b.rows
	t.lines.add(b.lines)
	t.dropped += b.dropped
	t.extras = append(t.extras, b.extras[:b.rows*t.plan.extras]...)
	values := b.values[:b.rows*t.plan.features]
	if t.segments == nil && t.most >= 0 && !slices.ContainsFunc(b.columns, isCategory) {
		t.segments = [][]float64{make([]float64, 0, t.most*t.plan.features)}
	}
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

func isCategory(c column) bool { return c.role == roleFeature && c.kind == kindCategory }

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
			b.global[i] = append(b.global[i], t.dicts[i].code(local.texts[code], line))
			if len(t.dicts[i].texts) > c.limit && (overflow == nil || line < overflow.Line) {
				overflow = &Error{File: t.plan.file, Line: line, Column: c.name, Problem: t.tooMany(c, t.dicts[i].texts)}
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
