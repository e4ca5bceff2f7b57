package datasets

import (
	"bytes"
	"fmt"
	"math"
	"slices"
)

// block is a piece of the file, whole rows, on its way through a parser.
type block struct {
	text    []byte
	columns []column // as they were known when the text was read

	rows, dropped  int
	values, extras []float64 // row after row; a category is its code
	kept           []string  // row after row
	lines          []int     // line of each row
	firstLine      int
	lineBreaks     int
	err            *Error // stopped the parser after the rows above

	scan   scanner
	dicts  []*dictionary // for each column whose categories are collected
	global [][]int       // code in the whole table for each code of dicts
	done   chan struct{} // receives when the block is parsed
}

// largest is the greatest magnitude accepted: sums of squares of larger numbers
// would overflow.
const largest = 1e150

// parse reads the text into rows. Lines count from 1 at the start of the block.
func (b *block) parse(p *plan) {
	b.reset(p)
	for b.scan.pos < len(b.text) {
		if b.scan.blank() {
			continue
		}
		start := b.scan
		if column, line, problem := b.parseRow(p); problem != "" {
			b.err = b.explain(p, start, &Error{File: p.file, Line: line, Column: column, Problem: problem})
			break
		}
	}
	b.lineBreaks = b.scan.line - 1
}

func (b *block) reset(p *plan) {
	b.rows, b.dropped, b.err = 0, 0, nil
	b.lines = b.lines[:0]
	b.scan = scanner{text: b.text, line: 1, separator: p.dialect.separator, unquoted: b.scan.unquoted}
	if b.dicts == nil {
		b.dicts = make([]*dictionary, len(b.columns))
	}
	for i, c := range b.columns {
		if c.kind == kindCategory && c.known == nil && b.dicts[i] == nil {
			b.dicts[i] = newDictionary()
		}
	}
	// No row is shorter than a byte a column, however short its lines.
	rows := min(bytes.Count(b.text, []byte{'\n'}), len(b.text)/len(b.columns)+1)
	b.values = slices.Grow(b.values[:0], rows*p.features)[:rows*p.features]
	b.extras = slices.Grow(b.extras[:0], rows*p.extras)[:rows*p.extras]
	b.kept = slices.Grow(b.kept[:0], rows*p.kept)[:rows*p.kept]
}

// parseRow reads one row into the next place of values and extras.
func (b *block) parseRow(p *plan) (name string, line int, problem string) {
	var (
		s      = &b.scan
		values = b.values[b.rows*p.features:][:p.features]
		extras = b.extras[b.rows*p.extras:][:p.extras]
		first  = s.line
		drop   = false
	)
	for i := range b.columns {
		var (
			c     = &b.columns[i]
			v     float64
			end   int
			plain bool
			last  bool
		)
		line = s.line
		if c.kind == kindNumber && c.keep == 0 {
			v, end, plain = plainNumber(s.text, s.pos, p.dialect)
		}
		if plain {
			last = s.skipTo(end)
		} else {
			var cell []byte
			cell, last, problem = s.cell()
			if problem != "" {
				return c.name, line, problem
			}
			if c.keep > 0 {
				b.kept[b.rows*p.kept+c.keep-1] = string(cell)
			}
			if c.kind != kindUnused {
				var missing bool
				v, missing, problem = b.value(p, i, cell, line)
				drop = drop || missing
			}
		}
		if last != (i == len(b.columns)-1) {
			return "", line, wrongCount
		}
		switch c.role {
		case roleNone:
		case roleFeature:
			values[c.slot] = v
		default:
			extras[c.slot] = v
			if problem == "" {
				problem = c.check(v)
			}
		}
		if problem != "" {
			return c.name, line, problem
		}
	}
	switch {
	case drop:
		b.dropped++
	case p.grouped && extras[0]+extras[1] == 0:
		// A group without a trial says nothing.
	default:
		b.lines = append(b.lines, first)
		b.rows++
	}
	return "", 0, ""
}

// value reads a cell that is no plain number. A missing cell is NaN if it is to
// be filled in; otherwise missing reports that the row is to be dropped.
func (b *block) value(p *plan, i int, cell []byte, line int) (v float64, missing bool, problem string) {
	c := &b.columns[i]
	if c.kind == kindCategory {
		// What has been met before is not a missing cell.
		if code, ok := b.codes(i)[string(cell)]; ok {
			return float64(code), false, ""
		}
	}
	switch {
	case !isMissing(cell):
	case c.kind != kindCategory && c.fill:
		return math.NaN(), false, ""
	case p.missing == MissingDrop:
		return math.NaN(), true, ""
	default:
		return 0, false, c.missingCell(cell, p.missing)
	}
	if c.kind == kindCategory {
		code, problem := b.newCategory(i, cell, line)
		return float64(code), false, problem
	}
	v, ok := parseNumber(cell, p.dialect.decimal)
	switch {
	case !ok:
		return 0, false, c.noNumber(cell, p.dialect)
	case math.Abs(v) > largest:
		return 0, false, tooLarge(cell)
	}
	return v, false, ""
}

// codes returns the codes of a categorical column: those of the Schema, or those
// given so far.
func (b *block) codes(i int) map[string]int {
	if known := b.columns[i].known; known != nil {
		return known
	}
	return b.dicts[i].codes
}

func (b *block) newCategory(i int, cell []byte, line int) (code int, problem string) {
	c := &b.columns[i]
	if c.known != nil {
		return 0, c.unknownCategory(cell)
	}
	d := b.dicts[i]
	if len(d.texts) > c.limit { // the table will name the first one too many
		return 0, c.tooMany()
	}
	return d.add(string(cell), line), badName(cell)
}

// wrongCount stands for too few or too many cells; explain counts them.
const wrongCount = "the row has too few or too many cells"

// explain finds the better explanation of a row that cannot be read: a cell
// often makes no sense because the row has too few or too many.
func (b *block) explain(p *plan, row scanner, e *Error) *Error {
	line := row.line
	cells, problem := row.row()
	switch {
	case problem != "" && e.Problem == wrongCount:
		return &Error{File: p.file, Line: line, Problem: problem}
	case problem == "" && len(cells) != len(b.columns):
		return &Error{File: p.file, Line: line, Problem: fmt.Sprintf(
			"%d cells, but the first line names %d columns", len(cells), len(b.columns))}
	}
	return e
}
